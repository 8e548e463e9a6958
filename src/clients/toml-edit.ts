// Cuts servers out of a TOML text by exact ranges, since no TOML library keeps comments. The result is parsed again and
// compared, so that a layout this file does not understand is refused, never damaged.
import { isDeepStrictEqual } from "node:util";
import { stringify, type TomlTable } from "smol-toml";
import { memberOf, parseToml, splitToml, type Statement } from "./toml-statements.ts";

/** Which tables of which parent to cut, and which one to put there. */
export interface TableChange {
  readonly parent: string;
  readonly remove: ReadonlySet<string>;
  readonly put?: readonly [name: string, value: TomlTable] | undefined;
}

/** Changes tables under one parent. Throws when the result would not say exactly what was asked for. */
export function editTables(text: string, change: TableChange): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const table = change.put ? printTable(change.parent, change.put, newline) : "";
  const statements = splitToml(text, change.parent);
  const edited = replaceTables(statements, cutsOf(statements, change.remove), table);
  if (says(edited, expected(parseToml(text), change), change.parent)) return edited;
  throw new Error(`the tables of [${change.parent}] cannot be cut as they are: write each as a table`);
}

function says(text: string, value: unknown, parent: string): boolean {
  try {
    return isDeepStrictEqual(normal(parseToml(text), parent), value);
  } catch {
    return false;
  }
}

/** The text without what is cut, the table in the place of the first cut one or at the end. */
function replaceTables(statements: readonly Statement[], cut: ReadonlySet<Statement>, table: string): string {
  const first = statements.find((statement) => cut.has(statement));
  const isInPlace = first?.kind === "header";
  const text = statements.reduce((before, statement, nth) => {
    if (statement === first && isInPlace) return before + table;
    if (cut.has(statement)) return before;
    // Of the empty lines around what is gone, those before it are enough.
    const previous = statements[nth - 1];
    const isSurplus = previous && cut.has(previous) && isBlank(statement.text) && endsBlank(before);
    return isSurplus ? before : before + statement.text;
  }, "");
  return isInPlace || table === "" ? text : appendTable(text, table);
}

function appendTable(text: string, table: string): string {
  const newline = table.includes("\r\n") ? "\r\n" : "\n";
  const ended = text === "" || text.endsWith("\n") ? text : text + newline;
  return ended + (endsBlank(ended) ? "" : newline) + table;
}

/** Lines between two parts of one removed table go with it; those before the next table stay. */
function cutsOf(statements: readonly Statement[], remove: ReadonlySet<string>): Set<Statement> {
  const cut = new Set(
    statements.filter(({ about }) => about.length > 0 && about.every((name) => remove.has(name))),
  );
  const spoken = statements.filter(({ kind }) => kind !== "other");
  let next = 0;
  for (const statement of statements) {
    const [before, after] = [spoken[next - 1], spoken[next]];
    if (statement.kind !== "other") next += 1;
    else if (before && cut.has(before) && after?.kind === "pair" && cut.has(after)) cut.add(statement);
  }
  return cut;
}

function printTable(parent: string, [name, value]: NonNullable<TableChange["put"]>, newline: string): string {
  return `${stringify({ [parent]: { [name]: value } }).trim()}\n`.replaceAll("\n", newline);
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function endsBlank(text: string): boolean {
  return /(?:^|\n)[ \t]*\r?\n$/.test(text) || text === "";
}

function expected(before: TomlTable, { parent, remove, put }: TableChange): unknown {
  const tables = Object.entries(memberOf(before, parent)).filter(([name]) => !remove.has(name));
  return normal({ ...before, [parent]: Object.fromEntries([...tables, ...(put ? [put] : [])]) }, parent);
}

/** A parent without tables says as much as no parent. */
function normal(value: TomlTable, parent: string): unknown {
  const { [parent]: tables, ...rest } = value;
  return structuredClone(
    Object.keys(memberOf(value, parent)).length > 0 ? { ...rest, [parent]: tables } : rest,
  );
}
