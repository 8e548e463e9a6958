// Makes text from elsewhere safe to show on a terminal: what would move the cursor or hide is spelled out.

/** The text on one line, control and invisible characters as escapes. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === "\n" ? "\\n" : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
