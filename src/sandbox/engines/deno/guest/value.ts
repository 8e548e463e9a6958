// Guest values as text. Strings stay as they are, everything else becomes compact JSON that says what JSON cannot hold:
// Date → ISO text, Map → object, Set → array, Error → name and message, bigint → decimal text, NaN and the infinities →
// their names, functions and symbols → their description, bytes → length, a cycle → "[circular]".
// `undefined` in an object is left out, as in JSON.
import type { GuestValue } from "../../../engine.ts";

/** JSON text a run may return, in characters. */
const MAX_VALUE_CHARS = 64 * 1024 * 1024;

const MAX_SHAPE_CHARS = 300;

const { stringify } = JSON;

/** The value of a whole program. Throws a RangeError with advice when it is too large or too deep to be text. */
export function describeValue(value: unknown): GuestValue {
  if (value === undefined) return { kind: "none", text: "", shape: "nothing" };
  const text = toText(value);
  if (text.length > MAX_VALUE_CHARS) {
    throw new RangeError(
      `The returned value is ${Math.round(text.length / 1_048_576)} MB of text; the limit is 64 MB. ` +
        "Write it to a file in parts with workspace.appendText, and return a summary.",
    );
  }
  return {
    kind: typeof value === "string" ? "text" : "json",
    text,
    shape: shapeOf(value).slice(0, MAX_SHAPE_CHARS),
  };
}

/** Any value as one text. */
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "undefined";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value !== "object" || value === null) return String(plain(value));
  try {
    return stringify(value, createReplacer()) ?? "undefined";
  } catch (thrown) {
    // The engine's own recursion limit is the depth cap: V8 throws long before the stack ends.
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new RangeError(
      "A value is nested too deeply or is too large to be shown. Return a part of it or a summary.",
      { cause: thrown },
    );
  }
}

/** A JSON replacer; it keeps the path of open objects, so that only true cycles are cut, not repeated values. */
function createReplacer(): (this: unknown, key: string, value: unknown) => unknown {
  const open: unknown[] = [];
  return function replace(key, value) {
    const raw = this !== null && typeof this === "object" ? (this as Record<string, unknown>)[key] : value;
    if (raw instanceof Date) return value;
    if (typeof value !== "object" || value === null) return plain(value);
    while (open.length > 0 && open.at(-1) !== this) open.pop();
    if (open.includes(value)) return "[circular]";
    open.push(value);
    return unfold(value, open);
  };
}

function unfold(value: object, open: unknown[]): unknown {
  let unfolded: unknown = value;
  if (value instanceof Map) unfolded = Object.fromEntries(value);
  else if (value instanceof Set) unfolded = [...value];
  else if (value instanceof Error) unfolded = { name: value.name, message: value.message };
  else if (ArrayBuffer.isView(value)) return `[${value.constructor.name}, ${value.byteLength} bytes]`;
  else if (value instanceof ArrayBuffer) return `[ArrayBuffer, ${value.byteLength} bytes]`;
  // The parent that JSON will report for the children is the stand-in, not the original.
  if (unfolded !== value) open.push(unfolded);
  return unfolded;
}

function plain(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return String(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "function":
      return `[function ${value.name || "anonymous"}]`;
    case "symbol":
      return String(value);
    default:
      return value;
  }
}

/** A value in a few words: `array of 1000 objects { name, entityType }`. */
function shapeOf(value: unknown, depth = 0): string {
  if (Array.isArray(value)) {
    const items = value.length === 0 || depth > 1 ? "" : ` × ${shapeOf(value[0], depth + 1)}`;
    return value.length === 0 ? "empty array" : `array of ${value.length}${items}`;
  }
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name} of ${value.size}`;
  const keys = Object.keys(value);
  return `object { ${keys.slice(0, 12).join(", ")}${keys.length > 12 ? `, and ${keys.length - 12} more` : ""} }`;
}

/** What was thrown, as the host wants it. Guest code may throw anything. */
export function describeError(thrown: unknown): { name: string; message: string; stack: string } {
  try {
    if (thrown instanceof Error) {
      // An error's properties can be anything by now, whatever their types say.
      const { name, message, stack } = thrown as { name?: unknown; message?: unknown; stack?: unknown };
      return { name: String(name), message: String(message), stack: String(stack) };
    }
    return { name: "Thrown", message: toText(thrown), stack: "" };
  } catch {
    return { name: "Thrown", message: "something that cannot be shown as text", stack: "" };
  }
}
