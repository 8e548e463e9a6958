// Lines of text and JSON Lines, out of pieces of any size. It knows no files.

/** The longest line or row that is put together, in characters: longer ones mean that the file is of another kind. */
export const MAX_LINE_CHARS = 16 * 1_048_576;

/** Arrays of lines, without their ends (`\n` or `\r\n`) and without a byte order mark. A last line needs no end. */
export async function* lineBatches(pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = "";
  let isFirst = true;
  for await (const piece of pieces) {
    const text = rest + (isFirst ? withoutMark(piece) : piece);
    isFirst = false;
    const lines = text.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_CHARS)
      throw new RangeError("A line is longer than 16 MB: this is no file of lines.");
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  if (rest !== "") yield [withoutReturn(rest)];
}

/** Arrays of values of a JSON Lines file; empty lines are passed over. */
export async function* jsonBatches(pieces: AsyncIterable<string>, file: string): AsyncGenerator<unknown[]> {
  let before = 0;
  for await (const lines of lineBatches(pieces)) {
    const values: unknown[] = [];
    for (const [index, line] of lines.entries())
      if (line.trim() !== "") values.push(parseJson(line, `${file}, line ${before + index + 1}`));
    before += lines.length;
    yield values;
  }
}

/** The value of a JSON text; a fault names `where` it stands. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${where}: ${error instanceof Error ? error.message : "no JSON"}`, {
      cause: error,
    });
  }
}

/** Values as lines of JSON. */
export function toJsonLine(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`A line of JSON cannot hold ${typeof value}.`);
  return `${text}\n`;
}

/** Text without a byte order mark in front. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** One value after another, out of arrays of them. */
export async function* flatten<Value>(batches: AsyncIterable<readonly Value[]>): AsyncGenerator<Value> {
  for await (const batch of batches) yield* batch;
}

/** A copy that does not keep the whole piece in memory that it was cut from, as slices do in V8. */
export function detached(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

function withoutReturn(line: string): string {
  return detached(line.endsWith("\r") ? line.slice(0, -1) : line);
}
