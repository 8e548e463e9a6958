// A tool's input schema to its input type, and how little a call may give. Every tool gets an input that can be called.
import { keywordsOf } from "./schema.ts";
import { typesOfSchema } from "./schema-type.ts";
import { EMPTY_OBJECT, FREE_OBJECT, type Member, type NamedType, type TypeNode } from "./type-node.ts";

/** The input of one tool. */
export interface InputTypes {
  /** The input type itself, then the types it needs. */
  readonly types: readonly [NamedType, ...NamedType[]];
  /** The only required parameter, which a call may give by itself. */
  readonly bare?: { readonly name: string; readonly mayBeObject: boolean };
  /** A call may leave the whole input out. */
  readonly optional: boolean;
}

/** Reads an input schema. Arguments are free when it is missing, empty, or does not describe an object. */
export function inputTypes(schema: unknown, name: string): InputTypes {
  const [converted, ...helpers] = typesOfSchema(schema, name);
  const types = new Map([converted, ...helpers].map((named) => [named.name, named.type]));
  if (!isObject(converted.type, types)) {
    return { types: [{ name, type: FREE_OBJECT, doc: "" }], optional: true };
  }
  const input = { ...converted, type: takesNothing(schema, converted.type) ? EMPTY_OBJECT : converted.type };
  const members = membersOf(input.type, types);
  const [only, ...more] = members?.filter((member) => !member.optional) ?? [];
  return {
    types: [input, ...helpers],
    optional: members !== undefined && only === undefined,
    ...(only && more.length === 0
      ? { bare: { name: only.name, mayBeObject: mayBeObject(only.type, types) } }
      : {}),
  };
}

type Types = ReadonlyMap<string, TypeNode>;

/** JSON Schema lets an object without described properties hold anything; a tool that lists none wants none. */
function takesNothing(schema: unknown, type: TypeNode): boolean {
  const keywords = keywordsOf(schema) ?? {};
  const described = keywords["properties"] !== undefined && keywords["additionalProperties"] === undefined;
  return (
    described &&
    type.kind === "object" &&
    type.members.length === 0 &&
    keywords["patternProperties"] === undefined
  );
}

/** The type behind a name. Names cannot lead in a circle without an object or array between them. */
function resolve(type: TypeNode, types: Types): TypeNode {
  let target = type;
  for (let steps = 0; target.kind === "named" && steps < types.size; steps += 1)
    target = types.get(target.name) ?? target;
  return target;
}

function isObject(type: TypeNode, types: Types): boolean {
  const target = resolve(type, types);
  if (target.kind === "union") return target.of.every((part) => isObject(part, types));
  if (target.kind === "intersection") return target.of.some((part) => isObject(part, types));
  return target.kind === "object";
}

/** The members of a type that is one object; undefined when it is a choice. */
function membersOf(type: TypeNode, types: Types): readonly Member[] | undefined {
  const target = resolve(type, types);
  if (target.kind === "object") return target.members;
  if (target.kind !== "intersection") return undefined;
  const parts = target.of.map((part) => membersOf(part, types));
  const members = parts.flatMap((part) => part ?? []);
  // The same name in two parts is one parameter, required when either of them says so.
  const required = new Set(members.filter((member) => !member.optional).map((member) => member.name));
  const merged = new Map(
    members.map((member) => [member.name, { ...member, optional: !required.has(member.name) }]),
  );
  return parts.includes(undefined) ? undefined : [...merged.values()];
}

function mayBeObject(type: TypeNode, types: Types): boolean {
  const target = resolve(type, types);
  if (target.kind === "union" || target.kind === "intersection")
    return target.of.some((part) => mayBeObject(part, types));
  return target.kind === "object" || target.kind === "unknown" || target.kind === "named";
}
