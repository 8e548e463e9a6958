// The type of the global `workspace`, as agent code sees it: types only, so that this text itself can be shown to agents
// and given to a type checker. It stands alone.

/** A value, or many of them as they come. */
export type Pieces<Piece> = Iterable<Piece> | AsyncIterable<Piece>;
/** A line of a table: cells by column name, or in order. */
export type Row = Readonly<Record<string, unknown>> | readonly unknown[];

/** How CSV is read. The first line names the columns; cells stay text ("007" stays "007"). */
export interface CsvReadOptions {
  /** Found out from the first line by default: one of , ; tab | */
  readonly delimiter?: string;
  /** Names for the columns of a file that has none. */
  readonly columns?: readonly string[];
  /** Turns cells that are exactly a number, true or false into those, and empty ones into null. */
  readonly typed?: boolean;
  /** Allows rows of another length than the header: missing cells are empty, extra ones left out. */
  readonly ragged?: boolean;
}
/** How CSV is written. Objects become JSON, null and undefined empty cells. */
export interface CsvWriteOptions {
  /** A comma by default. */
  readonly delimiter?: string;
  /** Columns and their order; by default the keys of all rows of an array, of the first row otherwise. */
  readonly columns?: readonly string[];
}

/**
 * Files that outlive the program. Paths are relative to `workspace/`. Everything is asynchronous; a file is replaced as a
 * whole or not at all. `rows`, `lines` and writers that are given iterables work on files larger than memory:
 * `await workspace.writeCsv("out.csv", filter(workspace.rows("in.csv")))`.
 */
export interface GuestWorkspace {
  readText(path: string): Promise<string>;
  writeText(path: string, text: string | Pieces<string>): Promise<void>;
  appendText(path: string, text: string): Promise<void>;
  readBytes(path: string, range?: { readonly start?: number; readonly end?: number }): Promise<Uint8Array>;
  writeBytes(path: string, bytes: Uint8Array | Pieces<Uint8Array>): Promise<void>;
  readJson<Value = any>(path: string): Promise<Value>;
  writeJson(path: string, value: unknown): Promise<void>;
  /** All rows of a CSV file as objects. */
  readCsv<Value = any>(path: string, options?: CsvReadOptions): Promise<Value[]>;
  writeCsv(path: string, rows: Pieces<Row>, options?: CsvWriteOptions): Promise<void>;
  /** Adds rows in the order of the file's own columns. */
  appendCsv(path: string, rows: Pieces<Row>, options?: CsvWriteOptions): Promise<void>;
  readJsonl<Value = any>(path: string): Promise<Value[]>;
  writeJsonl(path: string, values: Pieces<unknown>): Promise<void>;
  appendJsonl(path: string, values: Pieces<unknown>): Promise<void>;
  /** The rows of a CSV (.csv, .tsv) or JSON Lines (.jsonl, .ndjson) file, one after another. */
  rows<Value = any>(path: string, options?: CsvReadOptions): AsyncIterableIterator<Value>;
  lines(path: string): AsyncIterableIterator<string>;
  /** Paths of files that match a glob; all files without one. */
  list(glob?: string): Promise<string[]>;
  stat(path: string): Promise<{ bytes: number; modified: string; kind: "file" | "folder" }>;
  exists(path: string): Promise<boolean>;
  copy(from: string, to: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}
