// The experiment that started it all, reproduced and finished: `npm run experiment` writes EXPERIMENT.md and its charts,
// `-- --check` compares the counts with the committed ones and writes nothing.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { measureDiscovery } from "./experiment/discovery.mjs";
import { drawCharts } from "./experiment/charts.mjs";
import { renderReport } from "./experiment/report.mjs";
import { measureRuns } from "./experiment/runs.mjs";

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    tools: { type: "string", default: "../shared/bench/mcp-tools" },
    rounds: { type: "string", default: "3" },
    sizes: { type: "string", default: "5,50,100,1000" },
    "round-trip-s": { type: "string", default: "4.27" },
    "input-price": { type: "string", default: "3" },
    "output-price": { type: "string", default: "15" },
  },
});
const here = (name) => path.join(import.meta.dirname, name);
const model = {
  roundTripS: Number(values["round-trip-s"]),
  inputPrice: Number(values["input-price"]),
  outputPrice: Number(values["output-price"]),
};

const runs = await measureRuns(values.sizes.split(",").map(Number), Number(values.rounds));
const discovery = measureDiscovery(values.tools);
const counts = { ...runs.counts, ...discovery };
if (values.check) check(counts);
else {
  writeFileSync(here("experiment-counts.json"), `${JSON.stringify(counts, null, 2)}\n`);
  const charts = drawCharts({ counts, model });
  for (const [name, svg] of Object.entries(charts)) writeFileSync(here(name), svg);
  writeFileSync(here("EXPERIMENT.md"), renderReport({ counts, times: runs.times, model }));
  console.log(`${here("EXPERIMENT.md")} and ${Object.keys(charts).join(", ")} are written.`);
}

/** Sizes that were not run are not compared. */
function check(now) {
  const before = JSON.parse(readFileSync(here("experiment-counts.json"), "utf8"));
  const sizes = new Set(now.updates.map(({ records }) => records));
  const compared = { ...before, updates: before.updates.filter(({ records }) => sizes.has(records)) };
  if (isDeepStrictEqual(compared, now)) return console.log("The counts are those of the committed report.");
  for (const key of Object.keys(now))
    if (!isDeepStrictEqual(compared[key], now[key]))
      console.error(`${key}: ${JSON.stringify(compared[key])}\n  now: ${JSON.stringify(now[key])}`);
  process.exitCode = 1;
}
