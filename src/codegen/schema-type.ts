// JSON Schema to types. A schema is read as a conjunction: each of its keywords that says something adds a part.
import { typeName } from "./identifier.ts";
import { flatType } from "./print-type.ts";
import { schemaDoc } from "./schema-doc.ts";
import { objectType, tupleType, type Convert } from "./schema-shape.ts";
import { follow, keywordsOf, listOf, pointerSteps, type Keywords } from "./schema.ts";
import { intersectionOf, NEVER, NULL, unionOf, UNKNOWN, type NamedType, type TypeNode } from "./type-node.ts";
import { matchesType, valueType } from "./value-type.ts";

const MAX_DEPTH = 64;
/** A referenced type up to this width stands where it is used; a longer one gets a name. */
const MAX_INLINE = 60;

/** One reference target: `type` once it is known. */
interface Target {
  readonly name: string;
  readonly schema: unknown;
  type: TypeNode | undefined;
  /** What stands where the target is referred to; unset as long as it is being converted. */
  use: TypeNode | undefined;
  met: boolean;
}

interface Context {
  readonly root: unknown;
  readonly targets: Map<string, Target>;
  readonly depth: number;
  /** Targets entered since the last object or array: to meet one of them here would be a type made of itself only. */
  readonly direct: ReadonlySet<string>;
}

/**
 * The named type of a schema, followed by the types its references need; these are named after it. What a schema
 * cannot mean, a reference that leads out of the document, and anything deeper than 64 levels is `unknown`.
 */
export function typesOfSchema(schema: unknown, name: string): readonly [NamedType, ...NamedType[]] {
  const root: Target = { name, schema, type: undefined, use: undefined, met: false };
  const targets = new Map([["#", root]]);
  const type = convert(schema, { root: schema, targets, depth: 0, direct: new Set(["#"]) });
  const helpers = [...targets.values()].flatMap((target): NamedType[] => {
    if (target.type === undefined) return [];
    return [{ name: target.name, type: target.type, doc: schemaDoc(target.schema, schema) }];
  });
  return [{ name, type, doc: rootDoc(schema) }, ...helpers];
}

function convert(schema: unknown, context: Context): TypeNode {
  if (schema === false) return NEVER;
  const keywords = keywordsOf(schema);
  if (!keywords || context.depth > MAX_DEPTH) return UNKNOWN;
  const inner = { ...context, depth: context.depth + 1 };
  const type = intersectionOf([
    typeof keywords["$ref"] === "string" ? referenceType(keywords["$ref"], inner) : UNKNOWN,
    ownType(keywords, inner),
    ...listOf(keywords["allOf"]).map((part) => convert(part, inner)),
    choiceType(keywords["anyOf"], inner),
    choiceType(keywords["oneOf"], inner),
  ]);
  return keywords["nullable"] === true ? unionOf([type, NULL]) : type;
}

function choiceType(choices: unknown, context: Context): TypeNode {
  if (!Array.isArray(choices) || choices.every(saysOnlyWhatIsRequired)) return UNKNOWN;
  return unionOf(choices.map((choice) => convert(choice, context)));
}

/** "Either a or b must be there" would double a type for little; the server says it when it matters. */
function saysOnlyWhatIsRequired(schema: unknown): boolean {
  const silent = new Set(["required", "not", "title", "description"]);
  const keywords = keywordsOf(schema);
  return keywords !== undefined && Object.keys(keywords).every((keyword) => silent.has(keyword));
}

function ownType(schema: Keywords, context: Context): TypeNode {
  const types = typeNames(schema);
  if (Object.hasOwn(schema, "const")) return valueType(schema["const"]);
  const values = listOf(schema["enum"]).filter(
    (value) => types.length === 0 || types.some((type) => matchesType(value, type)),
  );
  if (values.length > 0) return unionOf(values.map((value) => valueType(value)));
  if (types.length === 0) return UNKNOWN;
  const guarded = { ...context, direct: new Set<string>() };
  const within: Convert = {
    type: (part) => convert(part, guarded),
    doc: (part, type) => documentationOf(part, type, context.root),
  };
  return unionOf(types.map((type) => typeOfName(type, schema, within)));
}

/** The `type` keyword as a list; without it, what the other keywords imply. */
function typeNames(schema: Keywords): string[] {
  const type = schema["type"];
  if (type !== undefined)
    return (Array.isArray(type) ? type : [type]).filter((name) => typeof name === "string");
  if (
    ["properties", "additionalProperties", "patternProperties", "required"].some((key) =>
      Object.hasOwn(schema, key),
    )
  )
    return ["object"];
  return ["items", "prefixItems"].some((key) => Object.hasOwn(schema, key)) ? ["array"] : [];
}

function typeOfName(name: string, schema: Keywords, within: Convert): TypeNode {
  switch (name) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return { kind: "text", text: name };
    case "integer":
      return { kind: "text", text: "number" };
    case "array":
      return tupleType(schema, within);
    case "object":
      return objectType(schema, within);
    default:
      return UNKNOWN;
  }
}

function referenceType(reference: string, context: Context): TypeNode {
  const steps = pointerSteps(reference);
  if (!steps) return { kind: "unknown", note: `defined elsewhere and not loaded: ${reference}` };
  const key = steps.length === 0 ? "#" : JSON.stringify(steps);
  if (context.direct.has(key)) return UNKNOWN;
  const known = context.targets.get(key);
  if (known) {
    known.met = true;
    return known.use ?? { kind: "named", name: known.name };
  }
  const schema = follow(context.root, steps);
  if (schema === undefined) return { kind: "unknown", note: `not found: ${reference}` };
  const target: Target = {
    name: helperName(steps, context),
    schema,
    type: undefined,
    use: undefined,
    met: false,
  };
  context.targets.set(key, target);
  const type = convert(schema, { ...context, direct: new Set([...context.direct, key]) });
  const flat = flatType(type);
  if (!target.met && flat !== undefined && flat.length <= MAX_INLINE) return (target.use = type);
  target.type = type;
  return (target.use = { kind: "named", name: target.name });
}

/** The root's name and the last step, such as `QueryInputFilter`, counted on when two targets meet in it. */
function helperName(steps: readonly string[], { targets }: Context): string {
  const base = `${targets.get("#")?.name ?? ""}${typeName(steps.at(-1) ?? "")}`;
  const taken = new Set([...targets.values()].map((target) => target.name));
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}${count}`;
  return name;
}

/** A named type carries its own description: neither its uses nor lists of it need repeat that. */
function documentationOf(schema: unknown, type: TypeNode, root: unknown): string {
  const keywords = keywordsOf(schema);
  if (!keywords) return "";
  const { $ref: reference, items: _items, ...rest } = keywords;
  if (type.kind === "named") return schemaDoc(rest, root);
  if (type.kind === "array" && type.item.kind === "named")
    return schemaDoc({ ...rest, $ref: reference }, root);
  return schemaDoc(schema, root);
}

/** Of a whole schema, its keys say the rest. */
function rootDoc(schema: unknown): string {
  const { description } = keywordsOf(schema) ?? {};
  return typeof description === "string" ? description : "";
}
