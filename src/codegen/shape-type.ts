// A learned shape to the output type of a wrapper. What would be too long to read is cut where it is deepest.
import type { Field, Learned, Shape } from "./shape.ts";
import { NULL, unionOf, UNKNOWN, type NamedType, type TypeNode } from "./type-node.ts";

const MAX_PARTS = 300;
const MAX_DEPTH = 8;

/** The type of what results looked like, with a note of how many there were. */
export function learnedType({ results, shape }: Learned, name: string): NamedType {
  const doc = `Learned from ${results} ${results === 1 ? "result" : "results"}: the server does not describe its output.`;
  return { name, type: typeOf(cutToSize(shape)), doc };
}

/** The shape without its deepest levels, if it has more than 300 parts: what is cut may be anything. */
export function cutToSize(shape: Shape): Shape {
  for (let depth = MAX_DEPTH; depth > 0; depth -= 1) {
    const cut = cutBelow(shape, depth);
    if (countParts(cut) <= MAX_PARTS) return cut;
  }
  return { anything: true };
}

function cutBelow(shape: Shape, depth: number): Shape {
  if (depth === 0) return { anything: true };
  const { items, fields, values, ...rest } = shape;
  return {
    ...rest,
    ...(items && { items: cutBelow(items, depth - 1) }),
    ...(fields && { fields: fields.map((field) => cutField(field, depth - 1)) }),
    ...(values && { values: cutBelow(values, depth - 1) }),
  };
}

function cutField(field: Field, depth: number): Field {
  return { ...field, shape: cutBelow(field.shape, depth) };
}

function countParts({ items, fields = [], values }: Shape): number {
  const parts = [
    ...fields.map((field) => field.shape),
    ...[items, values].filter((part) => part !== undefined),
  ];
  return parts.reduce((sum, part) => sum + countParts(part), 1);
}

function typeOf({ anything, scalars = [], items, fields, values }: Shape): TypeNode {
  if (anything) return UNKNOWN;
  const types: TypeNode[] = [
    ...scalars.map((scalar): TypeNode => (scalar === "null" ? NULL : { kind: "text", text: scalar })),
    ...(items ? [{ kind: "array", item: typeOf(items) } as const] : []),
    ...(fields ? [objectOf(fields)] : []),
    ...(values ? [{ kind: "object", members: [], index: typeOf(values) } as const] : []),
  ];
  // An empty list tells nothing of what other lists may hold.
  return types.length === 0 ? UNKNOWN : unionOf(types);
}

function objectOf(fields: readonly Field[]): TypeNode {
  const members = fields.map(({ name, optional = false, shape }) => {
    return { name, optional, type: typeOf(shape), doc: "" };
  });
  return { kind: "object", members };
}
