// Finds the names nearest to one that was not found. It knows strings only.

/** Something that can be suggested: what to show, and the spellings it may be meant by. */
export interface Suggestion {
  readonly label: string;
  readonly spellings: readonly string[];
}

const MAX_SUGGESTIONS = 5;
/** Part of the longer spelling that may differ. */
const FARTHEST = 0.4;
const CONTAINED = 0.3;
const MIN_CONTAINED_CHARS = 3;

/** The labels nearest to any of the texts, nearest first; none when nothing is near. Case and separators do not count. */
export function nearest(texts: readonly string[], suggestions: readonly Suggestion[]): string[] {
  const asked = texts.map(foldName).filter(Boolean);
  const distances = new Map<string, number>();
  for (const { label, spellings } of suggestions) {
    const keys = spellings.map(foldName);
    const distance = Math.min(...asked.flatMap((text) => keys.map((key) => distanceOf(text, key))));
    if (distance <= FARTHEST) distances.set(label, Math.min(distance, distances.get(label) ?? 1));
  }
  const ranked = [...distances].toSorted(([a, near], [b, far]) => near - far || (a < b ? -1 : 1));
  return ranked.slice(0, MAX_SUGGESTIONS).map(([label]) => label);
}

/** A name without case and separators, slashes kept: `create_entities` and `createEntities` become one. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.\s]/g, "");
}

function distanceOf(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  const shorter = Math.min(a.length, b.length);
  if (longer === 0) return 0;
  const within = shorter >= MIN_CONTAINED_CHARS && (a.includes(b) || b.includes(a));
  const bound = within ? CONTAINED * (2 - shorter / longer) : 1;
  const least = (longer - shorter) / longer;
  return least > FARTHEST ? bound : Math.min(bound, editDistance(a, b) / longer);
}

/** Levenshtein: the insertions, deletions and replacements that turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
