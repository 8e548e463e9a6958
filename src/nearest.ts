// Which known names someone may have meant: one rule for every "did you mean" of the house. It knows strings only.
import { distance } from "fastest-levenshtein";

/** Something that can be suggested: what to show, and the spellings it may be meant by. */
export interface Suggestion {
  readonly label: string;
  readonly spellings: readonly string[];
}

/** Part of the longer spelling that may differ. */
const FARTHEST = 0.4;
const CONTAINED = 0.3;
const MIN_CONTAINED_CHARS = 3;

/** The names nearest to `wanted`, nearest first, at most `limit`; none when nothing is near. */
export function nearest(wanted: string, names: readonly string[], limit = 5): string[] {
  return nearestLabels(
    [wanted],
    names.map((name) => ({ label: name, spellings: [name] })),
    limit,
  );
}

/**
 * The labels nearest to any of the texts. Case and separators do not count; near is an edit distance of at most 0.4 of
 * the longer spelling; one that contains most of the other is nearer than its edits say.
 */
export function nearestLabels(
  texts: readonly string[],
  suggestions: readonly Suggestion[],
  limit = 5,
): string[] {
  const asked = texts.map(foldName).filter(Boolean);
  const costs = new Map<string, number>();
  for (const { label, spellings } of suggestions) {
    const keys = spellings.map(foldName);
    const cost = Math.min(...asked.flatMap((text) => keys.map((key) => costOf(text, key))));
    if (cost <= FARTHEST) costs.set(label, Math.min(cost, costs.get(label) ?? 1));
  }
  const ranked = [...costs].toSorted(([a, near], [b, far]) => near - far || (a < b ? -1 : 1));
  return ranked.slice(0, limit).map(([label]) => label);
}

/** A name without case and separators, slashes kept: `create_entities` and `createEntities` become one. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.\s]/g, "");
}

function costOf(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  const shorter = Math.min(a.length, b.length);
  if (longer === 0) return 0;
  const within = shorter >= MIN_CONTAINED_CHARS && (a.includes(b) || b.includes(a));
  const bound = within ? CONTAINED * (2 - shorter / longer) : 1;
  const least = (longer - shorter) / longer;
  return least > FARTHEST ? bound : Math.min(bound, distance(a, b) / longer);
}
