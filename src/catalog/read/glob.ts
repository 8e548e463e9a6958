// Matches slash-separated paths against globs: *, **, ? and {a,b}. Time grows with pattern × path, never faster.

const MAX_ALTERNATIVES = 256;

/** Whether a text is meant as a glob. */
export function isGlob(text: string): boolean {
  return /[*?{]/.test(text);
}

/** Compiles a glob. `*` and `?` stay within a segment; `**` spans any number of segments, none included. */
export function compileGlob(glob: string): (path: string) => boolean {
  const patterns = expandBraces(glob).map((pattern) => pattern.split("/"));
  return (path) => {
    const segments = path.split("/");
    return patterns.some((pattern) => matchSequence(pattern, segments, { any: "**", matches: matchSegment }));
  };
}

function matchSegment(pattern: string, segment: string): boolean {
  return matchSequence(Array.from(pattern), Array.from(segment), {
    any: "*",
    matches: (p, c) => p === "?" || p === c,
  });
}

interface Matching {
  /** The pattern item that takes any number of values. */
  readonly any: string;
  readonly matches: (pattern: string, value: string) => boolean;
}

/** On a mismatch it suffices to let the latest `any` take one value more: no earlier one can do better. */
function matchSequence(
  pattern: readonly string[],
  values: readonly string[],
  { any, matches }: Matching,
): boolean {
  let at = 0;
  let anyAt = -1;
  let resumeAt = 0;
  for (let nth = 0; nth < values.length;) {
    const item = pattern[at];
    if (item === any) {
      anyAt = at++;
      resumeAt = nth;
    } else if (item !== undefined && matches(item, values[nth] ?? "")) {
      at++;
      nth++;
    } else if (anyAt >= 0) {
      at = anyAt + 1;
      nth = ++resumeAt;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every((item) => item === any);
}

/** `a{b,c}d` → `abd`, `acd`, innermost braces first; a brace without its partner stands for itself. */
function expandBraces(glob: string): string[] {
  let patterns = [glob];
  while (patterns.length < MAX_ALTERNATIVES && patterns.some((pattern) => BRACES.test(pattern))) {
    patterns = patterns.flatMap((pattern) => {
      const [whole, before = "", choices = "", after = ""] = BRACES.exec(pattern) ?? [];
      return whole === undefined ? [pattern] : choices.split(",").map((choice) => before + choice + after);
    });
  }
  return patterns.slice(0, MAX_ALTERNATIVES);
}

const BRACES = /^([\s\S]*?)\{([^{}]*)\}([\s\S]*)$/;
