// CSV as records; Papa Parse knows the quoting. It is loaded when first needed, and nothing here knows files.
import type { CsvReadOptions } from "../../../guest-api.ts";
import type PapaModule from "papaparse";
import { nameColumns, toRecords } from "./csv-records.ts";
import { MAX_LINE_CHARS, withoutMark } from "./text-lines.ts";

type Papa = typeof PapaModule;

/** Papa Parse. A program that reads no CSV does not wait for it. */
export const loadPapa = async (): Promise<Papa> => {
  const module = await import("papaparse");
  return module.default;
};

/** Arrays of records out of pieces of text. Throws for what is no CSV or no table, with the line. */
export async function* csvBatches(
  pieces: AsyncIterable<string>,
  file: string,
  options: CsvReadOptions = {},
): AsyncGenerator<Record<string, unknown>[]> {
  const papa = await loadPapa();
  let rest = "";
  let table: ReturnType<typeof beginTable> | undefined;
  const take = (text: string, isLast: boolean): Record<string, unknown>[] => {
    table ??= beginTable(papa, text, file, options);
    const { records, used } = table(text, isLast);
    rest = text.slice(used);
    if (rest.length > MAX_LINE_CHARS)
      throw new RangeError(`${file}: a row is longer than 16 MB. A quotation mark may have been left open.`);
    return records;
  };
  for await (const piece of pieces) {
    const text = rest + (table === undefined ? withoutMark(piece) : piece);
    // A first line that is not whole tells neither delimiter nor line ends.
    if (table === undefined && !text.includes("\n")) rest = text;
    else yield take(text, false);
  }
  if (rest !== "") yield take(rest, true);
}

/** What `Papa.Parser` gives; its own types say `any`. */
interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly message: string; readonly row?: number }[];
  readonly meta: { readonly cursor: number };
}

interface Dialect {
  readonly delimiter: string;
  readonly newline: Newline;
}
type Newline = "\n" | "\r" | "\r\n";

function parseRows(
  papa: Papa,
  text: string,
  {
    delimiter,
    newline,
    isLast,
    preview,
  }: Dialect & { readonly isLast: boolean; readonly preview?: number | undefined },
): Parsed {
  // Where a preview ends is told rightly only by the slower way.
  const some = preview === undefined ? {} : { preview, fastMode: false };
  return new papa.Parser({ delimiter, newline, ...some }).parse(text, 0, !isLast) as Parsed;
}

function beginTable(
  papa: Papa,
  first: string,
  file: string,
  options: CsvReadOptions,
): (text: string, isLast: boolean) => { readonly records: Record<string, unknown>[]; readonly used: number } {
  const { delimiter, newline } = dialect(first, options.delimiter);
  const parse = (text: string, isLast: boolean, preview?: number): Parsed =>
    parseRows(papa, text, { delimiter, newline, isLast, preview });
  const convert = toRecords(options);
  let linesBefore = 0;
  return (text, isLast) => {
    const { data, errors, meta } = parse(text, isLast);
    /** Where row `index` of this text begins. */
    const lineOf = (index: number): number =>
      linesBefore + 1 + (index === 0 ? 0 : countLines(text.slice(0, parse(text, isLast, index).meta.cursor)));
    const wrong = errors.find(({ row = 0 }) => row < data.length);
    if (wrong) throw new SyntaxError(`${file}, line ${lineOf(wrong.row ?? 0)}: ${wrong.message}.`);
    const records = convert(
      data,
      (index, what) => new SyntaxError(`${file}, line ${lineOf(index)}: ${what}`),
    );
    const used = isLast ? text.length : meta.cursor;
    linesBefore += countLines(text.slice(0, used));
    return { records, used };
  };
}

/** The columns of the file that begins with this text, and how it is written; undefined when it is empty. */
export async function readHead(
  text: string,
  delimiter?: string,
): Promise<(Dialect & { readonly columns: readonly string[] }) | undefined> {
  const bare = withoutMark(text);
  if (bare === "") return undefined;
  const own = dialect(bare, delimiter);
  const { data } = parseRows(await loadPapa(), bare, { ...own, isLast: true, preview: 1 });
  return data[0] && { ...own, columns: nameColumns(data[0]) };
}

/** The delimiter and line end of a file, by its first line; what stands between quotation marks does not count. */
function dialect(first: string, wanted?: string): Dialect {
  const bare = first.slice(0, 65_536).replace(/"(?:[^"]|"")*"/g, "");
  const newline = (/\r\n|\n|\r/.exec(bare)?.[0] ?? "\n") as Newline;
  const [line = ""] = bare.split(newline, 1);
  const count = (delimiter: string): number => line.split(delimiter).length;
  const likely = [",", ";", "\t", "|"].reduce((best, next) => (count(next) > count(best) ? next : best));
  return { delimiter: wanted ?? likely, newline };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
