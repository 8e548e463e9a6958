// The ranked index over tool documents. It knows nothing of files, caches or rendering.
import MiniSearch, { type AsPlainObject, type Options, type SearchOptions } from "minisearch";
import type { ToolDocument } from "./document.ts";
import { isLoneCjk, termsOf, wordsOf } from "./text.ts";

/** A document that answers a query; a higher score is a better answer, comparable within one search only. */
export interface SearchHit {
  readonly document: ToolDocument;
  readonly score: number;
}

/** Narrows a search. */
interface IndexSearchOptions {
  /** Most hits to return. */
  readonly limit: number;
  /** Keeps only what this test accepts. */
  readonly accepts?: ((document: ToolDocument) => boolean) | undefined;
}

/** A search index that follows a changing set of documents. */
export interface SearchIndex {
  /** Makes the index hold exactly these documents; those it holds already (the same objects) cost nothing. */
  update(documents: ReadonlyMap<string, ToolDocument>): void;
  /** The best documents for a query. None for a query without a word that tells tools apart. */
  search(query: string, options: IndexSearchOptions): SearchHit[];
  /** The index as plain JSON, for `createSearchIndex` in a later process. */
  toJSON(): AsPlainObject;
}

const MAX_QUERY_CHARS = 4_000;
const MAX_QUERY_TERMS = 64;

const EXACT: SearchOptions = {
  boost: { name: 3, description: 1, server: 2, parameters: 0.3, parameterText: 0.6, tags: 0.6 },
  bm25: { k: 0.9, b: 0.85, d: 0.1 },
  prefix: (term) => term.length > 3 || isLoneCjk(term),
};
const FUZZY: SearchOptions = { ...EXACT, fuzzy: (term) => (term.length > 4 ? 0.2 : false) };

const OPTIONS: Options<ToolDocument> = {
  idField: "path",
  fields: ["name", "description", "server", "parameters", "parameterText", "tags"],
  extractField: (document, field) => textOf(document, field),
  tokenize: termsOf,
  processTerm: (term) => term,
  searchOptions: { tokenize: (terms) => terms.split(" ") },
};

/**
 * Opens an index, empty or from what `toJSON` gave. The documents of a saved index must be the ones it was saved with.
 * Throws when the saved form is not a MiniSearch index.
 */
export function createSearchIndex(saved?: {
  readonly index: AsPlainObject;
  readonly documents: ReadonlyMap<string, ToolDocument>;
}): SearchIndex {
  const engine = saved ? MiniSearch.loadJS(saved.index, OPTIONS) : new MiniSearch(OPTIONS);
  let held: ReadonlyMap<string, ToolDocument> = saved?.documents ?? new Map();

  function find(
    terms: readonly string[],
    how: SearchOptions,
    accepts: IndexSearchOptions["accepts"],
  ): SearchHit[] {
    const filter: SearchOptions = accepts
      ? {
          filter: (result) => {
            const document = held.get(result.id as string);
            return document !== undefined && accepts(document);
          },
        }
      : {};
    return engine.search(terms.join(" "), { ...how, ...filter }).flatMap(({ id, score }) => {
      const document = held.get(id as string);
      return document ? [{ document, score: round(score) }] : [];
    });
  }

  return {
    update(documents) {
      for (const document of held.values()) {
        if (documents.get(document.path) !== document) engine.remove(document);
      }
      for (const document of documents.values()) {
        if (held.get(document.path) !== document) engine.add(document);
      }
      held = documents;
    },
    search(query, { limit, accepts }) {
      const terms = [...new Set(termsOf(query.slice(0, MAX_QUERY_CHARS)))].slice(0, MAX_QUERY_TERMS);
      if (terms.length === 0) return [];
      const exact = find(terms, EXACT, accepts);
      const hits = exact.length > 0 ? exact : find(terms, FUZZY, accepts);
      return hits.toSorted(byScore).slice(0, limit);
    },
    toJSON: () => engine.toJSON(),
  };
}

function textOf(document: ToolDocument, field: string): string {
  switch (field) {
    case "path":
      return document.path;
    case "name":
      return sameWords(document) ? document.name : `${document.name} ${document.tool}`;
    case "server":
      return document.server;
    case "parameters":
      return document.parameters.map(({ name }) => name).join(" ");
    case "parameterText":
      return document.parameters
        .map(({ description, type }) => `${description} ${commentsIn(type)}`)
        .join(" ");
    case "tags":
      return document.tags
        .filter(({ name }) => !UNSEARCHED_TAGS.has(name))
        .map(({ text }) => text)
        .join(" ");
    default:
      return document.description;
  }
}

/** An upstream name that is only spelled differently would count every word twice. */
function sameWords({ name, tool }: ToolDocument): boolean {
  return name === tool || wordsOf(name).join(" ") === wordsOf(tool).join(" ");
}

// They repeat the name and the parameters, or say what a tool may do, not what it is for.
const UNSEARCHED_TAGS: ReadonlySet<string> = new Set(["tool", "effects", "param"]);

/** The doc comments inside a type: they describe the fields of nested objects. */
function commentsIn(type: string): string {
  return (type.match(/\/\*\*[\s\S]*?\*\//g) ?? []).join(" ");
}

function byScore(a: SearchHit, b: SearchHit): number {
  return b.score - a.score || (a.document.path < b.document.path ? -1 : 1);
}

/** Sums of the same parts in another order differ in the last digits; equal scores must stay equal. */
function round(score: number): number {
  return Math.round(score * 1e4) / 1e4;
}
