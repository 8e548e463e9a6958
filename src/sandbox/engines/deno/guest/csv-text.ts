// Rows as CSV text, many at a time. It knows no files.
import type { CsvWriteOptions, Pieces, Row } from "../../../guest-api.ts";
import { loadPapa } from "./csv.ts";
import { toText } from "./value.ts";

/** Rows printed at once. */
const BATCH = 256;

/** How rows are printed. */
export interface CsvStyle extends CsvWriteOptions {
  /** `\n` by default. */
  readonly newline?: string;
  /** Whether the columns come first; true by default. */
  readonly hasHeader?: boolean;
}

/** Text of many rows at a time, each whole; the header alone comes first. */
export async function* csvText(rows: Pieces<Row>, style: CsvStyle): AsyncGenerator<string> {
  const print = await createPrinter(style);
  const { hasHeader = true } = style;
  let columns = style.columns ?? (Array.isArray(rows) ? allKeys(rows as readonly Row[]) : undefined);
  let isBegun = !hasHeader;
  let waiting: string[][] = [];
  for await (const row of rows) {
    columns ??= allKeys([row]);
    if (!isBegun && columns) yield print([columns]);
    isBegun = true;
    waiting.push(cellsOf(row, columns));
    if (waiting.length < BATCH) continue;
    yield print(waiting);
    waiting = [];
  }
  if (!isBegun && columns) yield print([columns]);
  if (waiting.length > 0) yield print(waiting);
}

async function createPrinter({
  delimiter = ",",
  newline = "\n",
}: CsvStyle): Promise<(table: readonly (readonly string[])[]) => string> {
  const { unparse } = await loadPapa();
  // An empty cell alone would be an empty line, which is no row.
  const printRow = (row: readonly string[]): string =>
    `${isBlank(row) ? '""' : unparse([row], { delimiter, newline })}${newline}`;
  return (table) =>
    table.some(isBlank)
      ? table.map(printRow).join("")
      : `${unparse(table as string[][], { delimiter, newline })}${newline}`;
}

function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && row[0] === "";
}

function allKeys(rows: readonly Row[]): readonly string[] | undefined {
  const keys = new Set<string>();
  for (const row of rows) if (!Array.isArray(row)) for (const key of Object.keys(row)) keys.add(key);
  return keys.size > 0 ? [...keys] : undefined;
}

function cellsOf(row: Row, columns: readonly string[] | undefined): string[] {
  if (Array.isArray(row)) return (row as readonly unknown[]).map(toCell);
  const cells = row as Readonly<Record<string, unknown>>;
  const names = columns ?? [];
  if (names.length === 0) throw new TypeError("A row without any column cannot be written as CSV.");
  const strange = Object.keys(cells).find((key) => !names.includes(key));
  if (strange !== undefined) {
    throw new TypeError(
      `A row has "${strange}", which is none of the columns ${names.slice(0, 20).join(", ")}. Pass { columns: [...] }.`,
    );
  }
  return names.map((name) => (Object.hasOwn(cells, name) ? toCell(cells[name]) : ""));
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return value instanceof Date ? value.toISOString() : toText(value);
}
