// TypeScript types as data, and the algebra that keeps them small. It knows neither JSON Schema nor layout.

/** A type, ready to be laid out. */
export type TypeNode =
  | { readonly kind: "unknown"; readonly note?: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "named"; readonly name: string }
  | ObjectNode
  | { readonly kind: "array"; readonly item: TypeNode }
  | {
      readonly kind: "tuple";
      readonly items: readonly TypeNode[];
      readonly required: number;
      readonly rest?: TypeNode;
    }
  | { readonly kind: "union"; readonly of: readonly TypeNode[] }
  | { readonly kind: "intersection"; readonly of: readonly TypeNode[] };

/** An object type; without members and index it is the empty object. */
export interface ObjectNode {
  readonly kind: "object";
  readonly members: readonly Member[];
  /** The type of keys that are not named. */
  readonly index?: TypeNode;
}

/** One named member of an object type. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeNode;
  /** Plain text, not yet safe for a comment. */
  readonly doc: string;
}

/** A type with a name of its own: an exported interface or alias. */
export interface NamedType {
  readonly name: string;
  readonly type: TypeNode;
  readonly doc: string;
}

export const UNKNOWN: TypeNode = { kind: "unknown" };
export const NULL: TypeNode = { kind: "text", text: "null" };
export const NEVER: TypeNode = { kind: "text", text: "never" };
/** An object with any keys. */
export const FREE_OBJECT: ObjectNode = { kind: "object", members: [], index: UNKNOWN };
/** An object with no keys. */
export const EMPTY_OBJECT: ObjectNode = { kind: "object", members: [] };

/** One of the types: flat, without repetition, `null` last; anything beside `unknown` vanishes in it. */
export function unionOf(types: readonly TypeNode[]): TypeNode {
  const flat = distinct(types.flatMap((type) => (type.kind === "union" ? type.of : [type])));
  const wide = flat.find((type) => type.kind === "unknown");
  if (wide) return wide;
  const isNull = (type: TypeNode): boolean => type.kind === "text" && type.text === "null";
  const sorted = [...flat.filter((type) => !isNull(type)), ...flat.filter(isNull)];
  const possible = sorted.filter((type) => type.kind !== "text" || type.text !== "never");
  return combine("union", possible, NEVER);
}

/** All of the types at once; object types become one, and what says nothing is left out. */
export function intersectionOf(types: readonly TypeNode[]): TypeNode {
  const telling = distinct(types.flatMap((type) => (type.kind === "intersection" ? type.of : [type]))).filter(
    (type) => type.kind !== "unknown",
  );
  const objects = telling.filter((type) => type.kind === "object");
  const others = telling.filter((type) => type.kind !== "object");
  const merged = objects.length === 0 ? [] : [objects.reduce(mergeObjects)];
  const needed = others.length === 0 ? merged : merged.filter((type) => type.members.length > 0);
  const note = types.find((type) => type.kind === "unknown" && type.note !== undefined);
  return combine("intersection", [...needed, ...others], note ?? UNKNOWN);
}

function combine(kind: "union" | "intersection", types: readonly TypeNode[], none: TypeNode): TypeNode {
  const [first, ...more] = types;
  if (!first) return none;
  return more.length === 0 ? first : { kind, of: types };
}

function mergeObjects(left: ObjectNode, right: ObjectNode): ObjectNode {
  const names = [...new Set([...left.members, ...right.members].map((member) => member.name))];
  const members = names.flatMap((name) => {
    const own = [left, right].flatMap((node) => node.members.filter((member) => member.name === name));
    return own.slice(0, 1).map((first) => ({
      name,
      optional: own.every((member) => member.optional),
      type: intersectionOf(own.map((member) => member.type)),
      doc: own.find((member) => member.doc !== "")?.doc ?? first.doc,
    }));
  });
  const index = mergeIndex(left, right, members.length);
  return { kind: "object", members, ...(index ? { index } : {}) };
}

function mergeIndex(left: ObjectNode, right: ObjectNode, members: number): TypeNode | undefined {
  // "Any object" beside an object that names its keys adds nothing that a reader would want to see.
  const telling = [left, right].filter((node) => node.members.length > 0 || node.index?.kind !== "unknown");
  const indexes = (telling.length === 0 ? [left, right] : telling).flatMap((node) =>
    node.index ? [node.index] : [],
  );
  if (indexes.length === 0) return undefined;
  return members > 0 ? UNKNOWN : intersectionOf(indexes);
}

function distinct(types: readonly TypeNode[]): TypeNode[] {
  return [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
}
