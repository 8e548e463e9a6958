// What reading and searching cost an agent's context, through the product's own path: definitions → wrappers →
// documents → text. Run by `npm run bench:search -- --tokens [--tools FOLDER] [--data FOLDER] [--json FILE]`, with the folders
// of the collections, by default ../shared/bench/mcp-tools and ../shared/bench/retrieval.
import { existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openCatalog } from "../../dist/catalog/catalog.js";
import { renderRead, renderSearch } from "../../dist/catalog/read/render.js";
import { layOutTools, renderTools } from "../../dist/catalog/read/render-tools.js";
import { createO200kCounter } from "../../dist/measure/tokens.js";
import { groupByServer, readDumps, readLines, toDocuments, toWrappers } from "./catalogs.mjs";

// Characters of an answer without its notes, unless its owner says otherwise: `limits.answerChars`.
const ROOM = 9_700;
const QUERY_SETS = ["livemcp-agent", "azure-prompts", "stabletoolbench"];

const repository = path.resolve(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    tools: { type: "string", default: path.join(repository, "../shared/bench/mcp-tools") },
    data: { type: "string", default: path.join(repository, "../shared/bench/retrieval") },
    json: { type: "string" },
    tokens: { type: "boolean" },
  },
});
const { count } = await createO200kCounter();

const reading = measureReading(values.tools);
const searching = await measureSearching(values.data);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ reading, searching }, null, 2)}\n`);

/** Prints the table of reading, and returns its totals. */
function measureReading(folder) {
  const tools = existsSync(folder) ? readDumps(folder) : [];
  const servers = [...groupByServer(tools)].map((entry) => measureServer(...entry));
  if (servers.length === 0) return console.log(`No definitions in ${folder}.`);
  console.log("Reading, as a share of the JSON definitions {name, description, inputSchema}:\n");
  console.log(row(["server", "tools", "sent", "alone", "in lists", "answers", "one list"]));
  for (const { server, tools: number, sent, ...read } of servers) {
    const share = (part) => (part / sent).toFixed(2);
    console.log(
      row([server, number, sent, share(read.alone), share(read.lists), read.answers, share(read.whole)]),
    );
  }
  const total = (key) => servers.reduce((sum, server) => sum + server[key], 0);
  const totals = {
    tools: total("tools"),
    sent: total("sent"),
    alone: {
      median: median(servers.flatMap(({ shares }) => shares.alone)),
      total: total("alone") / total("sent"),
    },
    lists: {
      median: median(servers.flatMap(({ shares }) => shares.lists)),
      total: total("lists") / total("sent"),
    },
    whole: { total: total("whole") / total("sent") },
  };
  console.log(
    `\n${totals.tools} tools, ${totals.sent} tokens sent\n` +
      `alone     median ${totals.alone.median.toFixed(3)}  total ${totals.alone.total.toFixed(3)}\n` +
      `in lists  median ${totals.lists.median.toFixed(3)}  total ${totals.lists.total.toFixed(3)}  (as many tools as ${ROOM} characters hold)\n` +
      `one list  total ${totals.whole.total.toFixed(3)}  (a whole server, without limit)\n`,
  );
  return totals;
}

function measureServer(server, tools) {
  const { documents, ids } = toDocuments(tools);
  const sentOf = new Map(
    tools.map(({ name, description, inputSchema }) => [
      `${server}/${name}`,
      count(JSON.stringify({ name, description, inputSchema })),
    ]),
  );
  const read = [...documents.values()].map((document) => ({
    document,
    sent: sentOf.get(ids.get(document.path)),
    alone: count(show([{ document }])),
  }));
  const lists = listsOf(read).map((list) => ({ list, cost: costOf(list) }));
  return {
    server,
    tools: tools.length,
    sent: sumOf(read.map(({ sent }) => sent)),
    alone: sumOf(read.map(({ alone }) => alone)),
    lists: sumOf(lists.map(({ cost }) => cost.total)),
    answers: lists.length,
    whole: count(renderTools(documentsOf(read))),
    shares: {
      alone: read.map(({ alone, sent }) => alone / sent),
      lists: lists.flatMap(({ list, cost }) => list.map(({ sent }, at) => cost.each[at] / sent)),
    },
  };
}

/** What a list costs, and each of its tools: its own text and, in proportion to it, a part of what stands before all. */
function costOf(list) {
  const total = count(show(list));
  const own = layOutTools(documentsOf(list), ROOM).tools.map((text) => count(text));
  return { total, each: own.map((cost) => (cost / sumOf(own)) * total) };
}

/** As many tools as one answer has room for, one list after another. */
function listsOf(tools) {
  const lists = [];
  for (const tool of tools) {
    const longer = [...(lists.at(-1) ?? []), tool];
    const text = show(longer);
    // Declarations, and not a line for each.
    const isShownWhole = text.startsWith("import ") && text.length <= ROOM;
    if (lists.length > 0 && isShownWhole) lists[lists.length - 1] = longer;
    else lists.push([tool]);
  }
  return lists;
}

function show(tools) {
  return renderRead({ kind: "tools", documents: documentsOf(tools) }, ROOM);
}

function documentsOf(tools) {
  return tools.map(({ document }) => document);
}

/** Prints what ten hits cost for the queries of each set, and returns the figures. */
async function measureSearching(folder) {
  const figures = {};
  const all = [];
  for (const set of QUERY_SETS.filter((name) => existsSync(path.join(folder, name)))) {
    const costs = await answerCosts(path.join(folder, set));
    all.push(...costs);
    figures[set] = { queries: costs.length, median: median(costs), p90: quantile(costs, 0.9) };
  }
  if (all.length === 0) return console.log(`No query sets in ${folder}.`);
  figures.all = { queries: all.length, median: median(all), p90: quantile(all, 0.9) };
  console.log("A search answer of ten hits, in tokens:\n");
  for (const [set, { queries, median: middle, p90 }] of Object.entries(figures)) {
    console.log(`${set.padEnd(16)} ${String(queries).padStart(4)} queries  median ${middle}  p90 ${p90}`);
  }
  return figures;
}

async function answerCosts(folder) {
  const home = mkdtempSync(path.join(os.tmpdir(), "toolgrove-tokens-"));
  try {
    writeWrappers(home, readLines(path.join(folder, "tools.jsonl")));
    const catalog = openCatalog({
      serversDir: path.join(home, "servers"),
      skillsDir: path.join(home, "skills"),
      cacheDir: path.join(home, "cache"),
      log: console.error,
    });
    const costs = [];
    for (const { query } of readLines(path.join(folder, "queries.jsonl"))) {
      const result = await catalog.search(query, { limit: 10 });
      if (result.hits.length === 10) costs.push(count(renderSearch(result)));
    }
    await catalog.close();
    return costs;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function writeWrappers(home, tools) {
  for (const { file, text } of toWrappers(tools)) {
    mkdirSync(path.join(home, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  }
}

function row([name, ...cells]) {
  return name.padEnd(22) + cells.map((cell) => String(cell).padStart(9)).join("");
}

function median(numbers) {
  return quantile(numbers, 0.5);
}

function quantile(numbers, part) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * part)] ?? 0;
}

function sumOf(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0);
}
