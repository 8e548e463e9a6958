// JSON values to the types that hold only them, for `const` and `enum`.
import { EMPTY_OBJECT, NULL, UNKNOWN, type TypeNode } from "./type-node.ts";
import { stringLiteral } from "./safe-text.ts";

const MAX_DEPTH = 8;

/** The literal type of a JSON value. */
export function valueType(value: unknown, depth = 0): TypeNode {
  if (value === null) return NULL;
  if (depth > MAX_DEPTH) return UNKNOWN;
  if (Array.isArray(value)) {
    return { kind: "tuple", items: value.map((item) => valueType(item, depth + 1)), required: value.length };
  }
  if (typeof value === "object") {
    const members = Object.entries(value).map(([name, item]) => {
      return { name, optional: false, type: valueType(item, depth + 1), doc: "" };
    });
    return members.length === 0 ? EMPTY_OBJECT : { kind: "object", members };
  }
  if (typeof value === "string") return { kind: "text", text: stringLiteral(value) };
  if (typeof value === "boolean") return { kind: "text", text: String(value) };
  return typeof value === "number" && Number.isFinite(value)
    ? { kind: "text", text: String(value) }
    : UNKNOWN;
}

/** Whether a JSON value is of the type a schema names. */
export function matchesType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
