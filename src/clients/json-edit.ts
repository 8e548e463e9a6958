// Changes properties of one object in a JSON text with comments. Every character that needs no change stays.
import { isDeepStrictEqual } from "node:util";
import {
  applyEdits,
  createScanner,
  findNodeAtLocation,
  parse,
  parseTree,
  printParseErrorCode,
  type Edit,
  type Node,
  type ParseError,
} from "jsonc-parser";
import { appendProperties, detectStyle, printProperties, type Property } from "./json-print.ts";

/** What to change in an object: names to remove, and names with their new values. */
export interface PropertyChange {
  readonly remove: ReadonlySet<string>;
  readonly set: ReadonlyMap<string, unknown>;
}

// The parser's token kinds are a const enum, which a module that is compiled alone cannot import.
const COMMA = 5;
const BOM = "\uFEFF";

/** The value a text stands for; comments, a trailing comma and a byte order mark are allowed, and it may be empty. */
export function parseJson(text: string): unknown {
  const body = withoutMark(text);
  if (body.trim() === "") return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(body, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return value;
  const line = body.slice(0, first.offset).split("\n").length;
  throw new Error(`line ${line} is not valid JSON (${printParseErrorCode(first.error)})`);
}

/**
 * Changes the object at `at`, which is made when it is absent. New properties take the place of the first one that is
 * removed, else the end. Throws when the result would not say exactly what was asked for.
 */
export function editProperties(text: string, at: readonly string[], change: PropertyChange): string {
  const mark = text.startsWith(BOM) ? BOM : "";
  const body = withoutMark(text).trim() === "" ? "{}\n" : withoutMark(text);
  const edited = applyEdits(body, planEdits(body, at, change));
  if (!isDeepStrictEqual(parseJson(edited), expected(parseJson(body), at, change)))
    throw new Error(`"${at.join(".")}" could not be changed without changing more`);
  return mark + edited;
}

function planEdits(body: string, at: readonly string[], change: PropertyChange): Edit[] {
  const root = parseTree(body, [], { allowTrailingComma: true });
  const object = root && findNodeAtLocation(root, [...at]);
  if (object?.type === "object") return editsIn(body, object, change);
  const last = at.at(-1);
  if (last === undefined || object) throw new Error(`"${at.join(".")}" is not an object`);
  if (change.set.size === 0) return [];
  const set = new Map([[last, Object.fromEntries(change.set)]]);
  return planEdits(body, at.slice(0, -1), { remove: new Set(), set });
}

function editsIn(body: string, object: Node, { remove, set }: PropertyChange): Edit[] {
  const style = detectStyle(body);
  const properties = propertiesOf(body, object);
  const names = new Set(properties.map(({ name }) => name));
  const fresh = new Map([...set].filter(([name]) => !names.has(name)));
  const replaced = properties.filter(
    ({ name, node }) => set.has(name) && !isDeepStrictEqual(valueOf(body, node), set.get(name)),
  );
  const removed = properties.filter(({ name }) => remove.has(name) && !set.has(name));
  const heir = fresh.size > 0 ? removed[0] : undefined;
  const rewrite = ({ node }: Property, wanted: ReadonlyMap<string, unknown>): Edit => ({
    offset: node.offset,
    length: node.length,
    content: printProperties(wanted, { body, offset: node.offset, style }),
  });
  return [
    ...replaced.map((property) => rewrite(property, new Map([[property.name, set.get(property.name)]]))),
    ...(heir ? [rewrite(heir, fresh)] : []),
    ...cutEdits(body, properties, new Set(removed.filter((property) => property !== heir))),
    ...(fresh.size > 0 && !heir ? appendProperties(fresh, object, properties.at(-1), { body, style }) : []),
  ];
}

function propertiesOf(body: string, object: Node): Property[] {
  const scanner = createScanner(body, true);
  return (object.children ?? []).map((node) => {
    scanner.setPosition(node.offset + node.length);
    const comma = (scanner.scan() as number) === COMMA ? scanner.getTokenOffset() : undefined;
    return { name: String(node.children?.[0]?.value), node, comma };
  });
}

function cutEdits(body: string, properties: readonly Property[], cut: ReadonlySet<Property>): Edit[] {
  const edits = [...cut].flatMap(({ node, comma }) => cutWithComma(body, node, comma));
  const lastKept = properties.findLast((property) => !cut.has(property));
  const isLast = lastKept === properties.at(-1) || properties.at(-1)?.comma !== undefined;
  // The comma that stood before the removed tail would be left dangling.
  if (lastKept?.comma !== undefined && !isLast)
    edits.push({ offset: lastKept.comma, length: 1, content: "" });
  return edits;
}

function cutWithComma(body: string, { offset, length }: Node, comma: number | undefined): Edit[] {
  const end = offset + length;
  if (comma === undefined) return [cutRange(body, offset, end)];
  if (body.slice(end, comma).trim() === "") return [cutRange(body, offset, comma + 1)];
  return [cutRange(body, offset, end), { offset: comma, length: 1, content: "" }];
}

/** A range to cut; when nothing else stands on its lines, the lines go with it. */
function cutRange(body: string, start: number, end: number): Edit {
  const lineStart = start - lineIndent(body, start).length;
  const tail = /^[ \t]*(?:\r?\n|$)/.exec(body.slice(end))?.[0];
  const whole = tail !== undefined && (lineStart === 0 || body[lineStart - 1] === "\n");
  const [from, to] = whole ? [lineStart, end + tail.length] : [start, end];
  return { offset: from, length: to - from, content: "" };
}

/** The blanks right before an offset. */
function lineIndent(body: string, offset: number): string {
  return /[ \t]*$/.exec(body.slice(0, offset))?.[0] ?? "";
}

/** The value of a property. */
function valueOf(body: string, { children }: Node): unknown {
  const value = children?.[1];
  return value && parseJson(body.slice(value.offset, value.offset + value.length));
}

/** What the edited text must say. */
function expected(value: unknown, at: readonly string[], change: PropertyChange): unknown {
  const properties = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const entries = new Map<string, unknown>(properties);
  const [step, ...rest] = at;
  if (step === undefined) {
    for (const name of change.remove) entries.delete(name);
    for (const [name, one] of change.set) entries.set(name, one);
  } else if (change.set.size > 0 || entries.has(step)) {
    entries.set(step, expected(entries.get(step), rest, change));
  }
  return Object.fromEntries(entries);
}

function withoutMark(text: string): string {
  return text.startsWith(BOM) ? text.slice(BOM.length) : text;
}
