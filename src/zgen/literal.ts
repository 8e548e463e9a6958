// Text from a server as a TypeScript literal or comment: it can look like anything and mean nothing.

/** A string literal. Line separators are escaped, since old readers take them for line ends. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, escapeUnit);
}

/** A property name: bare when it is an identifier, else quoted. */
export function propertyName(name: string): string {
  // `__proto__` unquoted and quoted mean the same in a type; quoted it cannot be mistaken.
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : stringLiteral(name);
}

// Characters that act instead of being seen: controls, zero-width and bidirectional marks, tags, line separators.
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text that may stand in a JSDoc comment: it cannot end it, start a tag, or hide anything. */
export function commentText(text: string): string[] {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .replace(UNSEEN, (unit) => `[U+${(unit.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`)
    .replaceAll("*/", "*\\/")
    .split("\n")
    .map((line) => line.trimEnd().replace(/^(\s*)@/, "$1\\@"));
  while (lines.length > 0 && lines[0] === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** A JSDoc comment from its lines, each line indented; on one line when there is only one. */
export function docComment(lines: readonly string[], indent: string): string {
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16)}`;
}
