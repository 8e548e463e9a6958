// Rows added to a file that may be there already: each request is one write at the host, and ends with a whole row.
import type { CsvWriteOptions, Pieces, Row } from "../../../guest-api.ts";
import { csvText } from "./csv-text.ts";
import { readHead } from "./csv.ts";
import { readBytes, textPieces, type FileCall } from "./transfer.ts";

const REQUEST_CHARS = 1_048_576;

/** Appends whole pieces, as many at once as a request holds. @param head stands in front of them in a new file. */
export async function appendPieces(
  call: FileCall,
  path: string,
  pieces: AsyncIterable<string>,
  head = "",
): Promise<void> {
  let text = await lineEnd(call, path);
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
  const own = await headOf(call, path);
  if (own) return appendPieces(call, path, csvText(rows, { ...own, hasHeader: false }));
  // The columns of an array are those of all its rows, so the header is not left to the first of them.
  const pieces = csvText(rows, options);
  const { value: head, done } = await pieces.next();
  if (!done) await appendPieces(call, path, pieces, head);
}

/** The columns of a file that has some, and how it is written. */
async function headOf(call: FileCall, path: string): ReturnType<typeof readHead> {
  if (!(await call<boolean>("exists", path))) return undefined;
  for await (const piece of textPieces(call, path)) return readHead(piece);
  return undefined;
}

/** What ends the last line of a file that lacks its end. */
async function lineEnd(call: FileCall, path: string): Promise<string> {
  if (!(await call<boolean>("exists", path))) return "";
  const { bytes } = await call<{ bytes: number }>("stat", path);
  const last = await readBytes(call, path, { start: Math.max(bytes - 1, 0) });
  return last.length > 0 && last.at(-1) !== 10 ? "\n" : "";
}
