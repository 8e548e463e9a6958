// The inverted index: which documents hold a term, and what it weighs there. Documents are numbers here; it ranks nothing.
import type { TermWeight } from "./fields.ts";
import type { Posting } from "./posting.ts";
import { loadPostings, savePostings, type SavedPostings } from "./saved-postings.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

/** An inverted index over numbered documents. */
export interface Postings {
  get(term: string): Posting | undefined;
  all(): Iterable<readonly [string, Posting]>;
  /** Adds a document; its slot must be free. */
  add(slot: number, terms: ReadonlyMap<string, TermWeight>): void;
  /** Removes documents. One pass over everything, however many they are. */
  remove(slots: ReadonlySet<number>): void;
  readonly vocabulary: Pick<Vocabulary, "beginningWith" | "near">;
  toJSON(): SavedPostings;
}

interface Growing {
  readonly slots: number[];
  readonly weights: number[];
  readonly named: number[];
}

/** Opens postings, empty or as `toJSON` gave them. Throws when they are not what it gave. */
export function createPostings(saved?: SavedPostings): Postings {
  // A term is in one of the two: what was loaded is views on the file's bytes, which cannot grow.
  const loaded: Map<string, Posting> = saved ? loadPostings(saved) : new Map<string, Posting>();
  const grown = new Map<string, Growing>();
  function* all(): Generator<readonly [string, Posting]> {
    yield* loaded;
    yield* grown;
  }

  function* terms(): Generator<string> {
    for (const [term] of all()) yield term;
  }
  const vocabulary = createVocabulary(terms);

  function growing(term: string): Growing {
    const known = grown.get(term);
    if (known) return known;
    const posting = copy(loaded.get(term));
    loaded.delete(term);
    grown.set(term, posting);
    vocabulary.add(term);
    return posting;
  }

  function remove(gone: ReadonlySet<number>): void {
    for (const [term, posting] of all()) {
      const kept = without(posting, gone);
      if (kept === posting) continue;
      loaded.delete(term);
      grown.delete(term);
      if (kept.slots.length > 0) grown.set(term, copy(kept));
      else vocabulary.remove(term);
    }
  }

  return {
    get: (term) => grown.get(term) ?? loaded.get(term),
    all,
    add(slot, weights) {
      for (const [term, { weight, isNamed }] of weights) {
        const posting = growing(term);
        posting.slots.push(slot);
        // Rounded as a file keeps it: a loaded index answers exactly as the one that was saved.
        posting.weights.push(Math.fround(weight));
        if (isNamed) posting.named.push(slot);
      }
    },
    remove,
    vocabulary,
    toJSON: () => savePostings(all()),
  };
}

function copy(posting: Posting = { slots: [], weights: [], named: [] }): Growing {
  return {
    slots: Array.from(posting.slots),
    weights: Array.from(posting.weights),
    named: Array.from(posting.named),
  };
}

/** The posting without these slots: itself when none of them is in it. */
function without(posting: Posting, gone: ReadonlySet<number>): Posting {
  if (!holdsAny(posting.slots, gone)) return posting;
  const { slots, weights, named } = copy(posting);
  return {
    slots: slots.filter((slot) => !gone.has(slot)),
    weights: weights.filter((_, at) => !gone.has(slots[at] ?? -1)),
    named: named.filter((slot) => !gone.has(slot)),
  };
}

/** Most terms know nothing of the few documents that change: they are looked through in place. */
function holdsAny(slots: ArrayLike<number>, wanted: ReadonlySet<number>): boolean {
  for (let at = 0; at < slots.length; at += 1) if (wanted.has(slots[at] ?? -1)) return true;
  return false;
}
