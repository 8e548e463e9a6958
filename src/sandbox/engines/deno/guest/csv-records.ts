// Rows of cells as records: the header, the lengths, the values. It knows no quoting and no files.
import type { CsvReadOptions } from "../../../guest-api.ts";
import { detached } from "./text-lines.ts";

/** Makes an error about the row with this index. */
export type RowFault = (index: number, what: string) => Error;

/** A converter for the batches of one file, the first of which begins with the header unless columns are given. */
export function toRecords(
  options: CsvReadOptions,
): (rows: readonly string[][], fault: RowFault) => Record<string, unknown>[] {
  let columns = options.columns && [...options.columns];
  return (rows, fault) => {
    let from = 0;
    if (columns === undefined && rows[0]) {
      columns = nameColumns(rows[0]);
      from = 1;
    }
    if (columns === undefined) return [];
    return convert(rows, from, { ...options, columns, fault });
  };
}

interface Conversion extends CsvReadOptions {
  readonly columns: readonly string[];
  readonly fault: RowFault;
}

function convert(rows: readonly string[][], from: number, how: Conversion): Record<string, unknown>[] {
  const { columns, ragged = false, typed = false, fault } = how;
  const records: Record<string, unknown>[] = [];
  const build = columns.includes("__proto__") ? buildSafely : buildPlainly;
  for (let index = from; index < rows.length; index++) {
    const row = rows[index] ?? [];
    // An empty line; in a table of one column it is an empty cell.
    if (row.length === 1 && row[0] === "" && columns.length > 1) continue;
    if (row.length !== columns.length && !ragged) throw fault(index, raggedness(row.length, columns));
    records.push(build(columns, row, typed ? toValue : detached));
  }
  return records;
}

type Cell = (text: string) => unknown;

function buildPlainly(
  columns: readonly string[],
  row: readonly string[],
  cell: Cell,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at++) record[columns[at] ?? ""] = cell(row[at] ?? "");
  return record;
}

/** A column may be called `__proto__`; assigning to that name would lose its cells. */
function buildSafely(
  columns: readonly string[],
  row: readonly string[],
  cell: Cell,
): Record<string, unknown> {
  return Object.fromEntries(columns.map((column, at) => [column, cell(row[at] ?? "")]));
}

/** Every column needs a name of its own: `name`, `name_2`, `column_3`. */
export function nameColumns(header: readonly string[]): string[] {
  const taken = new Set(header);
  const used = new Set<string>();
  return header.map((cell, index) => {
    const wanted = detached(cell) || `column_${index + 1}`;
    let name = wanted;
    for (let number = 2; used.has(name) || (name !== cell && taken.has(name)); number++)
      name = `${wanted}_${number}`;
    used.add(name);
    return name;
  });
}

function raggedness(cells: number, columns: readonly string[]): string {
  return (
    `the row has ${cells} cell${cells === 1 ? "" : "s"}, the header ${columns.length} (${columns.slice(0, 8).join(", ")}). ` +
    "Pass { ragged: true } to fill and cut such rows, or { delimiter } when it is another one."
  );
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A value where the cell is exactly its text; "007", "1e999" and numbers too long for a double stay text. */
function toValue(cell: string): unknown {
  if (cell === "") return null;
  if (cell === "true" || cell === "false") return cell === "true";
  if (!NUMBER.test(cell)) return detached(cell);
  const value = Number(cell);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    ? value
    : detached(cell);
}
