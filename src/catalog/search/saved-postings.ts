// Postings as JSON and back. The numbers of all terms stand in four blocks of bytes, so that loading copies none of them.
import type { Posting } from "./posting.ts";

/** Postings as JSON. The numbers of a term follow those of the term before it. */
export interface SavedPostings {
  /** One a line, in the order of the numbers. */
  readonly terms: string;
  /** How many slots and how many named slots each term has: pairs of 32-bit numbers in base64. */
  readonly counts: string;
  /** 32-bit numbers in base64; so are the named ones. */
  readonly slots: string;
  /** 32-bit floating-point numbers in base64. */
  readonly weights: string;
  readonly named: string;
}

/** Writes postings down. */
export function savePostings(postings: Iterable<readonly [string, Posting]>): SavedPostings {
  const all = [...postings];
  const counts = Uint32Array.from(all.flatMap(([, { slots, named }]) => [slots.length, named.length]));
  const parts = all.map(([, posting]) => posting);
  return {
    terms: all.map(([term]) => term).join("\n"),
    counts: toBase64(counts),
    slots: toBase64(
      joined(
        Uint32Array,
        parts.map(({ slots }) => slots),
      ),
    ),
    weights: toBase64(
      joined(
        Float32Array,
        parts.map(({ weights }) => weights),
      ),
    ),
    named: toBase64(
      joined(
        Uint32Array,
        parts.map(({ named }) => named),
      ),
    ),
  };
}

type Numbers = Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

function joined(Kind: new (length: number) => Numbers, parts: readonly ArrayLike<number>[]): Numbers {
  const whole = new Kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads what `savePostings` wrote. Throws when the blocks do not fit together. */
export function loadPostings(saved: SavedPostings): Map<string, Posting> {
  const counts = new Uint32Array(toBytes(saved.counts));
  const slots = new Uint32Array(toBytes(saved.slots));
  const weights = new Float32Array(toBytes(saved.weights));
  const named = new Uint32Array(toBytes(saved.named));
  const postings = new Map<string, Posting>();
  let [at, namedAt] = [0, 0];
  for (const [nth, term] of saved.terms.split("\n").entries()) {
    const end = at + (counts[2 * nth] ?? 0);
    const namedEnd = namedAt + (counts[2 * nth + 1] ?? 0);
    postings.set(term, {
      slots: slots.subarray(at, end),
      weights: weights.subarray(at, end),
      named: named.subarray(namedAt, namedEnd),
    });
    [at, namedAt] = [end, namedEnd];
  }
  if (at !== slots.length || at !== weights.length || namedAt !== named.length) {
    throw new Error("the saved postings do not fit together");
  }
  return postings;
}

function toBase64({ buffer, byteOffset, byteLength }: Numbers): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

/** In a buffer of their own: views of wider numbers must begin at a multiple of four. */
function toBytes(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, "base64")).buffer;
}
