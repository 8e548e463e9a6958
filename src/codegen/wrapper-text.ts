// What strangers' words became in a wrapper, turned back into words. It does not judge them.

/** The texts of a generated wrapper, one a comment or string literal, with what was written out put back as it was sent. */
export function textsOfWrapper(source: string): string[] {
  const tokens = source.match(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"/g) ?? [];
  return tokens.map((token) => (token.startsWith('"') ? literalText(token) : commentText(token)));
}

function literalText(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    // Not one of ours: somebody has edited the file.
    return literal;
  }
}

function commentText(comment: string): string {
  return comment
    .slice(2, -2)
    .replace(/^\*/, "")
    .replaceAll(/\n\s*\* ?/g, "\n")
    .replaceAll("*\\/", "*/")
    .replaceAll("\\@", "@")
    .replaceAll(/\[U\+([0-9A-F]{4,6})\]/g, (whole, digits: string) => {
      const codePoint = Number.parseInt(digits, 16);
      return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
    })
    .trim();
}
