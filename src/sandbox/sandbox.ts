// One execution from the agent's text to the answer: module → bundle → run → output. It wires the stages of this folder
// and knows neither upstream servers nor files: calls and workspace operations are answered by whoever made it.
import { randomBytes } from "node:crypto";
import { messageOf, ToolgroveError } from "../errors.ts";
import type { CallProgress, CallTool, ToolArguments, ToolRef } from "../tool.ts";
import type { bundle as Bundle, BundleFault } from "./bundle.ts";
import type { Engine, GuestRequest, IsolationReport, Repeatability, RunLimits } from "./engine.ts";
import { composeAnswer, notRun, type ExecutionAnswer } from "./output.ts";
import { showPosition } from "./positions.ts";
import type { toModule as ToModule } from "./program.ts";
import type { Sources } from "./sources.ts";

/** Answers `workspace.METHOD(...args)` of one execution with a JSON value. */
export type PerformWorkspace = (
  method: string,
  args: readonly unknown[],
  context: { readonly executionId: string; readonly signal: AbortSignal },
) => Promise<unknown>;

/** What the sandbox is built from. */
export interface SandboxOptions {
  readonly engine: Engine;
  /** What code may import. */
  readonly sources: Sources;
  readonly callTool: CallTool;
  readonly performWorkspace: PerformWorkspace;
  /** Keeps what an answer has no room for; resolves with its path in the workspace. */
  readonly keep: (file: string, text: string) => Promise<string>;
  readonly limits: Omit<RunLimits, "timeoutMs"> & { readonly answerChars: number };
}

/** One execution's own settings. */
export interface ExecuteOptions {
  /** Names the execution in calls, workspace operations and files; letters, digits and hyphens. */
  readonly executionId: string;
  /** Wall-clock limit, in milliseconds. */
  readonly timeoutMs: number;
  /** A `ToolgroveError` as its reason is told in the answer. */
  readonly signal: AbortSignal;
  /** See `RunOptions.repeat`. */
  readonly repeat?: Repeatability | undefined;
  /** Requests that may be made beyond the limit, since they are answered from memory; 0 by default. */
  readonly freeCalls?: number | undefined;
  /**
   * Looks at the files of the home whose code the program has, before any of it runs, or which cannot be bundled. What it
   * resolves with is why nothing is run; undefined lets it run.
   */
  readonly vet?: ((files: readonly string[]) => Promise<string | undefined>) | undefined;
  /** Hears how far the calls of the execution are. */
  readonly onProgress?: ((ref: ToolRef, progress: CallProgress) => void) | undefined;
}

/** Runs agent code. */
export interface Sandbox {
  /** Makes ready what an execution needs. Resolves when a first place to run is ready; never rejects. */
  warm(): Promise<void>;
  /** Never rejects for what the code is or does: mistakes, limits and crashes are answers with `isError`. */
  execute(code: string, options: ExecuteOptions): Promise<ExecutionAnswer>;
  isolation(): Promise<IsolationReport>;
  close(): Promise<void>;
}

/** Wires the stages around an engine. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { engine, limits } = options;
  const { sources } = options;

  async function execute(code: string, request: ExecuteOptions): Promise<ExecutionAnswer> {
    const { executionId, timeoutMs, signal, repeat, freeCalls = 0, vet, onProgress } = request;
    const { toModule, bundle } = await loadCompiler();
    const parsed = toModule(code);
    if ("fault" in parsed)
      return faultAnswer(parsed.source, [{ message: parsed.fault.message, user: parsed.fault }]);
    const { module } = parsed;
    const bundled = await bundle(module, sources);
    const isBroken = "faults" in bundled;
    const files = isBroken ? bundled.faults.flatMap(({ file }) => file ?? []) : bundled.bundle.files;
    const refusal = await vet?.(files);
    if (refusal !== undefined) return notRun(`Nothing was run. ${refusal}`);
    if (isBroken) return faultAnswer(module.source, bundled.faults);
    const calls = new Map<string, number>();
    const outcome = await engine.run(bundled.bundle.script, {
      limits: { ...limits, timeoutMs, maxCalls: limits.maxCalls + freeCalls },
      signal,
      repeat,
      bridge: (asked, requestSignal) =>
        answer(asked, { signal: requestSignal, executionId, calls, onProgress }, options),
    });
    return composeAnswer({
      outcome,
      module,
      map: bundled.bundle.map,
      calls,
      maxChars: limits.answerChars,
      cancelledFor: signal.reason instanceof ToolgroveError ? signal.reason.message : undefined,
      spill: (kind, text) => options.keep(`results/${executionId}.${kind}`, text),
    });
  }

  return {
    async warm() {
      await engine.warm();
      await loadCompiler();
    },
    execute,
    isolation: engine.isolation,
    close: engine.close,
  };
}

/** The stages that load a parser and a bundler. */
interface Compiler {
  readonly toModule: typeof ToModule;
  readonly bundle: typeof Bundle;
}

/** They take a twentieth of a second to load: not before processes that take longer have begun. */
async function loadCompiler(): Promise<Compiler> {
  const [{ toModule }, { bundle }] = await Promise.all([import("./program.ts"), import("./bundle.ts")]);
  return { toModule, bundle };
}

interface RequestContext {
  readonly signal: AbortSignal;
  readonly executionId: string;
  /** Completed calls by tool, which this request adds to. */
  readonly calls: Map<string, number>;
  readonly onProgress: ExecuteOptions["onProgress"];
}

/** JSON text for one guest request. */
async function answer(
  request: GuestRequest,
  context: RequestContext,
  options: SandboxOptions,
): Promise<string> {
  const { signal, executionId, calls, onProgress } = context;
  if (request.op === "workspace") {
    return toJson(await options.performWorkspace(request.method, request.args, { executionId, signal }));
  }
  const { server, tool } = request;
  if (!isArguments(request.args)) {
    throw new TypeError(
      `${server}.${tool} takes one object of named parameters, not ${describeArgument(request.args)}.`,
    );
  }
  const ref = { server, tool };
  const value = await options.callTool(ref, request.args, {
    signal,
    executionId,
    onProgress: onProgress && ((progress) => onProgress(ref, progress)),
  });
  const name = `${server}.${tool}`;
  calls.set(name, (calls.get(name) ?? 0) + 1);
  const text = toJson(value);
  if (text.length <= MAX_VALUE_CHARS) return text;
  const isText = typeof value === "string";
  const file = `results/${executionId}-${randomBytes(3).toString("hex")}.${isText ? "txt" : "json"}`;
  return toJson(await keepLarge(file, isText ? value : text, options));
}

/** The largest answer of a call that becomes a value in the sandbox, in characters of JSON; a program can still return it. */
const MAX_VALUE_CHARS = 16 * 1024 * 1024;

/** What stands for an answer that is too large: where it is, whole. */
async function keepLarge(file: string, text: string, { keep }: SandboxOptions): Promise<object> {
  return {
    path: await keep(file, text),
    mimeType: file.endsWith(".json") ? "application/json" : "text/plain",
    bytes: Buffer.byteLength(text),
    note: "The answer was too large for one value and is in this file of the workspace, whole.",
  };
}

/** Compact JSON on one line; nothing for `undefined`. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch (error) {
    throw new TypeError(`The answer cannot be passed on as JSON: ${messageOf(error)}`, { cause: error });
  }
}

function isArguments(args: unknown): args is ToolArguments {
  return typeof args === "object" && args !== null && !Array.isArray(args);
}

function describeArgument(args: unknown): string {
  if (args === null || args === undefined) return String(args);
  return Array.isArray(args) ? "an array" : `a ${typeof args}`;
}

/** Faults found before anything ran. */
function faultAnswer(source: string, faults: readonly BundleFault[]): ExecutionAnswer {
  const shown = faults.slice(0, 5).map(({ message, user }) => {
    return user ? `${message}\nat ${showPosition(source, user)}` : message;
  });
  const more = faults.length > 5 ? [`… and ${faults.length - 5} more.`] : [];
  return notRun(["Nothing was run.", ...shown, ...more].join("\n"));
}
