// Scores documents for a request. It knows numbered documents and terms, and neither texts nor files.
import type { Posting } from "./posting.ts";
import type { Postings } from "./postings.ts";
import type { RequestTerm, SearchRequest } from "./request.ts";

/** What ranking needs besides the postings. */
export interface Collection {
  readonly postings: Postings;
  /** Slots are numbers below this. */
  readonly slots: number;
  /** How many documents there are. */
  readonly documents: number;
  /** By slot: the sum of the inverse document frequencies of the terms in the tool's name. */
  readonly nameMass: Float64Array;
  /** By slot: the number of its server. */
  readonly servers: ArrayLike<number>;
}

// The constants of this folder are round figures chosen on nine public query sets. A random search over all of them, on half of
// each set's queries, found nothing that helped on the other half, so round they stay.

/** A tool whose name the request covers counts more: at most by this factor more. */
const NAME_BONUS = 0.8;
/** How much of a word another word for it covers, in the request and in the name, however close it is. */
const COVERED_OTHERWISE = 0.3;
/** Names of a single common word must not be covered too easily: as if each name held this much more. */
const NAME_SMOOTHING = 2;
/** A document that speaks of the whole request counts more than one that speaks of a part: at most by this factor more. */
const COVERAGE_BONUS = 0.6;
/** A word that no document holds still is a part of the request that is not covered: half as much as one in a single one. */
const UNKNOWN_MASS = 0.5;
/** How much of the final score comes from the best clause, and not from the request as a whole. */
const CLAUSE_SHARE = 0.3;
/** A tool beside a very good one of its server is likelier to be meant than one that stands alone: at most by this factor more. */
const SERVER_BONUS = 0.3;

/**
 * How rare a term is: the inverse document frequency of BM25 (Robertson and Spärck Jones), which Lucene keeps above zero.
 *
 * @param holding how many of the documents hold the term
 */
export function rarity(holding: number, documents: number): number {
  return Math.log(1 + (documents - holding + 0.5) / (holding + 0.5));
}

/** The collection's `nameMass`. */
export function nameMassOf(postings: Postings, slots: number, documents: number): Float64Array {
  const mass = new Float64Array(slots);
  for (const [, { slots: holders, named }] of postings.all()) {
    const idf = rarity(holders.length, documents);
    for (let at = 0; at < named.length; at += 1) add(mass, named[at], idf);
  }
  return mass;
}

/**
 * The score of each slot for a request, 0 to 1; 0 for a document that says nothing of it. A term counts once in a
 * document: for itself or for the best of what may stand in for it, never for the sum.
 */
export function scoreSlots(request: SearchRequest, collection: Collection): Float64Array {
  const parts = Array.from({ length: request.parts }, () => newPart(collection.slots));
  const best = newPart(collection.slots);
  for (const term of request.terms) scoreTerm(term, collection, { parts, best });
  const [whole, ...clauses] = parts.map((part) => scoresOf(part, collection));
  return withServer(withBestClause(whole ?? new Float64Array(0), clauses, parts.slice(1)), collection);
}

/** One part of a request: by slot, what it scored, and how much of the part and of the tool's name was covered. */
interface Part {
  readonly scores: Float64Array;
  readonly covered: Float64Array;
  readonly named: Float64Array;
  mass: number;
}

function newPart(slots: number): Part {
  const perSlot = (): Float64Array => new Float64Array(slots);
  return { scores: perSlot(), covered: perSlot(), named: perSlot(), mass: 0 };
}

function scoreTerm(
  request: RequestTerm,
  { postings, documents }: Collection,
  { parts, best }: { readonly parts: readonly Part[]; readonly best: Part },
): void {
  const own = postings.get(request.term);
  const idf = own ? rarity(own.slots.length, documents) : undefined;
  const mass = request.weight * (idf ?? UNKNOWN_MASS * rarity(0, documents));
  const touched: number[] = [];
  for (const { term, closeness } of request.variants) {
    const posting = postings.get(term);
    if (!posting) continue;
    // A rare synonym of a common word says no more than the word.
    const rare = Math.min(idf ?? Infinity, rarity(posting.slots.length, documents));
    raiseScores(best, touched, posting, closeness * rare);
    const covers = closeness === 1 ? 1 : COVERED_OTHERWISE;
    raise(best.covered, posting.slots, covers);
    raise(best.named, posting.named, covers);
  }
  for (const number of request.parts) {
    const part = parts[number];
    if (part) addTerm(part, best, touched, { weight: request.weight, mass });
  }
  for (const slot of touched) best.scores[slot] = best.covered[slot] = best.named[slot] = 0;
}

function addTerm(
  part: Part,
  best: Part,
  slots: readonly number[],
  { weight, mass }: { readonly weight: number; readonly mass: number },
): void {
  part.mass += mass;
  for (const slot of slots) {
    add(part.scores, slot, weight * (best.scores[slot] ?? 0));
    add(part.covered, slot, mass * (best.covered[slot] ?? 0));
    add(part.named, slot, mass * (best.named[slot] ?? 0));
  }
}

/** Raises the best score of each document of a posting; notes those that had none. */
function raiseScores({ scores }: Part, touched: number[], { slots, weights }: Posting, factor: number): void {
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at] ?? 0;
    const score = factor * (weights[at] ?? 0);
    const before = scores[slot] ?? 0;
    if (score <= before) continue;
    if (before === 0) touched.push(slot);
    scores[slot] = score;
  }
}

function raise(numbers: Float64Array, slots: ArrayLike<number>, atLeast: number): void {
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at] ?? 0;
    if ((numbers[slot] ?? 0) < atLeast) numbers[slot] = atLeast;
  }
}

function scoresOf({ scores, covered, named, mass }: Part, { nameMass }: Collection): Float64Array {
  return scores.map((score, slot) => {
    if (score === 0) return 0;
    // Several words of a request may stand for the same one of a name.
    const ofName = Math.min(1, (named[slot] ?? 0) / ((nameMass[slot] ?? 0) + NAME_SMOOTHING));
    const ofRequest = (covered[slot] ?? 0) / (mass || 1);
    return score * (1 + NAME_BONUS * ofName) * (1 + COVERAGE_BONUS * ofRequest);
  });
}

/** The best of a request's clauses lifts a document that serves one need well among documents that serve all a little. */
function withBestClause(
  whole: Float64Array,
  clauses: readonly Float64Array[],
  parts: readonly Part[],
): Float64Array {
  const top = largest(whole);
  if (clauses.length === 0) return whole.map((score) => score / top);
  const heaviest = Math.max(...parts.map(({ mass }) => mass)) || 1;
  const factors = clauses.map(
    (scores, nth) => Math.sqrt((parts[nth]?.mass ?? 0) / heaviest) / largest(scores),
  );
  return whole.map((score, slot) => {
    let best = 0;
    for (const [nth, scores] of clauses.entries())
      best = Math.max(best, (scores[slot] ?? 0) * (factors[nth] ?? 0));
    return (1 - CLAUSE_SHARE) * (score / top) + CLAUSE_SHARE * best;
  });
}

function withServer(scores: Float64Array, { servers }: Collection): Float64Array {
  const best = new Map<number, number>();
  for (const [slot, score] of scores.entries()) {
    const server = servers[slot] ?? 0;
    if (score > (best.get(server) ?? 0)) best.set(server, score);
  }
  return scores.map(
    (score, slot) => (score * (1 + SERVER_BONUS * (best.get(servers[slot] ?? 0) ?? 0))) / (1 + SERVER_BONUS),
  );
}

function largest(scores: Float64Array): number {
  let most = 0;
  for (const score of scores) if (score > most) most = score;
  return most || 1;
}

function add(numbers: Float64Array, at: number | undefined, amount: number): void {
  if (at !== undefined) numbers[at] = (numbers[at] ?? 0) + amount;
}
