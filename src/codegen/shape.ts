// What results look like: kinds and field names, never values. Merging shapes is a join: order and repetition do not count.
import { z } from "zod";

const SCALARS = ["boolean", "null", "number", "string"] as const;
type Scalar = (typeof SCALARS)[number];

/** Everything that was seen in one place. With no part at all, nothing was seen there. */
export interface Shape {
  /** Too deep, too much, or not JSON: nothing is said. */
  readonly anything?: true | undefined;
  /** Sorted, without repetition. */
  readonly scalars?: readonly Scalar[] | undefined;
  /** An array was seen, and this in it. */
  readonly items?: Shape | undefined;
  /** An object was seen whose keys are names; sorted by name. */
  readonly fields?: readonly Field[] | undefined;
  /** An object was seen whose keys are data (ids, dates), and these values under them. It takes the place of `fields`. */
  readonly values?: Shape | undefined;
}

/** One field of an object; optional when some object came without it. */
export interface Field {
  readonly name: string;
  readonly optional?: true | undefined;
  readonly shape: Shape;
}

/** A shape and how many results it rests on. */
export interface Learned {
  readonly results: number;
  readonly shape: Shape;
}

/** Shapes as they stand in files; anything else in a file is refused. */
const shapeSchema: z.ZodType<Shape> = z.strictObject({
  anything: z.literal(true).optional(),
  scalars: z.array(z.enum(SCALARS)).optional(),
  get items() {
    return shapeSchema.optional();
  },
  get fields() {
    return z
      .array(z.strictObject({ name: z.string(), optional: z.literal(true).optional(), shape: shapeSchema }))
      .optional();
  },
  get values() {
    return shapeSchema.optional();
  },
});
export const learnedSchema: z.ZodType<Learned> = z.strictObject({
  results: z.int().positive(),
  shape: shapeSchema,
});

const ANYTHING: Shape = { anything: true };
const NOTHING: Shape = {};
const MAX_DEPTH = 8;
const MAX_FIELDS = 64;
/** Parts of one value that may tell something new; what tells nothing new is not counted. */
const MAX_NEWS = 20_000;

/** The shape of one JSON value. */
export function shapeOf(value: unknown): Shape {
  return shapeAt(value, { depth: 0, budget: { left: MAX_NEWS } });
}

interface Place {
  readonly depth: number;
  readonly budget: { left: number };
}

function shapeAt(value: unknown, place: Place): Shape {
  const { depth, budget } = place;
  budget.left -= 1;
  if (budget.left < 0 || depth > MAX_DEPTH) return ANYTHING;
  const scalar = scalarOf(value);
  if (scalar) return { scalars: [scalar] };
  if (typeof value !== "object" || value === null) return ANYTHING;
  const inside = { depth: depth + 1, budget };
  if (Array.isArray(value)) return { items: shapeOfAll(value, inside) };
  const names = Object.keys(value).toSorted();
  if (names.length > MAX_FIELDS || !names.every(isFieldName)) {
    return { values: shapeOfAll(Object.values(value), inside) };
  }
  const record = value as Readonly<Record<string, unknown>>;
  return { fields: names.map((name) => ({ name, shape: shapeAt(record[name], inside) })) };
}

function shapeOfAll(values: readonly unknown[], place: Place): Shape {
  let shape = NOTHING;
  // To look whether a value fits is far cheaper than to merge its shape, and in long lists almost all fit.
  for (const value of values) if (!fits(shape, value)) shape = mergeShapes(shape, shapeAt(value, place));
  return shape;
}

/** The least shape that holds all that either holds. Commutative, associative and idempotent. */
export function mergeShapes(a: Shape, b: Shape): Shape {
  if (a.anything || b.anything) return ANYTHING;
  const scalars = [...new Set([...(a.scalars ?? []), ...(b.scalars ?? [])])].toSorted();
  return {
    ...(scalars.length > 0 && { scalars }),
    ...((a.items ?? b.items) && { items: mergeShapes(a.items ?? NOTHING, b.items ?? NOTHING) }),
    ...mergeObjects(a, b),
  };
}

function mergeObjects(a: Shape, b: Shape): Pick<Shape, "fields" | "values"> {
  const shapes = [a, b].flatMap(({ fields = [] }) => fields.map((field) => field.shape));
  const fields = a.fields && b.fields ? mergeFields(a.fields, b.fields) : (a.fields ?? b.fields);
  const named = a.values === undefined && b.values === undefined && (fields?.length ?? 0) <= MAX_FIELDS;
  if (named) return fields ? { fields } : {};
  return { values: [a.values ?? NOTHING, b.values ?? NOTHING, ...shapes].reduce(mergeShapes) };
}

function mergeFields(a: readonly Field[], b: readonly Field[]): Field[] {
  const [left, right] = [a, b].map((fields) => new Map(fields.map((field) => [field.name, field])));
  const names = [...new Set([...a, ...b].map(({ name }) => name))].toSorted();
  return names.map((name) => mergeField(name, left?.get(name), right?.get(name)));
}

function mergeField(name: string, one: Field | undefined, other: Field | undefined): Field {
  const optional = !one || !other || one.optional === true || other.optional === true;
  const shape = mergeShapes(one?.shape ?? NOTHING, other?.shape ?? NOTHING);
  return { name, ...(optional && { optional }), shape };
}

/** Both shapes, and the larger count: a lower bound that stays the same however often the two meet. */
export function mergeLearned(a: Learned, b: Learned): Learned {
  return { results: Math.max(a.results, b.results), shape: mergeShapes(a.shape, b.shape) };
}

/** Whether a value is one of those a shape holds. */
export function fits(shape: Shape, value: unknown): boolean {
  if (shape.anything) return true;
  const scalar = scalarOf(value);
  if (scalar) return shape.scalars?.includes(scalar) ?? false;
  if (typeof value !== "object" || value === null) return false;
  const { items, fields, values } = shape;
  if (Array.isArray(value)) return items !== undefined && value.every((item) => fits(items, item));
  if (values) return Object.values(value).every((item) => fits(values, item));
  return fields !== undefined && fitsFields(fields, value);
}

function fitsFields(fields: readonly Field[], value: object): boolean {
  const record = value as Readonly<Record<string, unknown>>;
  const present = fields.filter(({ name }) => Object.hasOwn(value, name));
  return (
    present.length === Object.keys(value).length &&
    fields.every(({ name, optional }) => optional === true || Object.hasOwn(value, name)) &&
    present.every(({ name, shape }) => fits(shape, record[name]))
  );
}

function scalarOf(value: unknown): Scalar | undefined {
  return value === null ? "null" : SCALARS.find((scalar) => typeof value === scalar);
}

/** A key that a programmer chose. Ids, dates, addresses and people's words are data, and stay out of any type. */
function isFieldName(key: string): boolean {
  if (key === "__proto__" || !/^[@$]?_{0,2}[A-Za-z][\w$:-]{0,39}$/.test(key)) return false;
  const digits = key.replaceAll(/\D/g, "").length;
  const isId =
    digits >= 4 ||
    (digits >= 2 && key.length >= 14) ||
    (digits >= 1 && (/^[0-9a-f-]{8,}$/i.test(key) || /^[A-Z]{2,}-\d+$/.test(key)));
  return !isId;
}
