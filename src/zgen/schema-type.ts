// JSON Schema → TypeScript type text: pure, for draft 7 and 2020-12. What a schema means stays; what a type cannot say
// (bounds, formats) becomes a comment. Hostile or broken schemas give a wider type, never an error.
import type { JsonSchema } from "../tool.ts";
import { describe } from "./facts.ts";
import { commentText, docComment, propertyName, stringLiteral } from "./literal.ts";
import { createReferences, type References } from "./references.ts";
import { isSchemaObject, propertiesOf, type SchemaObject } from "./schema.ts";

/** A schema's type, and the named types it refers to. */
export interface TypeText {
  readonly type: string;
  /** Declarations (`export type …`), in the order they were met. */
  readonly declarations: readonly string[];
}

const MAX_DEPTH = 40;
const MAX_NODES = 20_000;
const LINE_WIDTH = 110;

interface Context {
  readonly references: References;
  readonly budget: { nodes: number };
  readonly depth: number;
  readonly indent: string;
}

/**
 * Renders the root schema.
 *
 * @param name the type that will hold the result; `#` refers to it, and the types of other `$ref`s begin with it.
 */
export function toType(schema: JsonSchema, name: string): TypeText {
  const budget = { nodes: 0 };
  const references = createReferences(schema, name, (target, self) =>
    render(target, { references: self, budget, depth: 0, indent: "" }),
  );
  const type = render(schema, { references, budget, depth: 0, indent: "" });
  return { type, declarations: references.declarations() };
}

function render(schema: unknown, context: Context): string {
  if (schema === false) return "never";
  if (!isSchemaObject(schema) || context.depth > MAX_DEPTH || ++context.budget.nodes > MAX_NODES) return "unknown";
  const inner = { ...context, depth: context.depth + 1 };
  const parts = [...ownParts(schema, inner), ...combinedParts(schema, inner)].filter((part) => part !== "unknown");
  const unique = [...new Set(parts)];
  const type = unique.length > 1 ? unique.map(parenthesise).join(" & ") : (unique[0] ?? "unknown");
  return schema["nullable"] === true && type !== "unknown" ? `${type} | null` : type;
}

/** What the schema says itself: a reference, literals, or a `type` with its keywords. */
function ownParts(schema: SchemaObject, context: Context): string[] {
  const { $ref: ref, enum: values, const: constant } = schema;
  const parts: string[] = typeof ref === "string" ? [context.references.typeOf(ref)] : [];
  if ("const" in schema) return [...parts, literal(constant)];
  if (Array.isArray(values)) return [...parts, union(values.map(literal))];
  const types = typesOf(schema);
  if (types.length > 0) parts.push(union(types.map((type) => typeText(type, schema, context))));
  return parts;
}

/** What `allOf`, `anyOf` and `oneOf` add. */
function combinedParts(schema: SchemaObject, context: Context): string[] {
  const all = Array.isArray(schema["allOf"]) ? schema["allOf"].map((branch) => render(branch, context)) : [];
  const choices = [schema["anyOf"], schema["oneOf"]].filter(Array.isArray) as unknown[][];
  return [...all, ...choices.map((branches) => union(branches.map((branch) => render(branch, context))))];
}

/** The `type` keyword, or the type that the other keywords imply. */
function typesOf(schema: SchemaObject): string[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type.filter((each) => typeof each === "string");
  if ("properties" in schema || "patternProperties" in schema || isSchemaObject(schema["additionalProperties"])) {
    return ["object"];
  }
  return "items" in schema || "prefixItems" in schema ? ["array"] : [];
}

function typeText(type: string, schema: SchemaObject, context: Context): string {
  switch (type) {
    case "string":
    case "boolean":
    case "null":
      return type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return arrayType(schema, context);
    case "object":
      return objectType(schema, context);
    default:
      return "unknown";
  }
}

function arrayType(schema: SchemaObject, context: Context): string {
  const { prefixItems, items, additionalItems, minItems } = schema;
  // 2020-12 says `prefixItems` and `items`; draft 7 says an array of `items` and `additionalItems`.
  const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : undefined;
  if (tuple === undefined) return `${parenthesise(render(items, context))}[]`;
  const rest = Array.isArray(prefixItems) ? items : additionalItems;
  const required = typeof minItems === "number" ? minItems : tuple.length;
  const members = tuple.map((item, index) => {
    const type = render(item, context);
    return index < required ? type : `${parenthesise(type)}?`;
  });
  if (rest !== false && rest !== undefined) members.push(`...${parenthesise(render(rest, context))}[]`);
  return `[${members.join(", ")}]`;
}

function objectType(schema: SchemaObject, context: Context): string {
  const properties = Object.entries(propertiesOf(schema));
  const extra = extraProperties(schema, context);
  if (properties.length === 0) return recordType(extra);
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const indent = `${context.indent}  `;
  const members = properties.map(([name, property]) => {
    const type = render(property, { ...context, indent });
    const docs = isSchemaObject(property) ? docComment(commentText(describe(property)), indent) : "";
    return { docs, text: `${propertyName(name)}${required.has(name) ? "" : "?"}: ${type};` };
  });
  // A typed index signature would have to hold for the named properties as well; `unknown` always does.
  if (extra !== undefined && schema["additionalProperties"] !== undefined) {
    members.push({ docs: "", text: "[key: string]: unknown;" });
  }
  return layOut(members, context.indent);
}

/** An object without named properties. `Record` of a named type could not refer to itself, an index signature can. */
function recordType(extra: string | undefined): string {
  if (extra === undefined) return "Record<string, never>";
  return extra === "unknown" ? "Record<string, unknown>" : `{ [key: string]: ${extra} }`;
}

/** The type of properties that are not named; undefined when there can be none. */
function extraProperties(schema: SchemaObject, context: Context): string | undefined {
  const { additionalProperties, patternProperties } = schema;
  const patterns = isSchemaObject(patternProperties) ? Object.values(patternProperties) : [];
  if (patterns.length > 0) return union(patterns.map((pattern) => render(pattern, context)));
  if (additionalProperties === false) return undefined;
  return render(additionalProperties, context);
}

/** On one line when nothing is documented and it fits, else one member a line. */
function layOut(members: readonly { readonly docs: string; readonly text: string }[], indent: string): string {
  const line = `{ ${members.map(({ text }) => text).join(" ").replace(/;$/, "")} }`;
  const plain = members.every(({ docs, text }) => docs === "" && !text.includes("\n"));
  if (plain && indent.length + line.length <= LINE_WIDTH - 20 && indent !== "") return line;
  return `{\n${members.map(({ docs, text }) => `${docs}${indent}  ${text}\n`).join("")}${indent}}`;
}

function literal(value: unknown): string {
  if (typeof value === "string") return stringLiteral(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "number";
  return Array.isArray(value) ? "unknown[]" : "Record<string, unknown>";
}

function union(types: readonly string[]): string {
  const members = [...new Set(types)];
  if (members.length === 0) return "never";
  return members.includes("unknown") ? "unknown" : members.join(" | ");
}

/** A type that may stand before `[]` or between `&`. A union or an intersection at its top needs parentheses. */
function parenthesise(type: string): string {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < type.length; at++) {
    const character = type.charAt(at);
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if ("{[(<".includes(character)) depth += 1;
    else if ("}])>".includes(character)) depth -= 1;
    else if (depth === 0 && "|&".includes(character)) return `(${type})`;
  }
  return type;
}
