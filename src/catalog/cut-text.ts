// The start of a long text, and how much of it is missing. It knows texts only.

/** What stands behind a text that was cut, and what it means. */
export const CUT_LEGEND = "(+N): N characters are cut; read that tool alone for all of it.";

/** Whether a text shows that something was cut from it. */
export function isCut(text: string): boolean {
  return /… \(\+\d+\)$/.test(text);
}

/** A text of at most about so many characters, cut at a word; one that is hardly longer stays whole. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars + 20) return text;
  const head = text.slice(0, maxChars);
  const word = head.search(/\s+\S*$/);
  const kept = (word > maxChars / 2 ? head.slice(0, word) : head.replace(/[\ud800-\udbff]$/, "")).trimEnd();
  return `${kept}… (+${text.length - kept.length})`;
}
