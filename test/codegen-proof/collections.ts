// The tool definitions the proofs run on: real servers' dumps, and our own schemas for what those happen not to use.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ToolDefinition } from "../../src/tool.ts";
import { repository } from "../e2e/world.ts";

const ALL = path.join(repository, "../shared/bench/mcp-tools");
const SAMPLE = path.join(repository, "test/fixtures/tools");

/** One server's tools as collected. */
export interface Dump {
  readonly server: string;
  readonly file: string;
  readonly tools: readonly ToolDefinition[];
}

/** Whether the large collection lies beside the repository, where it is developed. */
export const hasWholeCollection: boolean = existsSync(ALL);

/** The 37 servers of the large collection, or the few that are kept in the repository. */
export function collectedServers(): Dump[] {
  const folder = hasWholeCollection ? ALL : SAMPLE;
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.filter((file) => file !== "constructs.json").map((file) => readDump(path.join(folder, file)));
}

/** Our own tools, one for each construct of JSON Schema. */
export function constructsServer(): Dump {
  return readDump(path.join(SAMPLE, "constructs.json"));
}

function readDump(file: string): Dump {
  const dump = JSON.parse(readFileSync(file, "utf8")) as
    | readonly ToolDefinition[]
    | { readonly tools: readonly ToolDefinition[] };
  return { server: path.basename(file, ".json"), file, tools: "tools" in dump ? dump.tools : dump };
}
