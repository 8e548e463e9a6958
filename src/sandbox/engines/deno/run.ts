// One run in one process: sends the program, answers its requests, enforces the limits, says how it ended.
import { randomBytes } from "node:crypto";
import { messageOf, ToolgroveError } from "../../../errors.ts";
import type { Repeatability, RunEnd, RunOptions, RunOutcome } from "../../engine.ts";
import { parseClock, parseError, parseRequest, parseText, parseValueHead } from "../../messages.ts";
import type { Frame } from "../../protocol.ts";
import { watchMemory } from "./memory.ts";
import type { DenoProcess } from "./process.ts";

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

  const readEnd = createEndReader(end);
  const { seed, clock, onClock } = options.repeat ?? unrepeated();

  process.onOversize(() =>
    end({ kind: "crashed", message: "it sent more data at once than the sandbox passes on" }),
  );
  process.onFrame((frame) => {
    try {
      if (frame.kind === "call") answer(frame);
      else if (frame.kind === "clock") onClock(parseClock(frame.payload));
      else if (frame.kind === "log") logs.add(parseText(frame.payload));
      else readEnd(frame);
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

  process.send("run", 0, JSON.stringify({ program, seed, clock }));
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

/** A run that nobody will want to see again. */
function unrepeated(): Repeatability {
  const clock = { date: [], performance: [] };
  return { seed: randomBytes(32).toString("hex"), clock, onClock: () => undefined };
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
  const ask = async (payload: string): Promise<string> => bridge(parseRequest(payload), signal);
  return ({ id, payload }) => {
    if (++total > limits.maxCalls) return end(callLimit(limits.maxCalls));
    if (++open >= MAX_OPEN_REQUESTS) process.pause();
    void ask(payload)
      .then(
        (value) => process.send("ok", id, value),
        (error: unknown) => process.send("failed", id, describeFailure(error)),
      )
      .finally(() => {
        if (open-- === MAX_OPEN_REQUESTS) process.resume();
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

/** Reads the frames that end a run. A value comes in two: what it is, then its text. */
function createEndReader(end: (end: RunEnd) => void): (frame: Frame) => void {
  let head = parseValueHead('{"kind":"none","shape":""}');
  return ({ kind, payload }) => {
    if (kind === "head") head = parseValueHead(payload);
    if (kind === "value") end({ kind, value: { ...head, text: parseText(payload) } });
    if (kind === "error") end({ kind, ...parseError(payload) });
    if (kind === "died") end({ kind: "crashed", message: parseText(payload) });
  };
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
  // At the operating system's limit Deno can also fail to start a thread of its own.
  const outOfMemory = /out of memory|heap limit|allocation (of .* )?failed|unable to create worker threads/i;
  if (outOfMemory.test(how)) return memoryLimit(memoryMb);
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
