// Object types that texts repeat, told once by a name. It knows how our type texts are written, and no parser.

/** Object types with names, and how a text reads that uses them. */
export interface RepeatedTypes {
  /** `type Page = { … }`, one statement each. */
  readonly statements: readonly string[];
  readonly shorten: (text: string) => string;
}

/** One object type in a text. */
interface Span {
  readonly start: number;
  readonly end: number;
  /** The text without indentation: the same type in other places. */
  readonly key: string;
  /** What the key before it suggests as its name. */
  readonly label: string;
  readonly inner: readonly Span[];
}

/** A name and its statement cost this much: shorter types are better repeated. */
const MIN_CHARS = 60;
/** For what no key stands before. */
const NAMELESS = "Value";
// What may hold a brace that is none: comments and strings. Then braces, and the key before an object.
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}]/g;

/**
 * Finds the object types of 60 characters and more that the texts hold at least twice.
 *
 * @param taken names that mean something else in these texts
 */
export function nameRepeatedTypes(texts: readonly string[], taken: Iterable<string>): RepeatedTypes {
  const roots = new Map(texts.map((text) => [text, spansOf(text)]));
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
        bodies.set(name, dedent(write(text, span.inner, span.start, span.end)));
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

/** The outermost object types of a text. */
function spansOf(text: string): Span[] {
  const roots: Span[] = [];
  const open: { readonly start: number; readonly inner: Span[] }[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{") open.push({ start: index, inner: [] });
    if (token !== "}") continue;
    const object = open.pop();
    if (!object) continue;
    const end = index + 1;
    const key = text.slice(object.start, end).replaceAll(/\n +/g, "\n");
    (open.at(-1)?.inner ?? roots).push({ ...object, end, key, label: labelAt(text, object.start, end) });
  }
  return roots;
}

/** The longest first: what lies only in one that has a name needs none. */
function nameKeys(texts: readonly (readonly Span[])[], taken: Set<string>): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const visit = (spans: readonly Span[]): void => {
    for (const { key, label, inner } of spans) {
      const known = labels.get(key);
      if (key.length >= MIN_CHARS && (known === undefined || known === NAMELESS)) labels.set(key, label);
      visit(inner);
    }
  };
  texts.forEach(visit);
  const names = new Map<string, string>();
  for (const [key, label] of [...labels].toSorted(([a], [b]) => b.length - a.length)) {
    if (countUses(texts, key, names) < 2) continue;
    const name = freeName(label, taken);
    taken.add(name);
    names.set(key, name);
  }
  return names;
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

function labelAt(text: string, start: number, end: number): string {
  const [, name = ""] = /["\s({]?([\w-]+)"?\??: \(?$/.exec(text.slice(Math.max(0, start - 60), start)) ?? [];
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
