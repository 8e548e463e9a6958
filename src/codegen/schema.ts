// What a JSON Schema is made of, and where its references lead. It fetches nothing and trusts nothing.

/** The keywords of a schema that is an object. */
export type Keywords = Readonly<Record<string, unknown>>;

/** The keywords of an object schema; undefined for `true`, `false` and whatever else a server may send. */
export function keywordsOf(value: unknown): Keywords | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Keywords)
    : undefined;
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Steps of a reference into the same document, or undefined when it leads elsewhere: `#` → [], `#/$defs/a` → two. */
export function pointerSteps(reference: string): string[] | undefined {
  if (reference === "#" || reference === "#/") return [];
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((step) => percentDecoded(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What the steps lead to; undefined when they lead nowhere. */
export function follow(root: unknown, steps: readonly string[]): unknown {
  let target = root;
  for (const step of steps) {
    if (typeof target !== "object" || target === null || !Object.hasOwn(target, step)) return undefined;
    target = (target as Record<string, unknown>)[step];
  }
  return target;
}

function percentDecoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
