// One run in one process: sends the program, answers its requests, enforces the limits, says how it ended.
import { z } from "zod";
import { messageOf, ToolgroveError } from "../../../errors.ts";
import type { GuestRequest, GuestValue, RunEnd, RunOptions, RunOutcome } from "../../engine.ts";
import type { Frame } from "../../protocol.ts";
import { watchMemory } from "./memory.ts";
import type { DenoProcess } from "./process.ts";

// What a guest sends is data from a stranger: every message is parsed before anything looks at it.
const logSchema = z.string();
const valueSchema: z.ZodType<GuestValue> = z.object({
  kind: z.enum(["none", "text", "json"]),
  text: z.string(),
  shape: z.string(),
});
const errorSchema = z.object({ name: z.string(), message: z.string(), stack: z.string() });
const requestSchema: z.ZodType<GuestRequest> = z.discriminatedUnion("op", [
  z.object({ op: z.literal("tool"), server: z.string(), tool: z.string(), args: z.unknown() }),
  z.object({ op: z.literal("workspace"), method: z.string(), args: z.array(z.unknown()) }),
]);

/** Console text kept from one run, in characters. */
const MAX_LOG_CHARS = 1_100_000;
/** Requests answered at once; while as many are open, nothing more is read from the guest. */
const MAX_OPEN_REQUESTS = 64;

/** Runs `program` in `process` and resolves when it has ended or been stopped. The caller kills the process. */
export async function runOnce(
  process: DenoProcess,
  program: string,
  options: RunOptions,
): Promise<RunOutcome> {
  const { limits, signal } = options;
  // Ends open requests together with the run, whatever ended it.
  const requests = new AbortController();
  const logs = createLog();
  const { promise: ended, resolve: end } = withResolvers<RunEnd>();
  const answer = createAnswerer(process, options, { signal: requests.signal, end });

  process.onOversize(() =>
    end({ kind: "crashed", message: "it sent more data at once than the sandbox passes on" }),
  );
  process.onFrame((frame) => {
    try {
      if (frame.kind === "call") answer(frame);
      else if (frame.kind === "log") logs.add(logSchema.parse(JSON.parse(frame.payload)));
      else readEnd(frame, end);
    } catch {
      end({ kind: "crashed", message: `it sent a "${frame.kind}" message that cannot be read` });
    }
  });
  void process.exited.then((how) => end(exitEnd(how, limits.memoryMb)));
  const onAbort = (): void => end({ kind: "cancelled" });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const timer = setTimeout(() => end(timeLimit(limits.timeoutMs)), limits.timeoutMs);
  // Twice: the operating system's own limit, where it is in force, acts first and lets the program see an error.
  const watchedBytes = process.idleBytes + limits.memoryMb * 1_048_576 * (process.capped ? 1.25 : 1);
  const unwatch = watchMemory(process.pids, watchedBytes, () => end(memoryLimit(limits.memoryMb)));

  process.send("run", 0, JSON.stringify(program));
  try {
    return { end: await ended, logs: logs.text() };
  } finally {
    clearTimeout(timer);
    unwatch();
    signal.removeEventListener("abort", onAbort);
    requests.abort();
    process.onFrame(() => undefined);
  }
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let settle: ((value: Value) => void) | undefined;
  const promise = new Promise<Value>((resolve) => (settle = resolve));
  return { promise, resolve: (value) => settle?.(value) };
}

/** Answers `call` frames one by one; a failed request becomes an error in the guest, one too many ends the run. */
function createAnswerer(
  process: DenoProcess,
  options: RunOptions,
  { signal, end }: { readonly signal: AbortSignal; readonly end: (end: RunEnd) => void },
): (frame: Frame) => void {
  const { bridge, limits } = options;
  let open = 0;
  let total = 0;
  const ask = async (payload: string): Promise<string> =>
    bridge(requestSchema.parse(JSON.parse(payload)), signal);
  return ({ id, payload }) => {
    if (++total > limits.maxCalls) return end(callLimit(limits.maxCalls));
    if (++open >= MAX_OPEN_REQUESTS) process.pause();
    void ask(payload)
      .then(
        (value) => process.send("ok", id, value),
        (error: unknown) => process.send("failed", id, describeFailure(error)),
      )
      .finally(() => {
        open -= 1;
        process.resume();
      });
  };
}

/** An error as the guest may see it: its own name and text, and for a tool which one it was. No stack, no cause. */
function describeFailure(error: unknown): string {
  const name = error instanceof Error ? error.name : "Error";
  const details = error instanceof ToolgroveError ? { code: error.code, ...pickTool(error) } : {};
  return JSON.stringify({ name, message: messageOf(error), details });
}

function pickTool(error: object): object {
  return "server" in error && "tool" in error ? { server: error.server, tool: error.tool } : {};
}

function readEnd({ kind, payload }: Frame, end: (end: RunEnd) => void): void {
  if (kind === "value") end({ kind, value: valueSchema.parse(JSON.parse(payload)) });
  if (kind === "error") end({ kind, ...errorSchema.parse(JSON.parse(payload)) });
  if (kind === "died") end({ kind: "crashed", message: logSchema.parse(JSON.parse(payload)) });
}

function timeLimit(timeoutMs: number): RunEnd {
  return { kind: "limit", limit: "time", message: `It was still running after ${timeoutMs / 1_000} s.` };
}

function callLimit(maxCalls: number): RunEnd {
  return { kind: "limit", limit: "call", message: `It made more than ${maxCalls} calls.` };
}

function memoryLimit(memoryMb: number): RunEnd {
  return { kind: "limit", limit: "memory", message: `It used more than its ${memoryMb} MB of memory.` };
}

/** A process that ended by itself: out of memory, as V8 says on stderr, or a crash. */
function exitEnd(how: string, memoryMb: number): RunEnd {
  if (/out of memory|heap limit|allocation (of .* )?failed/i.test(how)) return memoryLimit(memoryMb);
  return { kind: "crashed", message: how.split("\n")[0] ?? how };
}

function createLog(): { add(text: string): void; text(): string } {
  const entries: string[] = [];
  let room = MAX_LOG_CHARS;
  return {
    add(text) {
      if (room <= 0) return;
      entries.push(text.slice(0, room));
      room -= text.length + 1;
    },
    text: () => entries.join("\n"),
  };
}
