// Prints new JSON properties the way the text around them is written: its indentation, its line ends.
import { createScanner, type Edit, type Node } from "jsonc-parser";

/** How a text is laid out. */
export interface JsonStyle {
  /** One step of indentation. */
  readonly unit: string;
  readonly newline: string;
}

/** A property of an object, with the comma behind it. */
export interface Property {
  readonly name: string;
  readonly node: Node;
  readonly comma: number | undefined;
}

/** Where something is printed. */
export interface PrintPlace {
  readonly body: string;
  readonly offset: number;
  readonly style: JsonStyle;
}

// The parser's token kinds are a const enum, which a module that is compiled alone cannot import.
const COMMENTS = new Set([12, 13]);
const LINE_BREAK = 14;
const BLANKS = 15;

/** The layout of a text; two spaces and `\n` when it shows none. */
export function detectStyle(body: string): JsonStyle {
  const unit = /\n([ \t]+)"/.exec(body)?.[1] ?? "  ";
  return { unit, newline: body.includes("\r\n") ? "\r\n" : "\n" };
}

/** Properties as they would stand at the offset: on one line when something stands before them on theirs. */
export function printProperties(
  properties: ReadonlyMap<string, unknown>,
  { body, offset, style }: PrintPlace,
): string {
  return printAll(properties, indentAt(body, offset), style);
}

/** Edits that add properties behind the last one, or into an empty object. Comments keep the line they stand on. */
export function appendProperties(
  properties: ReadonlyMap<string, unknown>,
  object: Node,
  last: Property | undefined,
  { body, style }: Pick<PrintPlace, "body" | "style">,
): Edit[] {
  if (!last) return [fillEmpty(properties, object, { body, style })];
  const indent = indentAt(body, last.node.offset);
  const end = last.node.offset + last.node.length;
  const at = endOfLine(body, last.comma === undefined ? end : last.comma + 1);
  // Behind a comment even what stays on one line needs a new one.
  const isBehindComment = at > (last.comma === undefined ? end : last.comma + 1);
  const lead = isBehindComment ? style.newline + (indent ?? "") : leadOf(indent, style);
  const content = lead + printAll(properties, indent, style);
  if (last.comma !== undefined) return [{ offset: at, length: 0, content }];
  if (at === end) return [{ offset: at, length: 0, content: `,${content}` }];
  return [
    { offset: end, length: 0, content: "," },
    { offset: at, length: 0, content },
  ];
}

function fillEmpty(
  properties: ReadonlyMap<string, unknown>,
  { offset, length }: Node,
  { body, style }: Pick<PrintPlace, "body" | "style">,
): Edit {
  const outer = /^[ \t]*/.exec(lineBefore(body, offset))?.[0] ?? "";
  const indent = outer + style.unit;
  const inside = body.slice(offset + 1, offset + length - 1);
  const kept = inside.trimEnd();
  const content = leadOf(indent, style) + printAll(properties, indent, style) + style.newline + outer;
  return { offset: offset + 1 + kept.length, length: inside.length - kept.length, content };
}

function printAll(
  properties: ReadonlyMap<string, unknown>,
  indent: string | undefined,
  style: JsonStyle,
): string {
  return [...properties]
    .map(([name, value]) => `${JSON.stringify(name)}: ${printValue(value, indent, style)}`)
    .join(`,${leadOf(indent, style)}`);
}

function printValue(value: unknown, indent: string | undefined, { unit, newline }: JsonStyle): string {
  if (indent === undefined) return JSON.stringify(value);
  return JSON.stringify(value, null, unit).replaceAll("\n", newline + indent);
}

function leadOf(indent: string | undefined, { newline }: JsonStyle): string {
  return indent === undefined ? " " : newline + indent;
}

/** Behind what else stands on the line, comments included; never behind a token. */
function endOfLine(body: string, from: number): number {
  const scanner = createScanner(body, false);
  scanner.setPosition(from);
  let end = from;
  for (let token = scanner.scan() as number; ; token = scanner.scan() as number) {
    if (token === LINE_BREAK) return end;
    if (COMMENTS.has(token)) end = scanner.getTokenOffset() + scanner.getTokenLength();
    else if (token !== BLANKS) return from;
  }
}

/** The blanks before an offset when nothing else stands before it on its line. */
function indentAt(body: string, offset: number): string | undefined {
  const before = lineBefore(body, offset);
  return before.trim() === "" ? before : undefined;
}

function lineBefore(body: string, offset: number): string {
  return body.slice(body.lastIndexOf("\n", offset - 1) + 1, offset);
}
