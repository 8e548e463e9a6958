// Makes text from strangers harmless inside TypeScript source. It knows characters, not what the text is for.

/**
 * Characters that nobody sees: controls, bidi and zero-width marks, separators, tags, lone surrogates. Two emoji
 * selectors are let through because ordinary emoji carry them.
 */
const INVISIBLE = /(?!\t|\n|\uFE0E|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The text with each invisible character written out, such as `[U+202E]`. Tabs and line feeds stay. */
export function showInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `[U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}

/** A string literal that evaluates to exactly `value`, is plain to see and is safe inside a script element. */
export function stringLiteral(value: string): string {
  return JSON.stringify(value).replace(INVISIBLE, escapeUnits).replaceAll("</", "<\\/");
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}
