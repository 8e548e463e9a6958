// On-demand against preloaded discovery, over growing sets of real definitions: all figures come from `toolgrove measure --json`.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { rereading } from "../../../dist/measure/rereading.js";

const cli = path.resolve(import.meta.dirname, "../../../dist/cli.js");
const SETS = [
  ["memory"],
  ["memory", "filesystem", "slack"],
  [
    "memory",
    "filesystem",
    "slack",
    "github-legacy",
    "everything",
    "gdrive-isaacphi",
    "brave-search",
    "gdrive",
  ],
  ["memory", "gdrive", "slack", "github", "salesforce"],
];
const SCALING = ["memory", "gdrive", "slack", "github", "salesforce"];
const TASKS = [1, 5, 20];

/** Token counts of discovery and of the scaling table, for the dumps in a folder. */
export function measureDiscovery(folder) {
  const all = readdirSync(folder).flatMap((file) =>
    file.endsWith(".json") ? [path.basename(file, ".json")] : [],
  );
  const known = new Map();
  const measureOnce = (names) => {
    const key = names.join();
    if (!known.has(key)) known.set(key, measure(folder, names));
    return known.get(key);
  };
  const reports = [...SETS, all.toSorted()].map(measureOnce);
  const scaling = SCALING.map((_, index) => measureOnce(SCALING.slice(0, index + 1)));
  return {
    discovery: reports.map(toDiscovery),
    scaling: scaling.map(({ tools, totals }, index) => ({
      added: SCALING[index],
      tools,
      definitions: totals.definitions,
      names: totals.names,
    })),
    toolgrove: reports[0].totals.toolgrove,
    memoryDeferred: reports[0].totals.deferred,
    memoryFound: Math.round((2 * reports[0].totals.definitions) / reports[0].tools),
    memorySearchAndRead: reports[0].toolgrove.search + 2 * reports[0].toolgrove.read + 35,
  };
}

function measure(folder, names) {
  const chosen = mkdtempSync(path.join(os.tmpdir(), "toolgrove-dumps-"));
  try {
    for (const each of names)
      copyFileSync(path.join(folder, `${each}.json`), path.join(chosen, `${each}.json`));
    const args = [cli, "measure", "--json", "--tools", chosen, "--home", chosen];
    return JSON.parse(
      execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } finally {
    rmSync(chosen, { recursive: true, force: true });
  }
}

/** Every task needs two tools that no task before it needed: the worst case for finding them on demand. */
function toDiscovery({ tools, totals, toolgrove, assumed }) {
  const call = assumed.callArguments + assumed.callResult;
  const mean = totals.definitions / tools;
  const steps = {
    direct: [call],
    deferred: [Math.round(assumed.searchArguments + 2 * mean), call],
    toolgrove: [
      assumed.searchArguments + toolgrove.search,
      assumed.readArguments + 2 * toolgrove.read,
      assumed.program + assumed.programAnswer,
    ],
  };
  const ways = Object.entries(steps).map(([way, each]) => [
    way,
    {
      standing: totals[way],
      beforeFirstCall: totals[way] + each.slice(0, -1).reduce((sum, tokens) => sum + tokens, 0),
      tasks: TASKS.map((count) => {
        const { uncached, cached } = rereading(totals[way], Array.from({ length: count }, () => each).flat());
        return { count, uncached, cached };
      }),
    },
  ]);
  return { tools, ...Object.fromEntries(ways) };
}
