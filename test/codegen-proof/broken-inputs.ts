// Breaks a value in one place: a key less, a key more, another type, another text, another number, another length.
// It knows no schema: whether a change really breaks something is for a validator to say.

/** A value with one place changed. */
export interface Change {
  readonly kind: ChangeKind;
  readonly value: unknown;
}

/** What a change does to its place. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** All of them. */
export const CHANGE_KINDS = ["key missing", "key unknown", "type", "text", "number", "length"] as const;

/** A key and a text that no schema knows. */
const STRANGER = "zzUnknown";

/** Every change of one place, from the outside in. */
export function* changesOf(value: unknown): Generator<Change> {
  yield* localChanges(value);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const { kind, value: changed } of changesOf(item))
        yield { kind, value: value.with(index, changed) };
    }
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      for (const { kind, value: changed } of changesOf(item))
        yield { kind, value: withKey(value, name, changed) };
    }
  }
}

function* localChanges(value: unknown): Generator<Change> {
  for (const other of [STRANGER, 31, true, null, [STRANGER], { [STRANGER]: 1 }]) {
    if (typeName(other) !== typeName(value)) yield { kind: "type", value: other };
  }
  if (typeof value === "string") {
    yield { kind: "text", value: STRANGER };
    yield { kind: "length", value: "" };
    yield { kind: "length", value: "x".repeat(9_999) };
  }
  if (typeof value === "number") {
    for (const number of [value + 0.25, 1e9, -1e9]) yield { kind: "number", value: number };
  }
  if (Array.isArray(value)) {
    yield { kind: "length", value: [] };
    const [first] = value;
    if (first !== undefined)
      for (const count of [2, 60]) yield { kind: "length", value: repeat(first, count) };
  } else if (isObject(value)) {
    yield { kind: "key unknown", value: withKey(value, STRANGER, 1) };
    for (const name of Object.keys(value)) {
      const rest = Object.entries(value).filter(([other]) => other !== name);
      yield { kind: "key missing", value: Object.fromEntries(rest) };
    }
  }
}

function repeat(item: unknown, count: number): unknown[] {
  return Array.from({ length: count }, () => item);
}

function withKey(value: object, name: string, item: unknown): object {
  return Object.fromEntries([...Object.entries(value).filter(([other]) => other !== name), [name, item]]);
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isObject(value: unknown): value is object {
  return typeName(value) === "object";
}
