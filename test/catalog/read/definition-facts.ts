// What a definition says that an agent must not lose, one fact at a time: taken from the schema alone, in its own words,
// and with no code of the product, which is what stands trial.

/** One fact and how to see whether a text tells it. */
export interface Fact {
  readonly what: string;
  readonly isIn: (text: string) => boolean;
}

interface Schema {
  readonly [keyword: string]: unknown;
}

const MAX_DEPTH = 12;

/** The facts of a tool's description and input schema. */
export function factsOf(definition: {
  readonly description?: unknown;
  readonly inputSchema: unknown;
}): Fact[] {
  const root = asSchema(definition.inputSchema) ?? {};
  return [...proseFact("the tool", definition.description), ...schemaFacts("input", root, root, 0)];
}

function schemaFacts(where: string, schema: Schema, root: Schema, depth: number): Fact[] {
  if (depth > MAX_DEPTH) return [];
  const inner = (name: string, part: unknown): Fact[] => {
    const found = asSchema(part);
    return found ? schemaFacts(`${where}${name}`, found, root, depth + 1) : [];
  };
  const required = new Set(asList(schema["required"]));
  const types = typesOf(schema);
  const properties = Object.entries(asSchema(schema["properties"]) ?? {});
  const alternatives = ["anyOf", "oneOf", "allOf"].flatMap((key) => asList(schema[key]));
  return [
    ...proseFact(where, schema["description"]),
    ...valueFacts(where, schema),
    ...properties.map(([name, part]) => memberFact(where, name, { part, isRequired: required.has(name) })),
    ...properties.flatMap(([name, part]) => inner(`.${name}`, part)),
    // Items of what is no list mean nothing.
    ...(types.length === 0 || types.includes("array") ? inner("[]", schema["items"]) : []),
    ...(properties.length === 0 ? inner("{}", schema["additionalProperties"]) : []),
    ...alternatives.flatMap((part) => inner("|", part)),
    ...inner("", targetOf(schema, root)),
  ];
}

/** Name, required mark and, where it is simple enough to be told exactly, type. */
function memberFact(
  where: string,
  name: string,
  { part, isRequired }: { readonly part: unknown; readonly isRequired: boolean },
): Fact {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  const type = simpleType(part);
  // Another part of the same whole may require what this one does not.
  const mark = where.includes("|") ? "\\??" : isRequired ? "" : "\\?";
  const label = `(?<![\\w"$-])${escape(key)}${mark}`;
  const typed =
    type === undefined ? "(?=: |,|\\s|$)" : `(?:: ${escape(type)}(?![\\w|[])|(?=,|\\s*$|\\s*\\}))`;
  const pattern = new RegExp(label + typed, "m");
  return {
    what: `${where}.${name}${isRequired ? "" : "?"}: ${type ?? "…"}`,
    isIn: (text) => pattern.test(text),
  };
}

/** The type's text as TypeScript has it; undefined when it is an object, a choice or anything else with parts. */
function simpleType(part: unknown, depth = 0): string | undefined {
  const schema = asSchema(part);
  if (!schema || depth > MAX_DEPTH || schema["$ref"] || schema["nullable"]) return undefined;
  if (["anyOf", "oneOf", "allOf", "const", "enum", "prefixItems"].some((key) => key in schema))
    return undefined;
  const { type } = schema;
  const plainTypes: Schema = { string: "string", boolean: "boolean", integer: "number", number: "number" };
  if (typeof type === "string" && type in plainTypes) return String(plainTypes[type]);
  if (type !== "array" || Array.isArray(schema["items"])) return undefined;
  const item = simpleType(schema["items"], depth + 1);
  return item === undefined ? undefined : `${item}[]`;
}

function valueFacts(where: string, schema: Schema): Fact[] {
  const types = typesOf(schema);
  const values = [...asList(schema["enum"]), ...("const" in schema ? [schema["const"]] : [])].filter(
    (value) =>
      types.length === 0 ||
      types.includes(typeOf(value)) ||
      (types.includes("integer") && Number.isInteger(value)),
  );
  const fallback = JSON.stringify(schema["default"]);
  // The generator leaves out defaults that only say "none", and those that are longer than a line.
  const tellsDefault = schema["default"] !== undefined && schema["default"] !== null && fallback.length <= 80;
  const bounds = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"]
    .map((key) => schema[key])
    .filter((bound) => typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER);
  return [
    ...values
      .filter((value) => typeof value !== "object")
      .map((value) => textFact(`${where} value`, JSON.stringify(value))),
    ...(tellsDefault ? [textFact(`${where} default`, `efault ${fallback}`)] : []),
    ...bounds.map((bound) => textFact(`${where} bound`, String(bound))),
    ...["format", "pattern"].flatMap((key) => {
      const text = schema[key];
      return typeof text === "string" && text.length <= 80
        ? [textFact(`${where} ${key}`, plain(text.replaceAll("\n", "\\n")))]
        : [];
    }),
  ];
}

function proseFact(where: string, description: unknown): Fact[] {
  if (typeof description !== "string" || description.trim() === "") return [];
  return [textFact(`${where} description`, plain(description.slice(0, 20_000)))];
}

function textFact(what: string, wanted: string): Fact {
  return { what: `${what}: ${wanted}`, isIn: (text) => text.includes(wanted) };
}

/** Prose without line ends, and without what makes it harmless in a comment. */
export function plain(text: string): string {
  return text
    .replaceAll("*\\/", "*/")
    .replaceAll("\\@", "@")
    .replaceAll("<\\/", "</")
    .replaceAll(/\[U\+([0-9A-F]{4,6})\]/g, (_, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, 16)),
    )
    .replaceAll(/\s+/g, " ")
    .trim();
}

function targetOf(schema: Schema, root: Schema): unknown {
  const reference = schema["$ref"];
  if (typeof reference !== "string" || !reference.startsWith("#/")) return undefined;
  const steps = reference
    .slice(2)
    .split("/")
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>((at, step) => asSchema(at)?.[step], root);
}

function typesOf(schema: Schema): string[] {
  return [schema["type"]].flat().filter((type) => typeof type === "string");
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
