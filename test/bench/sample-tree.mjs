// Homes of any size for benches: the real tools of a folder of dumps, repeated under other servers' names, as the wrappers
// the product itself writes. Needs a build.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { nameTools } from "../../dist/codegen/identifier.js";
import { generateIndex, generateWrapper } from "../../dist/codegen/wrapper.js";
import { groupByServer, readDumps } from "./catalogs.mjs";

const repository = path.resolve(import.meta.dirname, "../..");
const collection = path.join(repository, "../shared/bench/mcp-tools");
const sample = path.join(repository, "test/fixtures/tools");

/** The folder of dumps to take when nobody names one. */
export const defaultTools = existsSync(collection) ? collection : sample;

/** Every server of a folder of dumps with its tool definitions. */
export function readTools(folder = defaultTools) {
  return [...groupByServer(readDumps(folder))].map(([server, tools]) => ({ server, tools }));
}

/** Writes `count` wrappers under `root`/servers, and an empty mcp.json. */
export function writeTree(root, count, servers = readTools()) {
  mkdirSync(path.join(root, "skills"), { recursive: true });
  mkdirSync(path.join(root, "servers"), { recursive: true });
  writeFileSync(path.join(root, "servers/mcp.json"), '{ "mcpServers": {} }\n');
  let left = count;
  for (let round = 0; left > 0; round++) {
    for (const { server, tools } of servers) {
      const taken = tools.slice(0, left);
      if (taken.length > 0) writeServer(root, round === 0 ? server : `${server}-${round + 1}`, taken);
      left -= taken.length;
    }
  }
}

function writeServer(root, server, tools) {
  const folder = path.join(root, "servers", server);
  mkdirSync(folder, { recursive: true });
  const names = nameTools(tools.map(({ name }) => name));
  const wrappers = tools.map((definition) => ({ functionName: names.get(definition.name), definition }));
  for (const wrapper of wrappers) {
    writeFileSync(path.join(folder, `${wrapper.functionName}.ts`), generateWrapper({ server, ...wrapper }));
  }
  writeFileSync(path.join(folder, "index.ts"), generateIndex({ server, wrappers, others: [] }));
}
