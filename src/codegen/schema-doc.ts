// What a schema says that a type cannot: its description, then its facts (`Default 10; 1 to 100.`). Plain text.
import { follow, keywordsOf, listOf, pointerSteps, type Keywords } from "./schema.ts";
import { showInvisible } from "./safe-text.ts";

const MAX_FACT = 80;
const MAX_STEPS = 8;
/** Lists in choices in lists: what is deeper is told at its own members. */
const MAX_LEVELS = 4;

/** The documentation of a value with this schema; `root` is the document its references lead into. */
export function schemaDoc(schema: unknown, root: unknown, levels = MAX_LEVELS): string {
  if (levels === 0) return "";
  const layers = layersOf(schema, root);
  const described = layers.flatMap((layer) => {
    const text = layer["description"];
    return typeof text === "string" && text.trim() !== "" ? [text.trim()] : [];
  });
  const facts = [...new Set(layers.flatMap(factsOf))];
  const parts = layers.flatMap((layer) => partDocs(layer, root, levels - 1));
  const own = joinSentences([...withoutRepeats(described), sentence(facts)]);
  return joinSentences([
    own,
    ...parts.filter(([, doc]) => !own.includes(doc)).map(([what, doc]) => `${what}: ${doc}`),
  ]);
}

/** What is said of the items of a list, of the values of a map and of each of several choices. */
function partDocs(schema: Keywords, root: unknown, levels: number): [what: string, doc: string][] {
  const { items, additionalProperties: values, properties } = schema;
  const inner = keywordsOf(items)?.["items"] === undefined ? items : undefined;
  const choices = choicesOf(schema);
  const docs: [what: string, part: unknown][] = [
    ["Each", inner],
    ["Values", properties === undefined ? values : undefined],
    ...(choices.length > 1 ? choices : []).map((choice, at): [string, unknown] => [
      `Choice ${at + 1}`,
      choice,
    ]),
  ];
  return docs
    .filter(([, part]) => keywordsOf(part) !== undefined)
    .map(([what, part]): [string, string] => [what, schemaDoc(part, root, levels)])
    .filter(([, doc]) => doc !== "");
}

/** The texts without those that another of them contains. */
function withoutRepeats(texts: readonly string[]): string[] {
  return texts.filter(
    (text, at) =>
      !texts.some((other, place) => place !== at && other.includes(text) && (other !== text || place < at)),
  );
}

/** The schema and what it merely stands for: the target of its `$ref`, the only choice that is not null. */
function layersOf(schema: unknown, root: unknown): Keywords[] {
  const layers: Keywords[] = [];
  let next = keywordsOf(schema);
  while (next && layers.length < MAX_STEPS) {
    layers.push(next);
    next = standsFor(next, root);
  }
  return layers;
}

function standsFor(schema: Keywords, root: unknown): Keywords | undefined {
  if (typeof schema["$ref"] === "string") {
    const steps = pointerSteps(schema["$ref"]);
    return steps ? keywordsOf(follow(root, steps)) : undefined;
  }
  const choices = choicesOf(schema);
  return choices.length === 1 ? keywordsOf(choices[0]) : undefined;
}

function choicesOf(schema: Keywords): unknown[] {
  return [...listOf(schema["anyOf"]), ...listOf(schema["oneOf"])].filter((choice) => {
    return keywordsOf(choice)?.["type"] !== "null";
  });
}

function factsOf(schema: Keywords): string[] {
  return [
    defaultFact(schema["default"]),
    rangeFact(schema["minimum"], schema["maximum"], ""),
    numberFact("more than", schema["exclusiveMinimum"]),
    numberFact("less than", schema["exclusiveMaximum"]),
    numberFact("a multiple of", schema["multipleOf"]),
    rangeFact(schema["minLength"], schema["maxLength"], "character"),
    rangeFact(schema["minItems"], schema["maxItems"], "item"),
    schema["uniqueItems"] === true ? "no repetition" : "",
    textFact("format", schema["format"]),
    textFact("matches", schema["pattern"]),
    schema["deprecated"] === true ? "deprecated" : "",
  ].filter((fact) => fact !== "");
}

/** A default of `null` only repeats that the property is optional. */
function defaultFact(value: unknown): string {
  if (value === undefined || value === null || !isShallow(value)) return "";
  const text = JSON.stringify(value);
  return text.length <= MAX_FACT ? `default ${text}` : "";
}

/** Whether a value may be short when written; what is nested deeper could even be too deep to write at all. */
function isShallow(value: unknown, levels = MAX_FACT / 2): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}

function rangeFact(from: unknown, to: unknown, unit: string): string {
  const [least, most] = [boundOf(from), boundOf(to)];
  if (least !== undefined && most !== undefined) {
    return least === most ? `exactly ${amount(most, unit)}` : `${least} to ${amount(most, unit)}`;
  }
  if (least !== undefined) return `at least ${amount(least, unit)}`;
  return most === undefined ? "" : `at most ${amount(most, unit)}`;
}

function amount(count: number, unit: string): string {
  if (unit === "") return String(count);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function numberFact(words: string, value: unknown): string {
  const bound = boundOf(value);
  return bound === undefined ? "" : `${words} ${bound}`;
}

/** Bounds at the edge of what a number can hold come from generators and tell nothing. */
function boundOf(value: unknown): number | undefined {
  return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

function textFact(words: string, value: unknown): string {
  return typeof value === "string" && value.length <= MAX_FACT
    ? `${words} ${showInvisible(value.replaceAll("\n", "\\n"))}`
    : "";
}

function sentence(facts: readonly string[]): string {
  const text = facts.join("; ");
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** On one line where the text before is one line, else on a line of its own. */
function joinSentences(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .reduce((before, part) => {
      if (before === "") return part;
      if (before.includes("\n")) return `${before}\n${part}`;
      return `${before}${/[.!?:;…。]$/.test(before) ? "" : "."} ${part}`;
    }, "");
}
