// Makes values for a schema from a seed: small, large and in between. Whether they fit is for a validator to say.
import * as fc from "fast-check";
import { follow, keywordsOf, listOf, pointerSteps, type Keywords } from "../../src/codegen/schema.ts";

/** A stream of numbers from 0 to 1. */
export type Random = () => number;

/** The same stream for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a value is made. */
export interface Wish {
  readonly root: unknown;
  readonly random: Random;
  /** The share of optional keys to give, from 0 to 1. */
  readonly fullness: number;
  readonly depth?: number;
}

const MAX_DEPTH = 6;
const ANYTHING = ["text", 7, true, null, ["text"], { key: "text" }];
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  date: ["2026-11-22", "2024-02-29", "1999-12-31"],
  "date-time": ["2026-11-22T10:00:00Z", "2024-02-29T00:00:00+05:30", "1999-12-31T23:59:59.5Z"],
  time: ["10:00:00Z", "23:59:59+01:00", "00:00:00Z"],
  duration: ["P1D", "PT30M", "P2W"],
  email: ["a@example.org", "first.last@example.com", "x+y@example.net"],
  hostname: ["example.org", "a.example.com", "localhost"],
  ipv4: ["192.0.2.1", "127.0.0.1", "203.0.113.255"],
  ipv6: ["2001:db8::1", "::1", "fe80::1"],
  uri: ["https://example.org/a", "ftp://example.org", "urn:isbn:0451450523"],
  url: ["https://example.org/a", "http://example.com/?q=1", "https://example.net"],
  "uri-reference": ["/a", "?q", "https://example.org"],
  uuid: [0, 1, 2].map((digit) => `9b2f0b1e-1c5a-4d7e-8f3a-2b6c7d8e9f0${digit}`),
};

/** A value that the schema, read without proof, should accept. */
export function makeValue(schema: unknown, wish: Wish): unknown {
  const depth = (wish.depth ?? 0) + 1;
  const inner = { ...wish, depth };
  const merged = conjunction(schema, inner);
  if (Object.hasOwn(merged, "const")) return merged["const"];
  if (listOf(merged["enum"]).length > 0) return pick(listOf(merged["enum"]), wish.random);
  const types = typesOf(merged);
  return types.length === 0
    ? pick(ANYTHING, wish.random)
    : valueOfType(pick(types, wish.random), merged, inner);
}

function typesOf(schema: Keywords): readonly unknown[] {
  if (Array.isArray(schema["type"])) return schema["type"];
  if (schema["type"] !== undefined) return [schema["type"]];
  if (schema["properties"] ?? schema["required"] ?? schema["additionalProperties"]) return ["object"];
  if (schema["patternProperties"] !== undefined) return ["object"];
  return (schema["items"] ?? schema["prefixItems"]) === undefined ? [] : ["array"];
}

function valueOfType(type: unknown, schema: Keywords, wish: Wish): unknown {
  switch (type) {
    case "null":
      return null;
    case "boolean":
      return wish.random() < 0.5;
    case "string":
      return makeString(schema, wish.random);
    case "integer":
    case "number":
      return makeNumber(schema, type, wish.random);
    case "array":
      return makeArray(schema, wish);
    default:
      return makeObject(schema, wish);
  }
}

/** The schema with everything that holds beside it, one alternative of each choice taken. */
function conjunction(schema: unknown, wish: Wish): Keywords {
  const keywords = keywordsOf(schema);
  if (!keywords) return {};
  const { $ref: reference, allOf, anyOf, oneOf, if: condition, then, else: otherwise, ...own } = keywords;
  const steps = typeof reference === "string" ? pointerSteps(reference) : undefined;
  const branch = condition === undefined ? [] : pick([[condition, then], [otherwise]], wish.random);
  const choices = [anyOf, oneOf].filter(Array.isArray).map((list: unknown[]) => pick(list, wish.random));
  const parts = [...(steps ? [follow(wish.root, steps)] : []), ...listOf(allOf), ...choices, ...branch];
  return parts.map((part) => conjunction(part, wish)).reduce<Keywords>(merge, own);
}

function merge(left: Keywords, right: Keywords): Keywords {
  const merged = new Map(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    merged.set(key, merged.has(key) ? both(key, merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

function both(key: string, left: unknown, right: unknown): unknown {
  if (key === "required") return [...new Set([...listOf(left), ...listOf(right)])];
  if (key === "enum") return listOf(left).filter((value) => listOf(right).includes(value));
  if (key === "type") return commonTypes([left].flat(), [right].flat());
  if (key === "items" || key === "additionalProperties") return { allOf: [left, right] };
  if (key === "properties" || key === "patternProperties") {
    return mergeEach(keywordsOf(left) ?? {}, keywordsOf(right) ?? {});
  }
  return right;
}

function commonTypes(left: readonly unknown[], right: readonly unknown[]): unknown[] {
  const within = (type: unknown, types: readonly unknown[]): boolean =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  return [...left.filter((type) => within(type, right)), ...right.filter((type) => within(type, left))];
}

function mergeEach(left: Keywords, right: Keywords): Keywords {
  const clash = Object.keys(left).filter((name) => Object.hasOwn(right, name));
  const shared = clash.map((name) => [name, { allOf: [left[name], right[name]] }]);
  return { ...left, ...right, ...Object.fromEntries(shared) };
}

function makeString(schema: Keywords, random: Random): string {
  const { minLength, maxLength, pattern, format } = schema;
  const most = typeof maxLength === "number" ? maxLength : 60;
  const least = typeof minLength === "number" ? minLength : 0;
  if (typeof pattern === "string") return makeMatching(pattern, least, most, random);
  const known = typeof format === "string" ? FORMATS[format] : undefined;
  if (known !== undefined) return pick(known, random);
  return pick(["a", "text", "Some words", "ünï ✓"], random).padEnd(least, "x").slice(0, Math.max(most, 0));
}

function makeMatching(pattern: string, least: number, most: number, random: Random): string {
  const settings = { seed: Math.floor(random() * 2 ** 31), numRuns: 5 };
  try {
    const samples = fc.sample(fc.stringMatching(new RegExp(pattern)), settings);
    const longer = samples.map((text) =>
      text.repeat(text === "" ? 1 : Math.ceil(least / text.length)).slice(0, most),
    );
    const fits = (text: string): boolean => text.length >= least && text.length <= most;
    return (
      [...samples, ...longer].find((text) => fits(text) && new RegExp(pattern).test(text)) ?? samples[0] ?? ""
    );
  } catch {
    return pick(Object.values(FORMATS).flat(), random);
  }
}

function makeNumber(schema: Keywords, type: string, random: Random): number {
  const bound = (key: string, step: number): number | undefined => {
    const value = schema[key];
    return typeof value === "number" ? value + step : undefined;
  };
  const unit = type === "integer" ? 1 : 0.5;
  const least = bound("minimum", 0) ?? bound("exclusiveMinimum", unit) ?? -3;
  const most = bound("maximum", 0) ?? bound("exclusiveMaximum", -unit) ?? Math.max(least, 0) + 40;
  const step = typeof schema["multipleOf"] === "number" ? schema["multipleOf"] : unit;
  const value = Math.ceil(least / step) * step + Math.floor(random() * 20) * step;
  return value <= most ? value : Math.ceil(least / step) * step;
}

function makeArray(schema: Keywords, wish: Wish): unknown[] {
  const { minItems, maxItems, items, prefixItems, additionalItems, contains, uniqueItems } = schema;
  const places = Array.isArray(prefixItems) ? prefixItems : listOf(items);
  // Items, like keys, that a tuple merely does not forbid are not given.
  const rest = places.length === 0 ? (items ?? {}) : ((prefixItems ? items : additionalItems) ?? false);
  const least = typeof minItems === "number" ? minItems : places.length;
  const extra = (wish.depth ?? 0) > MAX_DEPTH || rest === false ? 0 : Math.floor(wish.random() * 3);
  const most = typeof maxItems === "number" ? maxItems : Number.POSITIVE_INFINITY;
  const values = Array.from({ length: Math.min(least + extra, most) }, (_, index) => {
    const schemaThere: unknown = index < places.length ? places[index] : rest;
    return makeValue(index === 0 && contains ? { allOf: [schemaThere, contains] } : schemaThere, wish);
  });
  if (uniqueItems !== true) return values;
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function makeObject(schema: Keywords, wish: Wish): object {
  const properties = keywordsOf(schema["properties"]) ?? {};
  const required = listOf(schema["required"]).filter((name) => typeof name === "string");
  const fullness = (wish.depth ?? 0) > MAX_DEPTH ? 0 : wish.fullness;
  const optional = Object.keys(properties).filter(() => wish.random() < fullness);
  const dependent = Object.entries(keywordsOf(schema["dependentRequired"]) ?? {});
  const follows = dependent.filter(([name]) => optional.includes(name)).flatMap(([, names]) => listOf(names));
  const names = new Set([...required, ...optional, ...follows.map(String)]);
  const members = [...names].map((name) => [name, makeValue(properties[name], wish)] as const);
  return Object.fromEntries([...members, ...freeKeys(schema, wish, fullness)]);
}

/** Keys that are described, but not by name. What a schema merely does not forbid is not given. */
function freeKeys(schema: Keywords, wish: Wish, fullness: number): (readonly [string, unknown])[] {
  const patterns = Object.entries(keywordsOf(schema["patternProperties"]) ?? {}).map(
    ([pattern, value]) => [makeMatching(pattern, 1, 40, wish.random), value] as const,
  );
  const others = schema["additionalProperties"] ?? schema["properties"] === undefined;
  const name = String(
    makeValue({ type: "string", minLength: 1, ...keywordsOf(schema["propertyNames"]) }, wish),
  );
  const free = others === true || keywordsOf(others) ? [[name, others] as const] : [];
  const least = typeof schema["minProperties"] === "number" ? 1 : fullness;
  return [...patterns, ...free]
    .filter(() => wish.random() < least)
    .map(([key, value]) => [key, makeValue(value, wish)]);
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)] as T;
}
