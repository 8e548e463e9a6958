// A throw-away home with a few wrappers and a real sandbox around it. The one place here that names the bridge's source.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { RUNTIME_SOURCE } from "../../src/codegen/runtime-source.ts";
import { ToolError } from "../../src/errors.ts";
import { createDenoEngine, type DenoEngineOptions } from "../../src/sandbox/engines/deno/engine.ts";
import type { Engine } from "../../src/sandbox/engine.ts";
import type { ExecutionAnswer } from "../../src/sandbox/output.ts";
import { newExecutionId } from "../../src/sandbox/execution-id.ts";
import { createSources } from "../../src/sandbox/sources.ts";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { CallTool } from "../../src/tool.ts";
import { createWorkspace } from "../../src/workspace/workspace.ts";
import { ROOMY } from "../workspace/quota.ts";

const WRAPPERS: Readonly<Record<string, string>> = {
  "servers/memory/index.ts": `export * from "./readGraph.js";\nexport * from "./openNodes.js";\nexport * from "./fail.js";\n`,
  "servers/memory/readGraph.ts": wrapper("readGraph", "read_graph"),
  "servers/memory/openNodes.ts": wrapper("openNodes", "open_nodes", `{ bare: "names" }`),
  "servers/memory/fail.ts": wrapper("fail", "fail"),
  "skills/double.ts": `/** Doubles. */\nexport function double(value: number): number {\n  return value * 2;\n}\n`,
};

function wrapper(name: string, tool: string, shape = "{}"): string {
  return [
    `import { callTool } from "../runtime.js";`,
    `export function ${name}(input?: unknown): Promise<any> {`,
    `  return callTool("memory", "${tool}", input, ${shape});`,
    `}\n`,
  ].join("\n");
}

/** Answers like a small server: it echoes what it was asked, and `fail` reports failure. */
export const echoTool: CallTool = async ({ server, tool }, args) => {
  if (tool === "fail") throw new ToolError(server, tool, "no such node");
  return { tool, args };
};

/** A new folder directly below the system's temporary one; its path holds no links. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(path.join(realpathSync(os.tmpdir()), `toolgrove-${name}-`));
}

/** Writes files below `root`, folders included. */
export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

export interface World {
  readonly home: string;
  readonly engine: Engine;
  /** Runs agent code to its answer. */
  execute(code: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ExecutionAnswer>;
  close(): Promise<void>;
}

export interface WorldOptions extends Partial<DenoEngineOptions> {
  readonly files?: Readonly<Record<string, string>>;
  readonly callTool?: CallTool;
  readonly limits?: Partial<SandboxOptions["limits"]>;
}

/** Builds it; nothing runs before the first `execute`. */
export function createWorld(options: WorldOptions = {}): World {
  const home = temporaryFolder("home");
  writeFiles(home, { "servers/runtime.ts": RUNTIME_SOURCE, ...WRAPPERS, ...options.files });
  const limits = { memoryMb: 256, maxCalls: 1_000, answerChars: 10_000, ...options.limits };
  const engine = createDenoEngine({
    memoryMb: limits.memoryMb,
    poolSize: options.poolSize ?? 1,
    bubblewrap: options.bubblewrap ?? "auto",
  });
  const workspace = createWorkspace(path.join(home, "workspace"), ROOMY);
  const sandbox = createSandbox({
    engine,
    sources: createSources(home, RUNTIME_SOURCE),
    callTool: options.callTool ?? echoTool,
    performWorkspace: workspace.perform,
    keep: workspace.keep,
    limits,
  });
  return {
    home,
    engine,
    execute: (code, { timeoutMs = 10_000, signal = new AbortController().signal } = {}) =>
      sandbox.execute(code, { executionId: newExecutionId(), timeoutMs, signal }),
    async close() {
      await sandbox.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Runs `work` and says for how long, at worst, this process computed between two turns of its event loop meanwhile, in
 * milliseconds of processor time. Wall time would count what a busy machine gives to others as well: `spawn` alone
 * waits for its child's first turn on a processor, for half a second if need be.
 */
export async function measureHold<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly holdMs: number }> {
  let holdMs = 0;
  let last = process.cpuUsage();
  const tick = (): void => {
    const { user, system } = process.cpuUsage(last);
    holdMs = Math.max(holdMs, (user + system) / 1_000);
    last = process.cpuUsage();
  };
  const timer = setInterval(tick, 10);
  try {
    const value = await work();
    tick();
    return { value, holdMs };
  } finally {
    clearInterval(timer);
  }
}

/**
 * Agent code that makes Deno's Node modules load although the guest has no `Deno`: the strongest attacker puts a stand-in
 * there. Afterwards `node("fs")` imports `node:fs`; the name is computed, since the bundler refuses a literal one.
 */
export const NODE_MODULES = [
  `const stub = new Proxy(function () {}, {`,
  `  get: (_target, key) => key === Symbol.toPrimitive ? () => "" : key === "build" ? { os: "linux", arch: "x86_64" }`,
  `    : key === "args" ? [] : key === "version" ? { deno: "2.9.6", v8: "1.2.3", typescript: "1" }`,
  `    : key === "execPath" ? () => "/stub" : key === "pid" || key === "ppid" ? 1 : stub,`,
  `  apply: () => stub, construct: () => stub });`,
  `globalThis.Deno = stub;`,
  `const node = (name) => import(["node", name].join(":"));\n`,
].join("\n");
