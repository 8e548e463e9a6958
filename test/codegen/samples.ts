// Tool definitions and folders for the tests of code generation.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach } from "vitest";
import type { ToolDefinition } from "../../src/tool.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const SAMPLES = path.join(REPOSITORY, "../shared/bench/mcp-tools");
const run = promisify(execFile);

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A temporary folder that goes when the test ends. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "toolgrove-codegen-"));
  folders.push(folder);
  return folder;
}

/** The nine tools of the reference memory server. */
export function memoryTools(): ToolDefinition[] {
  return JSON.parse(readFileSync(path.join(REPOSITORY, "test/fixtures/tools/memory.json"), "utf8"));
}

/** Whether the large collection of definitions lies beside the repository. */
export const hasSampleServers: boolean = existsSync(SAMPLES);

/** The definitions of real servers, by server name. */
export function sampleServers(): Map<string, ToolDefinition[]> {
  const files = readdirSync(SAMPLES).filter((file) => file.endsWith(".json"));
  return new Map(
    files.map((file) => {
      const sample = JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));
      return [path.basename(file, ".json"), sample.tools];
    }),
  );
}

/** What `tsc --strict` says about every TypeScript file under a folder; empty when it is content. */
export async function compile(folder: string, module: "nodenext" | "esnext"): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  const resolution = module === "esnext" ? ["--moduleResolution", "bundler"] : [];
  const options = [
    "--strict",
    "--noEmit",
    "--target",
    "es2022",
    "--types",
    "",
    "--module",
    module,
    ...resolution,
  ];
  const compiler = path.join(REPOSITORY, "node_modules/typescript/bin/tsc");
  try {
    await run(process.execPath, [compiler, ...options, ...files], { cwd: folder, maxBuffer: 1e8 });
    return "";
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return String(error.stdout);
    throw error;
  }
}
