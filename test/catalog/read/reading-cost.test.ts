// What reading costs beside the JSON a client would send, and that it tells all of it, over real definitions.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ToolDocument } from "../../../src/catalog/document.ts";
import { extractDocuments } from "../../../src/catalog/extract/extract.ts";
import { renderRead } from "../../../src/catalog/read/render.ts";
import { layOutTools } from "../../../src/catalog/read/render-tools.ts";
import { shareParts } from "../../../src/catalog/read/shared-parts.ts";
import { memberOf } from "../../../src/catalog/read/tool-text.ts";
import { nameTools } from "../../../src/codegen/identifier.ts";
import { generateWrapper } from "../../../src/codegen/wrapper.ts";
import { createO200kCounter, type OfflineCounter } from "../../../src/measure/tokens.ts";
import type { ToolDefinition } from "../../../src/tool.ts";
import { factsOf, plain } from "./definition-facts.ts";

/** Characters of an answer without its notes, unless its owner says otherwise. */
const ROOM = 9_700;

/** One real tool: what its server says, and what the catalog makes of it. */
interface RealTool {
  readonly definition: ToolDefinition;
  readonly document: ToolDocument;
}

const repository = path.resolve(import.meta.dirname, "../../..");
const large = path.join(repository, "../shared/bench/mcp-tools");

let counter: OfflineCounter;
beforeAll(async () => {
  counter = await createO200kCounter();
});

describe.skipIf(!existsSync(large))("reading all real tools (../shared/bench/mcp-tools)", () => {
  tellsAll(large, { tools: 1_608, median: 0.5, total: 0.55 });
});
describe("reading the sample", () => {
  tellsAll(path.join(repository, "test/fixtures/tools"), { tools: 100, median: 0.6, total: 0.6 });
});

/** In lists, as shares of the JSON definitions. */
interface Bounds {
  readonly tools: number;
  readonly median: number;
  readonly total: number;
}

function tellsAll(folder: string, bounds: Bounds): void {
  let servers: RealTool[][] = [];
  let lists: RealTool[][] = [];
  beforeAll(() => {
    servers = toolsIn(folder);
    lists = servers.flatMap(listsOf);
  });

  it("one at a time loses nothing", () => {
    const lost = servers.flat().flatMap(({ definition, document }) => lostIn(show([document]), definition));
    expect(servers.flat().length).toBeGreaterThanOrEqual(bounds.tools);
    expect(lost).toEqual([]);
  });

  it("in lists loses nothing that it does not say is cut", () => {
    const lost = lists.flatMap((tools) => {
      const text = unshared(show(documentsOf(tools)));
      return tools.flatMap(({ definition }) => lostIn(text, definition));
    });
    expect(lost).toEqual([]);
  });

  it("in lists loses no key of a function, nor its mark, to a group", () => {
    for (const tools of lists) {
      const documents = documentsOf(tools);
      const { lines, parts } = shareParts(documents, { description: 240, parameter: 100 });
      for (const document of documents.filter(({ signature }) => signature.input === undefined)) {
        const labels = parts.parameters(document).flatMap(({ label }) => ungrouped(label, lines));
        expect(labels.toSorted()).toEqual(document.parameters.map((one) => memberOf(one).label).toSorted());
      }
    }
  });

  it("costs less than the definitions", () => {
    const costOf = (tools: readonly RealTool[]): number => counter.count(show(documentsOf(tools)));
    const sentOf = ({ definition }: RealTool): number => counter.count(sentJson(definition));
    const sent = sum(servers.flat().map(sentOf));
    const alone = sum(servers.flat().map((tool) => costOf([tool]))) / sent;
    const total = sum(lists.map(costOf)) / sent;
    const shares = lists.flatMap((tools) => {
      const costs = costOfEach(tools, costOf(tools));
      return tools.map((tool, at) => (costs[at] ?? Number.NaN) / sentOf(tool));
    });
    const median = medianOf(shares);
    console.info(`${servers.flat().length} tools:`, { alone, lists: lists.length, median, total });
    expect(alone).toBeLessThan(0.9);
    expect(median).toBeLessThanOrEqual(bounds.median);
    expect(total).toBeLessThanOrEqual(bounds.total);
  });
}

/** Each tool's own text in a list and, in proportion to it, a part of what stands before all of them. */
function costOfEach(tools: readonly RealTool[], total: number): number[] {
  const own = layOutTools(documentsOf(tools), ROOM).tools.map((text) => counter.count(text));
  return own.map((cost) => (cost / sum(own)) * total);
}

function toolsIn(folder: string): RealTool[][] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.map((file) => {
    const dump = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as
      | ToolDefinition[]
      | { tools: ToolDefinition[] };
    const definitions = Array.isArray(dump) ? dump : dump.tools;
    const server = path.basename(file, ".json");
    const names = nameTools(definitions.map(({ name }) => name));
    return definitions.flatMap((definition) => {
      const functionName = names.get(definition.name) ?? "";
      const text = generateWrapper({ server, functionName, definition });
      const { documents } = extractDocuments(`servers/${server}/${functionName}.ts`, text);
      return documents.map((document) => ({ definition, document }));
    });
  });
}

/** As many tools as one answer has room for, one list after another. */
function listsOf(tools: readonly RealTool[]): RealTool[][] {
  const lists: RealTool[][] = [];
  for (const tool of tools) {
    const longer = [...(lists.at(-1) ?? []), tool];
    const text = show(documentsOf(longer));
    // Declarations, and not a line for each.
    const isShownWhole = text.startsWith("import ") && text.length <= ROOM;
    if (lists.length > 0 && isShownWhole) lists[lists.length - 1] = longer;
    else lists.push([tool]);
  }
  return lists;
}

function documentsOf(tools: readonly RealTool[]): ToolDocument[] {
  return tools.map(({ document }) => document);
}

function show(documents: readonly ToolDocument[]): string {
  return renderRead({ kind: "tools", documents }, ROOM);
}

function lostIn(text: string, definition: ToolDefinition): string[] {
  const prose = plain(text.replaceAll(/^ *\/\/ /gm, " "));
  return factsOf(definition)
    .filter(({ isIn }) => !isIn(text) && !isIn(prose))
    .filter(({ what }) => !isCutIn(prose, what))
    .map(({ what }) => `${definition.name}: ${what}`);
}

/** Whether the text says that it shows only the start of a description, or of the one that tells of its parts. */
function isCutIn(prose: string, what: string): boolean {
  if (!prose.includes("characters are cut")) return false;
  const [, wanted = ""] = / description: (.*)$/s.exec(what) ?? [];
  const isPart = /(?:\||\[\]|\{\}) (?:description|pattern|bound): /.test(what);
  const at = prose.indexOf(wanted.slice(0, 50));
  return isPart || (wanted.length >= 100 && at >= 0 && /… \(\+\d+\)/.test(prose.slice(at, at + 1_500)));
}

/** A list with its footnotes and the types it leaves out back in their places. */
function unshared(text: string): string {
  const notes = new Map<string, string>();
  const pattern = /^\/(?:\/ \[\^(\d+)\]: (.*)|\* \[\^(\d+)\]: ([\s\S]*?) \*\/)$/gm;
  for (const [, line, sentence, block, sentences] of text.matchAll(pattern)) {
    notes.set(line ?? block ?? "", sentence ?? sentences ?? "");
  }
  const told = text.replaceAll(/\[\^(\d+)\](?!:)/g, (mark, number: string) => notes.get(number) ?? mark);
  return text.includes("// A described key without a type is a string.") ? typed(told) : told;
}

/** Keys that a comment follows at once, or stands above, say again that they are strings. */
function typed(text: string): string {
  return text
    .replaceAll(/^( *(?:"[^"]+"|[\w$]+)\??) \/\/ /gm, "$1: string // ")
    .replaceAll(/([{,] (?:"[^"]+"|[\w$]+)\??) \/\* /g, "$1: string /* ")
    .replaceAll(/( \*\/\n *(?:"[^"]+"|[\w$]+)\??)$/gm, "$1: string");
}

/** The labels behind `...Common`. */
function ungrouped(label: string, lines: readonly string[]): string[] {
  if (!label.startsWith("...")) return [label];
  const statement = typed(lines.find((line) => line.startsWith(`type ${label.slice(3)} = {`)) ?? "");
  const members = withoutInner(statement.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, ""));
  return [...members.matchAll(/(?:^|[{,]) ?("[^"]+"\??|[\w$]+\??): /gm)].map(([, key]) => key ?? "");
}

/** A type's statement without the members of its members. */
function withoutInner(statement: string): string {
  const shorter = statement.replaceAll(/(?<!=) \{[^{}]*\}/g, " object");
  return shorter === statement ? statement : withoutInner(shorter);
}

function sentJson({ name, description, inputSchema }: ToolDefinition): string {
  return JSON.stringify({ name, description, inputSchema });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
