// How the catalog bears size: cold index, warm start, memory, searches and watching at several numbers of tools, over the
// built product. Run by `npm run bench:search -- --scale [--sizes 1000,10000,50000]`; machines differ, so starts are
// compared with the same start of a home of ten tools.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { createCache } from "../../dist/catalog/disk/cache.js";
import { createHoldings } from "../../dist/catalog/disk/holdings.js";
import { createPacker } from "../../dist/catalog/disk/packed.js";
import { defaultTools, readTools, writeTree } from "./sample-tree.mjs";
import { pause, pingWhile, serveHome } from "./served-home.mjs";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,10000,50000" },
    tools: { type: "string", default: defaultTools },
    queries: {
      type: "string",
      default: path.resolve(
        import.meta.dirname,
        "../../../shared/bench/retrieval/livemcp-agent/queries.jsonl",
      ),
    },
    starts: { type: "string", default: "7" },
    scale: { type: "boolean" },
  },
});
const sizes = values.sizes.split(",").map(Number);
const starts = Number(values.starts);
const servers = readTools(values.tools);
const queries = readQueries(values.queries);
const SEARCHES = 300;
const SAVES = 10;
const ROUNDS = 5;
const AIMS = { 1_000: 1, 10_000: 8, 50_000: 60 };

const folder = mkdtempSync(path.join(os.tmpdir(), "toolgrove-scale-"));
try {
  const ten = makeHome(10);
  await measureCold(ten, true);
  for (const size of sizes) await measureSize(makeHome(size), ten);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function makeHome(size) {
  const root = path.join(folder, `home-${size}`);
  writeTree(root, size, servers);
  return { size, root, userDir: path.join(folder, `user-${size}`) };
}

async function measureSize(home, ten) {
  console.log(`\n${home.size.toLocaleString("en")} tools`);
  await measureCold(home);
  await measureWarm(home, ten);
  await measureIndex(home);
  await measureServed(home);
  rmSync(home.root, { recursive: true });
}

/** The index is made while a client pings; then the cache is written. */
async function measureCold(home, isQuiet = false) {
  const served = await serveHome(home.root, home.userDir, true);
  const pings = pingWhile(served.client);
  while (/Still indexing|no tools yet/.test(await served.search("create an issue"))) await pause(500);
  const coldMs = performance.now() - served.startedAt;
  const longest = await pings.end();
  await pause(300);
  const heaps = served.heaps();
  await served.close();
  if (isQuiet) return;
  const cache = path.join(home.userDir, "cache/toolgrove");
  const names = readdirSync(cache).filter((name) => name.startsWith("catalog-"));
  const bytes = names.reduce((sum, name) => sum + statSync(path.join(cache, name)).size, 0);
  print("initialize answered during a cold start", ms(served.initializeMs));
  print("cold index, from the process's start", `${(coldMs / 1_000).toFixed(1)} s`);
  print("longest ping round trip while modules load", ms(longest.startingMs));
  print("longest ping round trip after that", ms(longest.afterMs), "a pause of the main loop at most 50 ms");
  print("heap when it is made (all threads)", megabytes(heaps));
  print("cache on disk", `${(bytes / 1e6).toFixed(1)} MB`);
}

/** Process start to the answer of the first search, in turns with the home of ten tools. */
async function measureWarm(home, ten) {
  const times = { home: [], ten: [] };
  for (let round = 0; round < starts; round++) {
    times.ten.push(await firstSearchMs(ten));
    times.home.push(await firstSearchMs(home));
  }
  const [ours, theirs] = [percentile(times.home, 50), percentile(times.ten, 50)];
  const aim =
    home.size > 10_000 ? "" : `${ms(1.5 * theirs + 300)}: 1.5 times ${ms(theirs)} of ten tools + 300`;
  print(`warm start to the first search (median of ${starts})`, ms(ours), aim);
  const best = `${ms(Math.min(...times.home))} against ${ms(Math.min(...times.ten))}`;
  print("the best of them, against ten tools", best);
}

async function firstSearchMs(home) {
  const served = await serveHome(home.root, home.userDir);
  await served.search("create an issue");
  const took = performance.now() - served.startedAt;
  await served.close();
  return took;
}

/** The index alone, as a catalog loads it. */
async function measureIndex({ size, root, userDir }) {
  const roots = `${path.join(root, "servers")}\n${path.join(root, "skills")}`;
  const holdings = createHoldings(createCache(path.join(userDir, "cache/toolgrove"), roots, createPacker()));
  const begun = performance.now();
  await holdings.records();
  print("loading the cache, in a quiet process", ms(performance.now() - begun));
  const search = (query) => holdings.index().search(query, { limit: 10 });
  // Often enough that one collection of garbage is not the slowest twentieth.
  const rounds = Array.from({ length: ROUNDS }, () => queries.map((query) => timed(() => search(query))));
  const times = rounds.slice(1).flat();
  print("search in the index, p50 and p95", percentiles(times), AIMS[size] ? `p95 ${AIMS[size]} ms` : "");
  const worst = Object.entries(pathological(holdings.documents())).map(
    ([name, query]) => `${name} ${ms(timed(() => search(query)))}`,
  );
  print("pathological queries in the index", worst.join(", "), size === 10_000 ? "100 ms" : "");
}

/** Searches through MCP, a saved file, and the heap of a server that has a cache. */
async function measureServed({ size, root, userDir }) {
  const served = await serveHome(root, userDir, true);
  await served.search("create an issue");
  await pause(1_500);
  const warm = served.heaps();
  const times = [];
  for (const query of queries.slice(0, SEARCHES)) times.push(await timedAsync(() => served.search(query)));
  print("search through MCP, p50 and p95", percentiles(times));
  const saves = [];
  for (let nth = 0; nth < SAVES; nth++) saves.push(await saveToFound(served, root, nth));
  print(
    "from a saved file to findable, median and longest",
    `${ms(percentile(saves, 50))}, ${ms(Math.max(...saves))}`,
    "300 ms",
  );
  await pause(1_500);
  print(
    "heap after a warm start; after all this",
    `${megabytes(warm)}; ${megabytes(served.heaps())}`,
    size > 10_000 ? "" : "250 MB",
  );
  await served.close();
}

async function saveToFound(served, root, nth) {
  const word = `quokka${"abcdefghij"[nth]}`;
  const file = path.join(root, "servers", readdirSync(path.join(root, "servers"))[nth], `${word}.ts`);
  await pause(100);
  writeFileSync(file, `/** Feeds a ${word}. */\nexport function ${word}() {}\n`);
  const saved = performance.now();
  while (!(await served.search(word)).startsWith("servers/")) await pause(2);
  return performance.now() - saved;
}

function pathological(documents) {
  const words = [...documents.values()].slice(0, 2_000).map(({ name }) => name);
  return {
    "10,000 characters": words.join(" ").padEnd(10_000, " create issue").slice(0, 10_000),
    "stop words": "the of and to a in is it for on with as at by this be are or an from ".repeat(20),
    punctuation: "?!.,;:-_()[]{}*&^%$#@~`'\"<>/\\|+= ".repeat(50),
    "regular expression": "^(?:create|update)_[a-z]+(?:_issue)?\\d{2,}.*$",
  };
}

function readQueries(file) {
  if (existsSync(file)) {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line).query);
  }
  return servers.flatMap(({ tools }) => tools.map(({ description = "" }) => description.slice(0, 60)));
}

function timed(job) {
  const begun = performance.now();
  job();
  return performance.now() - begun;
}

async function timedAsync(job) {
  const begun = performance.now();
  await job();
  return performance.now() - begun;
}

function percentile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))];
}

function percentiles(times) {
  return `${percentile(times, 50).toFixed(2)} and ${percentile(times, 95).toFixed(2)} ms`;
}

function ms(time) {
  return `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
}

function megabytes(heaps) {
  const whole = heaps.map(Math.round);
  return `${whole.reduce((sum, one) => sum + one, 0)} MB (${whole.join(" + ")})`;
}

function print(what, figure, aim = "") {
  console.log(`  ${what.padEnd(52)}${figure}${aim === "" ? "" : `   (aim: ${aim})`}`);
}
