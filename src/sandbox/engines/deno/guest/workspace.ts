// The agent's `workspace` object: formats here, files at the host. What it offers is told in guest-api.ts.
import type { GuestWorkspace, Pieces } from "../../../guest-api.ts";
import { appendCsv, appendPieces } from "./append.ts";
import { csvText } from "./csv-text.ts";
import { csvBatches } from "./csv.ts";
import { flatten, jsonBatches, lineBatches, parseJson, toJsonLine, withoutMark } from "./text-lines.ts";
import { readBytes, textPieces, writeBytes, writeText, type FileCall } from "./transfer.ts";

type Request = (body: object) => Promise<unknown>;

/** @param request asks the host; its answers are JSON values. */
export function createWorkspace(request: Request): GuestWorkspace {
  const call: FileCall = <Value>(method: string, ...args: readonly unknown[]) =>
    request({ op: "workspace", method, args }) as Promise<Value>;
  const readText = async (path: string): Promise<string> => {
    let text = "";
    for await (const piece of textPieces(call, path)) text += piece;
    return text;
  };
  const formats = {
    csv: (path: string, options?: object) => csvBatches(textPieces(call, path), path, options),
    jsonl: (path: string) => jsonBatches(textPieces(call, path), path),
  };
  // Values are what the agent says they are.
  return {
    readText,
    writeText: (path, text) => writeText(call, path, text),
    appendText: (path, text) => call("appendText", path, text),
    readBytes: (path, range) => readBytes(call, path, range),
    writeBytes: (path, bytes) => writeBytes(call, path, bytes),
    readJson: async (path) => parseJson(withoutMark(await readText(path)), path) as never,
    writeJson: async (path, value) => writeText(call, path, toJsonText(value)),
    readCsv: (path, options) => collect(formats.csv(path, options)),
    writeCsv: (path, rows, options = {}) => writeText(call, path, csvText(rows, options)),
    appendCsv: (path, rows, options = {}) => appendCsv(call, path, { rows, options }),
    readJsonl: (path) => collect(formats.jsonl(path)),
    writeJsonl: (path, values) => writeText(call, path, jsonLines(values)),
    appendJsonl: (path, values) => appendPieces(call, path, jsonLines(values)),
    async *rows(path, options) {
      yield* flatten(formats[formatOf(path)](path, options) as AsyncIterable<never[]>);
    },
    lines: (path) => flatten(lineBatches(textPieces(call, path))),
    list: (glob) => call("list", glob ?? "**"),
    stat: (path) => call("stat", path),
    exists: (path) => call("exists", path),
    copy: (from, to) => call("copy", from, to),
    move: (from, to) => call("move", from, to),
    remove: (path) => call("remove", path),
  };
}

async function collect<Value>(batches: AsyncIterable<readonly unknown[]>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const batch of batches) for (const value of batch) all.push(value as Value);
  return all;
}

async function* jsonLines(values: Pieces<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield toJsonLine(value);
}

function toJsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  if (text === undefined) throw new TypeError(`A JSON file cannot hold ${typeof value}.`);
  return `${text}\n`;
}

function formatOf(path: string): "csv" | "jsonl" {
  if (/\.(csv|tsv)$/i.test(path)) return "csv";
  if (/\.(jsonl|ndjson)$/i.test(path)) return "jsonl";
  throw new TypeError(
    `rows reads .csv, .tsv, .jsonl and .ndjson files, not "${path}": use readCsv, readJsonl or lines.`,
  );
}
