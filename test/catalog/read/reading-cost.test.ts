// What reading costs beside the JSON a client would send, and that it tells all of it, over real definitions.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ToolDocument } from "../../../src/catalog/document.ts";
import { extractDocuments } from "../../../src/catalog/extract/extract.ts";
import { renderRead } from "../../../src/catalog/read/render.ts";
import { nameTools } from "../../../src/codegen/identifier.ts";
import { generateWrapper } from "../../../src/codegen/wrapper.ts";
import { createO200kCounter, type OfflineCounter } from "../../../src/measure/tokens.ts";
import type { ToolDefinition } from "../../../src/tool.ts";
import { factsOf, plain } from "./definition-facts.ts";

const LIST_CHARS = 10_000;
const LIST_TOOLS = 20;

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
  tellsAll(large, 1_608);
});
describe("reading the sample", () => {
  tellsAll(path.join(repository, "test/fixtures/tools"), 100);
});

function tellsAll(folder: string, least: number): void {
  let servers: RealTool[][] = [];
  beforeAll(() => {
    servers = toolsIn(folder);
  });

  it("one at a time loses nothing", () => {
    const lost = servers.flat().flatMap(({ definition, document }) => lostIn(show([document]), definition));
    expect(servers.flat().length).toBeGreaterThanOrEqual(least);
    expect(lost).toEqual([]);
  });

  it("in lists loses nothing that it does not say is cut", () => {
    const lost = servers.flatMap(listsOf).flatMap((tools) => {
      const text = unshared(show(tools.map(({ document }) => document)));
      return tools.flatMap(({ definition }) => lostIn(text, definition));
    });
    expect(lost).toEqual([]);
  });

  it("costs less than the definitions", () => {
    const sent = servers.flat().map(({ definition }) => counter.count(sentJson(definition)));
    const alone = servers.flat().map(({ document }) => counter.count(show([document])));
    const lists = servers.flatMap(listsOf).map((tools) => show(tools.map(({ document }) => document)));
    const inLists = sum(lists.map((text) => counter.count(text)));
    console.info(
      `${sent.length} tools: alone ${share(sum(alone), sum(sent))}, in ${lists.length} lists ${share(inLists, sum(sent))} of the JSON`,
    );
    expect(sum(alone)).toBeLessThan(0.9 * sum(sent));
    expect(inLists).toBeLessThan(0.75 * sum(sent));
  });
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

/** As many tools as one answer holds, one list after another. */
function listsOf(tools: readonly RealTool[]): RealTool[][] {
  const lists: RealTool[][] = [];
  for (const tool of tools) {
    const longer = [...(lists.at(-1) ?? []), tool];
    const fits =
      longer.length <= LIST_TOOLS && show(longer.map(({ document }) => document)).length <= LIST_CHARS;
    if (lists.length > 0 && (fits || longer.length === 1)) lists[lists.length - 1] = longer;
    else lists.push([tool]);
  }
  return lists;
}

function show(documents: readonly ToolDocument[]): string {
  return renderRead({ kind: "tools", documents });
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
  return isPart || (wanted.length > 200 && prose.includes(wanted.slice(0, 120)));
}

/** A list with its footnotes back in their places. */
function unshared(text: string): string {
  const notes = new Map<string, string>();
  const pattern = /^\/(?:\/ \[\^(\d+)\]: (.*)|\* \[\^(\d+)\]: ([\s\S]*?) \*\/)$/gm;
  for (const [, line, sentence, block, sentences] of text.matchAll(pattern)) {
    notes.set(line ?? block ?? "", sentence ?? sentences ?? "");
  }
  return text.replaceAll(/\[\^(\d+)\](?!:)/g, (mark, number: string) => notes.get(number) ?? mark);
}

function sentJson({ name, description, inputSchema }: ToolDefinition): string {
  return JSON.stringify({ name, description, inputSchema });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
