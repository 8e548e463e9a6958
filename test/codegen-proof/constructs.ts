// What JSON Schema can say and TypeScript cannot: each construct with the weaker schema that remains without it. An
// input that the weaker schema still accepts is one that no type could refuse.
import { keywordsOf, listOf, type Keywords } from "../../src/codegen/schema.ts";

/** Where a schema stands: alternatives and parts of a conjunction are read together with their neighbours. */
type Position = "whole" | "part";
type Weakening = (schema: Keywords, position: Position) => Keywords;

/** Every construct, by the name under which it is reported. */
export const CONSTRUCTS: Readonly<Record<string, Weakening>> = {
  "bounds of numbers": without("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
  "lengths of strings": without("minLength", "maxLength"),
  patterns: without("pattern"),
  formats: without("format"),
  integers: (schema) => ({
    ...schema,
    ...(schema["type"] === undefined ? {} : { type: noIntegers(schema["type"]) }),
  }),
  "numbers of items": without("minItems", "maxItems"),
  uniqueItems: without("uniqueItems"),
  contains: without("contains", "minContains", "maxContains"),
  "numbers of properties": without("minProperties", "maxProperties"),
  propertyNames: without("propertyNames"),
  "dependent keys": without("dependentRequired", "dependentSchemas", "dependencies"),
  not: without("not"),
  "if/then/else": without("if", "then", "else"),
  "one of, not several": ({ oneOf, ...schema }) =>
    oneOf === undefined ? schema : { ...schema, allOf: [...listOf(schema["allOf"]), { anyOf: oneOf }] },
  "either key required": (schema) => withoutChoice(withoutChoice(schema, "anyOf"), "oneOf"),
  "types of keys beside named ones": (schema) => {
    if (schema["properties"] === undefined && schema["required"] === undefined) return schema;
    const { patternProperties, additionalProperties: others, ...rest } = schema;
    if (patternProperties !== undefined) return rest;
    return keywordsOf(others) ? rest : schema;
  },
  "patterns of keys": ({ patternProperties, additionalProperties: others, ...schema }) => {
    const patterns = Object.values(keywordsOf(patternProperties) ?? {});
    if (patterns.length === 0)
      return others === undefined ? schema : { ...schema, additionalProperties: others };
    return {
      ...schema,
      additionalProperties: { anyOf: [...patterns, ...(others === undefined ? [] : [others])] },
    };
  },
  "keys of another alternative": (schema, position) => {
    const { additionalProperties, ...rest } = schema;
    return position === "part" && additionalProperties === false ? rest : schema;
  },
  "unevaluated keys and items": without("unevaluatedProperties", "unevaluatedItems"),
};

/** The schema without the constructs of these names, everywhere in it. */
export function weaken(schema: unknown, names: readonly string[], position: Position = "whole"): unknown {
  const keywords = keywordsOf(schema);
  if (!keywords) return schema;
  const inner = mapSubschemas(keywords, (part, place) => weaken(part, names, place));
  return names.reduce((weaker, name) => CONSTRUCTS[name]?.(weaker, position) ?? weaker, inner);
}

const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const LISTS = new Set(["prefixItems", "items"]);
const PARTS = new Set(["allOf", "anyOf", "oneOf"]);
const SINGLE = new Set([
  ...["items", "additionalItems", "additionalProperties", "propertyNames", "contains", "not"],
  ...["if", "then", "else", "unevaluatedProperties", "unevaluatedItems"],
]);

function mapSubschemas(schema: Keywords, change: (part: unknown, place: Position) => unknown): Keywords {
  const entries = Object.entries(schema).map(([keyword, value]) => {
    const whole = (part: unknown): unknown => change(part, "whole");
    if (MAPS.has(keyword)) {
      // A definition may be referred to from anywhere, also from an alternative.
      const place = keyword === "$defs" || keyword === "definitions" ? "part" : "whole";
      const parts = Object.entries(keywordsOf(value) ?? {});
      return [keyword, Object.fromEntries(parts.map(([name, part]) => [name, change(part, place)]))];
    }
    if (PARTS.has(keyword)) return [keyword, listOf(value).map((part) => change(part, "part"))];
    if (LISTS.has(keyword) && Array.isArray(value)) return [keyword, value.map(whole)];
    return [keyword, SINGLE.has(keyword) ? whole(value) : value];
  });
  return Object.fromEntries(entries);
}

function without(...keywords: readonly string[]): Weakening {
  return (schema) => Object.fromEntries(Object.entries(schema).filter(([key]) => !keywords.includes(key)));
}

function noIntegers(type: unknown): unknown {
  if (Array.isArray(type)) return [...new Set(type.map(noIntegers))];
  return type === "integer" ? "number" : type;
}

/** A choice whose alternatives only ask for keys says nothing that the generated type repeats. */
function withoutChoice(schema: Keywords, keyword: "anyOf" | "oneOf"): Keywords {
  const choices = schema[keyword];
  const silent = new Set(["required", "not", "title", "description"]);
  const onlyKeys = (choice: unknown): boolean => {
    const keywords = keywordsOf(choice);
    return keywords !== undefined && Object.keys(keywords).every((key) => silent.has(key));
  };
  return Array.isArray(choices) && choices.every(onlyKeys) ? without(keyword)(schema, "whole") : schema;
}
