// Rows added to a file that may be there already: each request is one write at the host, and ends with a whole row.
import type { CsvWriteOptions, Pieces, Row } from "../../../guest-api.ts";
import { csvText } from "./csv-text.ts";
import { readHead } from "./csv.ts";
import { readBytes, textPieces, type FileCall } from "./transfer.ts";

const REQUEST_CHARS = 1_048_576;

/** How pieces are appended. */
export interface AppendStyle {
  /** Stands in front of them in a new file; nothing by default. */
  readonly head?: string;
  /** Ends a last line that has no end; `\n` by default. */
  readonly newline?: string;
}

/** Appends whole pieces, as many at once as a request holds. */
export async function appendPieces(
  call: FileCall,
  path: string,
  pieces: AsyncIterable<string>,
  { head = "", newline = "\n" }: AppendStyle = {},
): Promise<void> {
  let text = (await lacksEnd(call, path)) ? newline : "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length < REQUEST_CHARS) continue;
    await call("appendText", path, text, head);
    text = "";
  }
  if (text !== "") await call("appendText", path, text, head);
}

/** Appends rows in the order of the columns the file has; a new file gets a header. */
export async function appendCsv(
  call: FileCall,
  path: string,
  { rows, options }: { readonly rows: Pieces<Row>; readonly options: CsvWriteOptions },
): Promise<void> {
  const own = await headOf(call, path, options.delimiter);
  if (own) return appendPieces(call, path, csvText(rows, { ...own, hasHeader: false }), own);
  // The columns of an array are those of all its rows, so the header is not left to the first of them.
  const pieces = csvText(rows, options);
  const { value: head, done } = await pieces.next();
  if (!done) await appendPieces(call, path, pieces, { head });
}

/** The columns of a file that has some, and how it is written. */
async function headOf(
  call: FileCall,
  path: string,
  delimiter: string | undefined,
): ReturnType<typeof readHead> {
  if (!(await call<boolean>("exists", path))) return undefined;
  for await (const piece of textPieces(call, path)) return readHead(piece, delimiter);
  return undefined;
}

/** Whether the last line of a file has no end. */
async function lacksEnd(call: FileCall, path: string): Promise<boolean> {
  if (!(await call<boolean>("exists", path))) return false;
  const { bytes } = await call<{ bytes: number }>("stat", path);
  const [last] = await readBytes(call, path, { start: Math.max(bytes - 1, 0) });
  return last !== undefined && last !== 10 && last !== 13;
}
