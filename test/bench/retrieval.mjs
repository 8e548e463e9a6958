// How well search finds, on query sets with known answers:
//   npm run bench:search -- [--data DIR] [--catalogs DIR] [--distractors DIR] [--json FILE]
// DIR holds a folder for each set, with queries.jsonl and tools.jsonl (or the latter in the folder of the same name under
// --catalogs). Tools become wrappers, documents and an index by the product's own code. --distractors adds the tools of the
// `tools/list` dumps in a folder to every catalog.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { createSearchIndex } from "../../dist/catalog/search/search-index.js";
import { readDumps, readLines, toDocuments } from "./catalogs.mjs";
import { meanOf, scoreOf } from "./retrieval-scores.mjs";

const shared = path.resolve(import.meta.dirname, "../../../shared/bench/retrieval");
const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: shared },
    catalogs: { type: "string" },
    distractors: { type: "string" },
    json: { type: "string" },
  },
});
const { data } = options;
const K = 10;
if (!existsSync(data)) {
  console.error(`There are no query sets in ${data}: name their folder with --data DIR.`);
  process.exit(2);
}
const distractors = options.distractors ? readDumps(options.distractors) : [];
const catalogs = new Map();

function catalogOf(set) {
  const folders = [data, ...(options.catalogs ? [options.catalogs] : [])];
  const file = folders.map((folder) => path.join(folder, set, "tools.jsonl")).find(existsSync);
  if (!file)
    throw new Error(`${set} has no tools.jsonl: name the folder of the catalogs with --catalogs DIR.`);
  const text = readFileSync(file, "utf8");
  // Several sets ask the same catalog.
  if (!catalogs.has(text)) catalogs.set(text, indexOf([...readLines(file), ...distractors]));
  return catalogs.get(text);
}

function indexOf(tools) {
  const { documents, ids } = toDocuments(tools);
  const index = createSearchIndex();
  index.update(documents);
  return {
    size: documents.size,
    search: (query) => index.search(query, { limit: K }).map(({ document }) => ids.get(document.path)),
  };
}

const sets = {};
for (const set of readdirSync(data).toSorted()) {
  const file = path.join(data, set, "queries.jsonl");
  if (!existsSync(file)) continue;
  const { size, search } = catalogOf(set);
  const queries = readLines(file);
  const scores = queries.map(({ query, gold }) => scoreOf(search(query), gold, K));
  sets[set] = { ...meanOf(scores), queries: queries.length };
  print(`${set} (${size} tools, ${queries.length} queries)`, sets[set]);
}
const { queries: _, ...mean } = meanOf(Object.values(sets));
print("mean", mean);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ sets, mean }, null, 2)}\n`);

function print(label, scores) {
  const figures = Object.entries(scores)
    .filter(([name]) => name !== "queries")
    .map(([name, share]) => `${name} ${(100 * share).toFixed(1).padStart(5)}`);
  console.log(`${label.padEnd(48)} ${figures.join("  ")}`);
}
