// One schema whose type is on trial: inputs that it accepts, inputs broken in one place, and what excuses a type that
// lets one of those pass.
import { inputTypes } from "../../src/codegen/input-type.ts";
import { keywordsOf, type Keywords } from "../../src/codegen/schema.ts";
import { makeValue, seededRandom } from "./accepted-inputs.ts";
import { CHANGE_KINDS, changesOf, type Change } from "./broken-inputs.ts";
import { CONSTRUCTS, weaken } from "./constructs.ts";
import { validatorOf, type Accepts } from "./validator.ts";

const ENOUGH = 4;
const ATTEMPTS = 60;
const MAX_TEXT = 6_000;
const CHANGES_OF_A_KIND = 4;

/** Values for one schema, and a judge of those that its type lets pass. */
export interface Subject {
  readonly accepted: readonly object[];
  readonly broken: readonly Change[];
  /** The construct for whose sake a type cannot refuse this broken value; undefined when it should have been refused. */
  readonly excuse: (value: unknown) => string | undefined;
}

/** The input of a tool. A lone required parameter that may be an object can be given by itself, as the wrapper does it. */
export function inputSubject(inputSchema: unknown, seed: number): Subject {
  const { bare } = inputTypes(inputSchema, "Input");
  const schema = { type: "object", ...keywordsOf(inputSchema) };
  return subjectOf(schema, seed, bare?.mayBeObject ? bare.name : undefined);
}

/** What a tool answers. */
export function outputSubject(outputSchema: unknown, seed: number): Subject {
  return subjectOf({ type: "object", ...keywordsOf(outputSchema) }, seed, undefined);
}

function subjectOf(schema: Keywords, seed: number, bare: string | undefined): Subject {
  const accepts = validatorOf(schema);
  const accepted = acceptedValues(schema, seed, accepts);
  const arrives = (value: unknown): unknown =>
    bare === undefined || Object.hasOwn(Object(value), bare) ? value : { [bare]: value };
  // The largest ones have the most places to break.
  const largest = accepted
    .toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)
    .slice(0, 2);
  const broken = largest.flatMap((value) => brokenValues(value, (changed) => accepts(arrives(changed))));
  return { accepted, broken: spread(broken), excuse: excuseFinder(schema, bare) };
}

/** Different values that the schema accepts; fewer than enough when no more are found. */
function acceptedValues(schema: Keywords, seed: number, accepts: Accepts): object[] {
  const found = new Map<string, object>();
  for (let attempt = 0; attempt < ATTEMPTS && found.size < ENOUGH; attempt += 1) {
    const random = seededRandom(seed * ATTEMPTS + attempt);
    const value = makeValue(schema, { root: schema, random, fullness: [0, 1, 0.5][attempt % 3] ?? 0 });
    const text = JSON.stringify(value);
    if (isObject(value) && text.length < MAX_TEXT && accepts(value)) found.set(text, value);
  }
  return [...found.values()];
}

function brokenValues(value: object, accepts: Accepts): Change[] {
  return [...changesOf(value)].filter((change) => isObject(change.value) && !accepts(change.value));
}

/** A few different ones of each kind, from all over the list. */
function spread(changes: readonly Change[]): Change[] {
  const distinct = [...new Map(changes.map((change) => [JSON.stringify(change.value), change])).values()];
  return CHANGE_KINDS.flatMap((kind) => {
    const all = distinct.filter((change) => change.kind === kind);
    const step = Math.max(1, all.length / CHANGES_OF_A_KIND);
    return all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  });
}

function excuseFinder(schema: Keywords, bare: string | undefined): Subject["excuse"] {
  const validators = new Map<string, Accepts>();
  const acceptsWithout = (value: unknown, constructs: readonly string[]): boolean => {
    const key = constructs.join();
    const validator = validators.get(key) ?? validatorOf(weaken(schema, constructs));
    validators.set(key, validator);
    return validator(value);
  };
  let used: string[] | undefined;
  return (value) => {
    used ??= constructsOf(schema);
    const isBare = !acceptsWithout(value, used);
    const form = isBare && bare !== undefined ? { [bare]: value } : value;
    if (!acceptsWithout(form, used)) return undefined;
    const needed = used.reduce<string[]>((kept, name) => {
      const fewer = kept.filter((other) => other !== name);
      return acceptsWithout(form, fewer) ? fewer : kept;
    }, used);
    return needed.length === 0 ? "object given bare" : needed.join(" and ");
  };
}

/** The constructs that a schema makes use of. */
function constructsOf(schema: Keywords): string[] {
  const plain = JSON.stringify(weaken(schema, []));
  return Object.keys(CONSTRUCTS).filter((name) => JSON.stringify(weaken(schema, [name])) !== plain);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
