// Types that texts repeat, told once by a name: objects and lists of values. It knows how our type texts are written, and no parser.

/** Types with names, and how a text reads that uses them. */
export interface RepeatedTypes {
  /** `type Page = { … }`, one statement each. */
  readonly statements: readonly string[];
  readonly shorten: (text: string) => string;
}

/** One object type in a text, or one list of three values and more. */
interface Span {
  readonly start: number;
  readonly end: number;
  /** The text without indentation: the same type in other places. */
  readonly key: string;
  /** What the key before it suggests as its name. */
  readonly label: string;
  readonly inner: readonly Span[];
}

/** A name and its statement cost this much, and each use so much. */
const NAME_CHARS = 48;
const USE_CHARS = 6;
/** Shorter ones are better read where they stand: two small objects may well be alike and yet mean different things. */
const MIN_OBJECT = 60;
const MIN_VALUES = 30;
/** For what no key stands before. */
const NAMELESS = "Value";
const STRING = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\.)*')`;
// What may hold a brace that is none: comments and strings, of which several are a choice. Then braces.
const TOKEN = new RegExp(
  String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<values>${STRING}(?:\|${STRING}){2,})|${STRING}|[{}]`,
  "g",
);

/**
 * Finds the object types and choices of values that the texts hold several times, when it is shorter to name them.
 *
 * @param taken names that mean something else in these texts
 * @param keys of texts, the keys they stand behind
 */
export function nameRepeatedTypes(
  texts: readonly string[],
  taken: Iterable<string>,
  keys: ReadonlyMap<string, string> = new Map(),
): RepeatedTypes {
  const roots = new Map(texts.map((text) => [text, spansOf(text, keys.get(text))]));
  const names = nameKeys(
    texts.map((text) => roots.get(text) ?? []),
    new Set(taken),
  );
  const bodies = new Map<string, string>();
  const write = (text: string, spans: readonly Span[], from: number, end: number): string => {
    let at = from;
    let written = "";
    for (const span of spans) {
      const name = names.get(span.key);
      written += text.slice(at, span.start);
      written += name ?? write(text, span.inner, span.start, span.end);
      at = span.end;
      if (name !== undefined && !bodies.has(name)) {
        bodies.set(name, "");
        const isObject = span.key.startsWith("{");
        bodies.set(name, isObject ? dedent(write(text, span.inner, span.start, span.end)) : span.key);
      }
    }
    return written + text.slice(at, end);
  };
  const short = new Map([...roots].map(([text, spans]) => [text, write(text, spans, 0, text.length)]));
  return {
    statements: [...bodies].map(([name, body]) => `type ${name} = ${reflow(body)}`),
    shorten: (text) => reflow(short.get(text) ?? text),
  };
}

/** The outermost types of a text that may get a name: the key before them, or before the whole text, suggests it. */
function spansOf(text: string, before = ""): Span[] {
  const roots: Span[] = [];
  const open: { readonly start: number; readonly inner: Span[] }[] = [];
  const add = (span: Omit<Span, "label">): void => {
    (open.at(-1)?.inner ?? roots).push({ ...span, label: labelAt(text, span, before) });
  };
  for (const { 0: token, index, groups } of text.matchAll(TOKEN)) {
    if (groups?.["values"]) add(valuesAt(text, index, token));
    if (token === "{") open.push({ start: index, inner: [] });
    if (token !== "}") continue;
    const object = open.pop();
    if (!object) continue;
    const end = index + 1;
    add({ ...object, end, key: text.slice(object.start, end).replaceAll(/\n +/g, "\n") });
  }
  return roots;
}

/** Without the parentheses that a name does not need before `[]`. */
function valuesAt(text: string, index: number, key: string): Omit<Span, "label"> {
  const end = index + key.length;
  const isInParentheses = text[index - 1] === "(" && text.startsWith(")[]", end);
  return isInParentheses
    ? { start: index - 1, end: end + 1, key, inner: [] }
    : { start: index, end, key, inner: [] };
}

/** The longest first: what lies only in one that has a name needs none. */
function nameKeys(texts: readonly (readonly Span[])[], taken: Set<string>): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const visit = (spans: readonly Span[]): void => {
    for (const { key, label, inner } of spans) {
      const known = labels.get(key);
      const least = key.startsWith("{") ? MIN_OBJECT : MIN_VALUES;
      if (key.length >= least && (known === undefined || known === NAMELESS)) labels.set(key, label);
      visit(inner);
    }
  };
  texts.forEach(visit);
  const names = new Map<string, string>();
  for (const [key, label] of [...labels].toSorted(([a], [b]) => b.length - a.length)) {
    if (!pays(key, countUses(texts, key, names))) continue;
    const name = freeName(label, taken);
    taken.add(name);
    names.set(key, name);
  }
  return names;
}

function pays(key: string, uses: number): boolean {
  return uses > 1 && uses * (key.length - USE_CHARS) > key.length + NAME_CHARS;
}

/** How often a type would be written, when those that have names are written once. */
function countUses(
  texts: readonly (readonly Span[])[],
  key: string,
  names: ReadonlyMap<string, string>,
): number {
  const seen = new Set<string>();
  const count = (spans: readonly Span[]): number =>
    spans.reduce((sum, span) => {
      if (span.key === key) return sum + 1;
      if (names.has(span.key)) {
        if (seen.has(span.key)) return sum;
        seen.add(span.key);
      }
      return sum + count(span.inner);
    }, 0);
  return texts.reduce((sum, spans) => sum + count(spans), 0);
}

function labelAt(text: string, { start, end }: Pick<Span, "start" | "end">, before: string): string {
  const key = /["\s({]?([\w-]+)"?\??: \(?$/.exec(text.slice(Math.max(0, start - 60), start))?.[1];
  const name = key ?? (start < 2 ? before : "");
  const words = name.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const label = words.join("").replace(/^\d+/, "") || NAMELESS;
  if (!text.startsWith("[]", end)) return label;
  return label.replace(/(?<=[a-z])ies$/, "y").replace(/(?<=[a-rt-z])s$/, "");
}

function freeName(label: string, taken: ReadonlySet<string>): string {
  const isFree = (name: string): boolean => !taken.has(name) && !(name in globalThis) && name !== "Record";
  let name = label;
  for (let count = 2; !isFree(name); count += 1) name = `${label}${count}`;
  return name;
}

/** Objects that fit on one line now that names stand in them. */
function reflow(text: string): string {
  return text.replaceAll(/\{\n +((?:(?!\/\/)[^\n{}]){1,80})\n *\}/g, "{ $1 }");
}

/** An object that was written further in, at the left edge. */
function dedent(text: string): string {
  const depth = /\n( *)\}$/.exec(text)?.[1]?.length ?? 0;
  return depth === 0 ? text : text.replaceAll(new RegExp(`\\n {1,${depth}}`, "g"), "\n");
}
