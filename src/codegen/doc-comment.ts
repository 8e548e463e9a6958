// Text to a JSDoc comment that says the same and can do nothing else. It knows neither tools nor schemas.
import { showInvisible } from "./safe-text.ts";

/** Half as much again as the longest text we met among 1,608 tools; agents pay for every character they read. */
const MAX_TEXT = 20_000;

/** What a doc comment holds. */
export interface DocComment {
  /** Any text; kept line by line, up to 20,000 characters. */
  readonly text: string;
  /** Tags of our own, such as `tool` with `memory/read_graph`; each takes one line. */
  readonly tags?: readonly (readonly [name: string, value: string])[];
}

/**
 * The comment as source lines, each starting with `indent`, ending in a line feed; empty when there is nothing to
 * say. Text cannot close the comment or become a tag: a comment end is written `*\/`, a tag's `@` is written `\@`.
 */
export function docComment({ text, tags = [] }: DocComment, indent = ""): string {
  const lines = splitLines(shorten(text)).map(harmless);
  const tagLines = tags.map(
    ([name, value]) => `@${name} ${harmless(showInvisible(value.replaceAll("\n", "[U+000A]")))}`,
  );
  const [only] = lines;
  if (only === undefined && tagLines.length === 0) return "";
  if (lines.length === 1 && tagLines.length === 0) return `${indent}/** ${only} */\n`;
  const gap = lines.length > 0 && tagLines.length > 0 ? [""] : [];
  const body = [...lines, ...gap, ...tagLines].map((line) => `${indent} *${line === "" ? "" : ` ${line}`}\n`);
  return `${indent}/**\n${body.join("")}${indent} */\n`;
}

/** Text for a block comment inside a line of code. */
export function inlineComment(text: string): string {
  return `/* ${harmless(splitLines(text).join(" "))} */`;
}

/** The start of a text that is too long, and how much is missing. */
function shorten(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT)}\n[${text.length - MAX_TEXT} more characters were cut]`;
}

/** Lines without trailing space, and without empty lines at either end. */
function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function harmless(line: string): string {
  return (
    showInvisible(line)
      .replaceAll("*/", "*\\/")
      // A comment line may open with stray asterisks, and a slash after the last of them would end the comment.
      .replace(/^\//, "\\/")
      .replace(/(^|[\s{*])@/g, "$1\\@")
  );
}
