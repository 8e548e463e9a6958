// Which known names someone may have meant: one rule for every "did you mean" of the house.
import { distance } from "fastest-levenshtein";

/**
 * The candidates nearest to `name`, best first; none when nothing is near.
 *
 * Case and separators do not count. Near is an edit distance of at most a third of the longer name, or one name
 * containing the other.
 *
 * @param limit how many at most; default 5.
 */
export function nearest(name: string, candidates: readonly string[], limit = 5): string[] {
  const wanted = fold(name);
  if (wanted === "") return [];
  return candidates
    .map((candidate) => ({ candidate, cost: costOf(wanted, fold(candidate)) }))
    .filter(({ cost }) => cost < 1)
    .toSorted((a, b) => a.cost - b.cost || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** From 0 (the same) upwards; 1 or more is too far. */
function costOf(wanted: string, candidate: string): number {
  if (candidate === "") return 1;
  const longer = Math.max(wanted.length, candidate.length);
  const edits = distance(wanted, candidate) / (longer / 3 + 1);
  const contained = candidate.includes(wanted) || (wanted.includes(candidate) && candidate.length > 2);
  return contained
    ? Math.min(edits, 0.9 - 0.4 * (Math.min(wanted.length, candidate.length) / longer))
    : edits;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, "");
}
