// The start of a long text, and how much of it is missing. It knows texts, and how generated wrappers end them.

/** What stands where a text was cut, and what it means. */
export const CUT_LEGEND = "(+N): N characters are cut; read that tool alone for all of it.";

// The last sentence of a generated comment, behind another or its footnote mark: bounds, defaults and the like, which code
// depends on.
const FACTS =
  /(?<=^|[.!?:;…。\]] |\n)(?:Default |At (?:least|most) |Exactly |More than |Less than |A multiple of |No repetition|Format |Matches |Deprecated|-?\d[\d.]* to -?\d).{0,200}$/;
/** So much more than the limit is shown all the same: to say that it is cut would cost as much. */
const SLACK = 25;

/** Whether something was cut from a text. */
export function isCut(text: string): boolean {
  return /… \(\+\d+\)/.test(text);
}

/** A text of about so many characters, cut at a word; the facts at its end stay. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars + SLACK) return text;
  const facts = FACTS.exec(text)?.[0] ?? "";
  const prose = text.slice(0, text.length - facts.length).trimEnd();
  if (prose.length <= maxChars + SLACK) return text;
  const head = prose.slice(0, maxChars);
  const word = head.search(/\s+\S*$/);
  const kept = (word > maxChars / 2 ? head.slice(0, word) : head.replace(/[\ud800-\udbff]$/, "")).trimEnd();
  return `${kept}… (+${prose.length - kept.length})${facts === "" ? "" : ` ${facts}`}`;
}
