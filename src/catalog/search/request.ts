// A query as the index sees it: which terms it asks for, in which parts, and what may stand in for each of them.
import { clausesOf } from "./clauses.ts";
import { withPlainVerbs } from "./phrasal-verbs.ts";
import type { Postings } from "./postings.ts";
import { relatedTerms } from "./related-terms.ts";
import { ASKING_WORDS } from "./stop-words.ts";
import { compoundsOf, isLoneCjk, termsOf } from "./text.ts";

/** A term that counts for a term of the request, and how much: 1 for the term itself. */
export interface Variant {
  readonly term: string;
  readonly closeness: number;
}

/** One term of a request. */
export interface RequestTerm {
  readonly term: string;
  /** How much it counts beside other terms as rare. */
  readonly weight: number;
  /** Only terms that the index has; the term itself first when it is among them. */
  readonly variants: readonly Variant[];
  /** The parts of the request that the term belongs to. */
  readonly parts: readonly number[];
}

/** A request: part 0 is the whole of it, the others are its clauses when there are several. */
export interface SearchRequest {
  readonly terms: readonly RequestTerm[];
  readonly parts: number;
}

const MAX_QUERY_CHARS = 4_000;
const MAX_QUERY_TERMS = 64;
/** A clause with fewer terms is no request of its own. */
const MIN_CLAUSE_TERMS = 3;

// How much of a term's weight another word for it gets: little beside the word itself, much where the catalog does not have
// the word at all.
const BESIDE = { synonym: 0.3, translation: 0.7 };
const INSTEAD = { synonym: 0.9, translation: 0.95 };
/** How much a word of asking counts. */
const ASKING_WEIGHT = 0.5;
const PREFIX_CLOSENESS = 0.6;
const MIN_PREFIX_CHARS = 4;
const MIN_FUZZY_CHARS = 5;
const EDITS_PER_CHAR = 0.2;

let asking: ReadonlySet<string> | undefined;

/** Reads a query. `isForgiving` takes terms that are nearly the ones asked for. */
export function readRequest(query: string, postings: Postings, isForgiving = false): SearchRequest {
  const text = withPlainVerbs(query.slice(0, MAX_QUERY_CHARS));
  const clauses = clausesOf(text)
    .map((clause) => new Set(termsOf(clause)))
    .filter(({ size }) => size >= MIN_CLAUSE_TERMS);
  const parts = clauses.length > 1 ? clauses : [];
  const askingTerms = (asking ??= new Set(termsOf(ASKING_WORDS)));
  const compounds = compoundsOf(text);
  const terms = [...new Set(termsOf(text))].slice(0, MAX_QUERY_TERMS);
  return {
    parts: 1 + parts.length,
    terms: terms.map((term) => ({
      term,
      weight: askingTerms.has(term) ? ASKING_WEIGHT : 1,
      variants: isForgiving
        ? nearVariants(term, postings)
        : [...variantsOf(term, postings), ...compoundVariants(compounds.get(term) ?? [], postings)],
      parts: [0, ...parts.flatMap((clause, nth) => (clause.has(term) ? [nth + 1] : []))],
    })),
  };
}

function variantsOf(term: string, postings: Postings): Variant[] {
  const isKnown = postings.get(term) !== undefined;
  const closeness = isKnown ? BESIDE : INSTEAD;
  const related = [...relatedTerms(term)].flatMap(([other, relation]) =>
    postings.get(other) ? [{ term: other, closeness: closeness[relation] }] : [],
  );
  if (isKnown) return [{ term, closeness: 1 }, ...related];
  if (related.length > 0) return related;
  if (term.length < MIN_PREFIX_CHARS && !isLoneCjk(term)) return [];
  return postings.vocabulary
    .beginningWith(term)
    .map((other) => ({ term: other, closeness: PREFIX_CLOSENESS }));
}

/** A compound says both of its words. */
function compoundVariants(compounds: Iterable<string>, postings: Postings): Variant[] {
  return [...compounds].filter((term) => postings.get(term)).map((term) => ({ term, closeness: 1 }));
}

function nearVariants(term: string, postings: Postings): Variant[] {
  if (term.length < MIN_FUZZY_CHARS) return [];
  const edits = Math.round(term.length * EDITS_PER_CHAR);
  return postings.vocabulary
    .near(term, edits)
    .map((other, nth) => ({ term: other, closeness: PREFIX_CLOSENESS / (nth + 1) }));
}
