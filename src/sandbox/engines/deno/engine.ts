// The Deno engine: one single-use process a run, from a small warm pool. It implements the contract of ../../engine.ts.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine, IsolationReport } from "../../engine.ts";
import { chooseLauncher, findDeno, type Launcher } from "./isolation.ts";
import { CAN_WATCH_MEMORY } from "./memory.ts";
import { createPool } from "./pool.ts";
import { startDeno, type DenoProcess } from "./process.ts";
import { runOnce } from "./run.ts";

/** Settings of the Deno engine. */
export interface DenoEngineOptions {
  /** Memory a run may add to an idle sandbox, in mebibytes. It is fixed when a process starts. */
  readonly memoryMb: number;
  /** Processes kept ready; default 2. */
  readonly poolSize?: number;
  /** `auto` (default) puts bubblewrap around Deno when a trial run works. */
  readonly bubblewrap?: "auto" | "off";
}

/** Runs at the same time; further ones wait for their turn. */
const MAX_RUNS = 8;

/** The two guest files beside this one; TypeScript when run from source, JavaScript when built. */
const guestFile = (name: string): string =>
  fileURLToPath(new URL(`guest/${name}${path.extname(import.meta.url)}`, import.meta.url));

/** Makes the engine. Nothing starts before `warm` or `run`. */
export function createDenoEngine(options: DenoEngineOptions): Engine {
  const { memoryMb, poolSize = 2, bubblewrap = "auto" } = options;
  let preparation: Promise<Prepared> | undefined;
  const prepare = (): Promise<Prepared> => (preparation ??= prepareOnce(bubblewrap));
  const start = async (): Promise<DenoProcess> =>
    startDeno({ ...(await prepare()), realm: guestFile("realm"), memoryMb });
  const pool = createPool({ size: poolSize, maxInUse: MAX_RUNS, start, end: endProcess });

  return {
    warm: pool.fill,
    run: (program, runOptions) => pool.use((process) => runOnce(process, program, runOptions)),
    isolation: async () =>
      report(await prepare(), await pool.use((process) => Promise.resolve(process.capped))),
    close: pool.close,
  };
}

/** What every process of the engine is started with; found out once. */
interface Prepared {
  readonly launcher: Launcher;
  readonly guest: string;
}

async function prepareOnce(bubblewrap: "auto" | "off"): Promise<Prepared> {
  const [launcher, guest] = await Promise.all([chooseLauncher(findDeno(), bubblewrap), bundleGuest()]);
  return { launcher, guest };
}

async function endProcess(process: DenoProcess): Promise<void> {
  process.kill();
  await process.exited;
}

/** The Worker's script as one text, so that no path of this machine appears inside the sandbox. The build has made it one. */
async function bundleGuest(): Promise<string> {
  if (import.meta.url.endsWith(".js")) return readFile(guestFile("guest"), "utf8");
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [guestFile("guest")],
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    logLevel: "silent",
    tsconfigRaw: {},
  });
  return outputFiles[0]?.text ?? "";
}

async function report({ launcher }: Prepared, capped: boolean): Promise<IsolationReport> {
  const layers = [
    "a process of its own, killed after one run",
    "Deno without permissions",
    "a Worker without permissions",
  ];
  const missing: string[] = [];
  if (launcher.bubblewrap) layers.unshift("bubblewrap: own network, process and file-system namespaces");
  else missing.push(`bubblewrap: ${launcher.reason}`);
  if (capped) layers.push("memory limited by the operating system (RLIMIT_DATA) and watched");
  else if (CAN_WATCH_MEMORY)
    missing.push(
      "memory limit of the operating system: prlimit (util-linux) did not work; memory is watched",
    );
  else missing.push("memory limit of the operating system: only on Linux; V8's own heap limit applies");
  return { engine: `deno ${await denoVersion()}`, layers, missing };
}

async function denoVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(path.join(path.dirname(findDeno()), "package.json"), "utf8"),
  );
  return String((manifest as { version?: unknown }).version);
}
