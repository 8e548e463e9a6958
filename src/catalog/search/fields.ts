// What of a document is searched, and how much each part counts. It knows documents and words, and no index.
import type { ToolDocument } from "../document.ts";
import { termsOf, wordsOf } from "./text.ts";

/** What one term weighs in one document. */
export interface TermWeight {
  /** 0 to 1: how strongly the document speaks of the term. */
  readonly weight: number;
  /** Whether the tool's name holds it. */
  readonly isNamed: boolean;
}

interface Field {
  /** How much a term in this field counts beside one in the description. */
  readonly weight: number;
  /** How many terms such a field usually has; in a longer one each counts for less. */
  readonly usual: number;
  /** How much of its length counts: 0 nothing, 1 all of it. */
  readonly b: number;
  readonly textOf: (document: ToolDocument) => string;
}

const NAME: Field = {
  weight: 4,
  usual: 4,
  b: 0.2,
  textOf: (document) => (sameWords(document) ? document.name : `${document.name} ${document.tool}`),
};

// Usual lengths are round figures of ordinary definitions (catalogs differ: 5 to 35 terms a description). They are constants and
// not the averages of the catalog at hand, so that a document weighs the same whatever else there is, and can be added
// without touching the others; on nine public query sets that finds slightly more, too.
const FIELDS: readonly Field[] = [
  NAME,
  { weight: 1, usual: 15, b: 0.3, textOf: ({ description }) => description },
  { weight: 2, usual: 1.5, b: 0.5, textOf: ({ server }) => server },
  { weight: 0.2, usual: 5, b: 0.8, textOf: ({ parameters }) => parameters.map(({ name }) => name).join(" ") },
  { weight: 0.6, usual: 20, b: 0.6, textOf: parameterText },
  { weight: 0.4, usual: 5, b: 0.6, textOf: literals },
];

const K1 = 1.8;

/**
 * What each term of a document weighs: BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
 * fields", 2004) without the inverse document frequency. Term counts of all fields, each divided by its field's length and
 * multiplied by its weight, are added up and saturate together.
 */
export function weighTerms(document: ToolDocument): Map<string, TermWeight> {
  const sums = new Map<string, number>();
  for (const field of FIELDS) {
    const terms = termsOf(field.textOf(document));
    const share = field.weight / (1 - field.b + (field.b * terms.length) / field.usual);
    for (const term of terms) sums.set(term, (sums.get(term) ?? 0) + share);
  }
  const named = new Set(termsOf(NAME.textOf(document)));
  return new Map(
    [...sums].map(([term, sum]) => [term, { weight: sum / (K1 + sum), isNamed: named.has(term) }]),
  );
}

/** An upstream name that is only spelled differently would count every word twice. */
function sameWords({ name, tool }: ToolDocument): boolean {
  return name === tool || wordsOf(name).join(" ") === wordsOf(tool).join(" ");
}

// They repeat the name and the parameters, or say what a tool may do, not what it is for.
const UNSEARCHED_TAGS: ReadonlySet<string> = new Set(["tool", "effects", "param"]);
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const LITERAL = /"(?:[^"\\]|\\.)*"/g;

// How generated wrappers introduce facts of a schema: words of ours that say nothing about the tool.
const FACT_LABEL = /\b(?:Default|Choice \d+:|Each:|Values:)/g;

/** What parameters, the fields of nested objects and tags are described with. */
function parameterText({ parameters, tags }: ToolDocument): string {
  return [
    ...parameters.flatMap(({ description, type }) => [description, ...(type.match(COMMENT) ?? [])]),
    ...tags.filter(({ name }) => !UNSEARCHED_TAGS.has(name)).map(({ text }) => text),
  ]
    .join(" ")
    .replaceAll(FACT_LABEL, " ");
}

/** The values that parameters may have, where the type lists them. */
function literals({ parameters }: ToolDocument): string {
  return parameters.flatMap(({ type }) => type.replaceAll(COMMENT, "").match(LITERAL) ?? []).join(" ");
}
