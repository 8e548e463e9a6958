// Finds the names most like one that does not exist, for error messages. It knows only strings.

/** At most `limit` of the names, the most alike first; case and punctuation do not count. Names with nothing alike are left out. */
export function nearestNames(wanted: string, names: readonly string[], limit = 5): string[] {
  const target = pairs(wanted);
  return names
    .map((name) => ({ name, likeness: likeness(target, pairs(name)) }))
    .filter((entry) => entry.likeness > 0)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, limit)
    .map((entry) => entry.name);
}

/** The pairs of neighbouring letters of a name: `create_it` and `createIt` have the same. */
function pairs(name: string): Set<string> {
  const letters = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  return new Set(Array.from({ length: letters.length - 1 }, (_, index) => letters.slice(index, index + 2)));
}

/** Dice's coefficient: 1 for equal sets, 0 for sets with nothing in common. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return (2 * shared) / (a.size + b.size || 1);
}
