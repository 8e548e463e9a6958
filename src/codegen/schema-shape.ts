// Object and array schemas to types. It asks its caller to convert the schemas inside.
import { keywordsOf, listOf, type Keywords } from "./schema.ts";
import { NEVER, unionOf, UNKNOWN, type ObjectNode, type TypeNode } from "./type-node.ts";

/** How to convert what is inside. */
export interface Convert {
  readonly type: (schema: unknown) => TypeNode;
  readonly doc: (schema: unknown, type: TypeNode) => string;
}

/** The type of an object schema. Keys it does not name are allowed where it says so, or names none at all. */
export function objectType(schema: Keywords, convert: Convert): ObjectNode {
  const properties = keywordsOf(schema["properties"]) ?? {};
  const required = new Set(listOf(schema["required"]).filter((name) => typeof name === "string"));
  const declared = Object.entries(properties).map(([name, property]) => {
    const type = convert.type(property);
    return { name, optional: !required.has(name), type, doc: convert.doc(property, type) };
  });
  const undeclared = [...required]
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({ name, optional: false, type: UNKNOWN, doc: "" }));
  const members = [...declared, ...undeclared];
  const index = indexType(schema, members.length, convert);
  return { kind: "object", members, ...(index ? { index } : {}) };
}

function indexType(schema: Keywords, members: number, convert: Convert): TypeNode | undefined {
  const extra = schema["additionalProperties"];
  const patterns = Object.values(keywordsOf(schema["patternProperties"]) ?? {});
  const others = extra === true || keywordsOf(extra) ? [extra] : [];
  const types = [...patterns, ...others].map(convert.type);
  if (types.length === 0) return members === 0 && extra !== false ? UNKNOWN : undefined;
  // An index has to hold for the named keys as well; `unknown` always does.
  return members > 0 ? UNKNOWN : unionOf(types);
}

/** The type of an array schema: a tuple in the manner of draft 2020-12 (`prefixItems`) or draft 7 (a list of `items`). */
export function tupleType(schema: Keywords, convert: Convert): TypeNode {
  const { prefixItems, items, additionalItems, minItems } = schema;
  const modern = Array.isArray(prefixItems);
  const places = modern ? prefixItems : listOf(items);
  if (places.length === 0) return { kind: "array", item: convert.type(items) };
  const rest = modern ? items : additionalItems;
  const types = places.map(convert.type);
  const tail = rest === undefined || rest === false ? NEVER : convert.type(rest);
  return {
    kind: "tuple",
    items: types,
    required: typeof minItems === "number" ? minItems : types.length,
    ...(tail === NEVER ? {} : { rest: tail }),
  };
}
