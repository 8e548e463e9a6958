// The ranked index over tool documents. It knows nothing of files, caches or rendering.
import type { ToolDocument } from "../document.ts";
import { weighTerms } from "./fields.ts";
import { createPostings } from "./postings.ts";
import { nameMassOf, scoreSlots, type Collection } from "./ranking.ts";
import { readRequest } from "./request.ts";
import type { SavedPostings } from "./saved-postings.ts";

/** A document that answers a query; a higher score is a better answer, comparable within one search only. */
export interface SearchHit {
  readonly document: ToolDocument;
  /** More than 0, at most 1. */
  readonly score: number;
}

/** Narrows a search. */
interface IndexSearchOptions {
  /** Most hits to return. */
  readonly limit: number;
  /** Keeps only what this test accepts. */
  readonly accepts?: ((document: ToolDocument) => boolean) | undefined;
}

/** An index as JSON. */
export interface SavedIndex {
  /** The documents' paths by slot. */
  readonly paths: readonly string[];
  readonly postings: SavedPostings;
}

/** A search index that follows a changing set of documents. */
export interface SearchIndex {
  /** Makes the index hold exactly these documents; those it holds already (the same objects) cost nothing. */
  update(documents: ReadonlyMap<string, ToolDocument>): void;
  /** The best documents for a query. None for a query without a word that tells tools apart. */
  search(query: string, options: IndexSearchOptions): SearchHit[];
  /** The index as plain JSON, for `createSearchIndex` in a later process. */
  toJSON(): SavedIndex;
}

/**
 * Opens an index, empty or from what `toJSON` gave. The documents of a saved index must be the ones it was saved with.
 * Throws when the saved form is not an index.
 */
export function createSearchIndex(saved?: {
  readonly index: SavedIndex;
  readonly documents: ReadonlyMap<string, ToolDocument>;
}): SearchIndex {
  const postings = createPostings(saved?.index.postings);
  const bySlot: (ToolDocument | undefined)[] = (saved?.index.paths ?? []).map((path) =>
    saved?.documents.get(path),
  );
  const slotOf = new Map(bySlot.flatMap((document, slot) => (document ? [[document.path, slot]] : [])));
  const free = bySlot.flatMap((document, slot) => (document ? [] : [slot]));
  let collection: Collection | undefined;

  function remove(paths: readonly string[]): void {
    const slots = new Set(paths.flatMap((path) => slotOf.get(path) ?? []));
    postings.remove(slots);
    for (const slot of slots) bySlot[slot] = undefined;
    for (const path of paths) slotOf.delete(path);
    free.push(...slots);
  }

  function insert(document: ToolDocument): void {
    const slot = free.pop() ?? bySlot.length;
    bySlot[slot] = document;
    slotOf.set(document.path, slot);
    postings.add(slot, weighTerms(document));
  }

  const current = (): Collection =>
    (collection ??= {
      postings,
      slots: bySlot.length,
      documents: slotOf.size,
      nameMass: nameMassOf(postings, bySlot.length, slotOf.size),
      servers: numbered(bySlot.map((document) => document?.server ?? "")),
    });

  return {
    update(documents) {
      const isHeld = (document: ToolDocument): boolean =>
        bySlot[slotOf.get(document.path) ?? -1] === document;
      const gone = bySlot.filter((held) => held && documents.get(held.path) !== held);
      if (gone.length > 0) remove(gone.flatMap((document) => document?.path ?? []));
      for (const document of documents.values()) if (!isHeld(document)) insert(document);
      collection = undefined;
    },
    search(query, { limit, accepts = () => true }) {
      const hitsOf = (isForgiving: boolean): SearchHit[] =>
        bestHits(scoreSlots(readRequest(query, postings, isForgiving), current()), limit, (slot) => {
          const document = bySlot[slot];
          return document && accepts(document) ? document : undefined;
        });
      const exact = hitsOf(false);
      return exact.length > 0 ? exact : hitsOf(true);
    },
    toJSON: () => ({
      paths: bySlot.map((document) => document?.path ?? ""),
      postings: postings.toJSON(),
    }),
  };
}

/** Each name's number; the same for the same name. */
function numbered(names: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

/** The documents with the highest scores, best first; equal ones by path. */
function bestHits(
  scores: Float64Array,
  limit: number,
  documentOf: (slot: number) => ToolDocument | undefined,
): SearchHit[] {
  const hits: SearchHit[] = [];
  for (let slot = 0; slot < scores.length; slot += 1) {
    const score = round(scores[slot] ?? 0);
    if (score === 0 || (hits.length >= limit && score < (hits.at(-1)?.score ?? 0))) continue;
    const document = documentOf(slot);
    if (!document) continue;
    const hit = { document, score };
    const at = hits.findIndex((other) => isBetter(hit, other));
    hits.splice(at < 0 ? hits.length : at, 0, hit);
    if (hits.length > limit) hits.pop();
  }
  return hits;
}

function isBetter(one: SearchHit, other: SearchHit): boolean {
  return one.score > other.score || (one.score === other.score && one.document.path < other.document.path);
}

/** Sums of the same parts in another order differ in the last digits; equal scores must stay equal. */
function round(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
