// The ledger of a session: hears what crosses the model's boundary and what stays inside, and lets a thread of its own count.
// Counts are kept, contents are not; an answer never waits for it.
import { randomBytes } from "node:crypto";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import type { CallTool, ToolDefinition } from "../../tool.ts";
import { sentText } from "../token-counter.ts";
import { sessionsDir, type Uncounted } from "./records.ts";

/** Something that crossed between the model and us. */
export type Crossing =
  | { readonly kind: "instructions"; readonly text: string }
  | { readonly kind: "definitions"; readonly tools: readonly ToolDefinition[] }
  | {
      readonly kind: "call";
      readonly tool: string;
      readonly arguments: unknown;
      /** The text blocks of the answer. */
      readonly answer: readonly string[];
      readonly isError: boolean;
      readonly ms: number;
    };

/** What a ledger is opened with. */
export interface LedgerOptions {
  /** A folder of the user, outside the home. */
  readonly stateDir: string;
  readonly home: string;
  readonly version: string;
  readonly log: (line: string) => void;
}

/** The ledger of one session. Its file begins with the first thing that is noted. */
export interface Ledger {
  crossed(crossing: Crossing): void;
  /** Notes each call, whatever becomes of it. */
  watch(callTool: CallTool): CallTool;
  /** Resolves when all is counted and written, or after three seconds. */
  close(): Promise<void>;
}

/** Compiled beside this file, with the same ending. */
const THREAD = new URL(`./counting-thread${extname(import.meta.url)}`, import.meta.url);
const HAND_OVER_MS = 250;
const HAND_OVER_CHARS = 1_000_000;
/** The thread's tokenizer holds tens of megabytes; a session that rests gives them back. */
const IDLE_MS = 15_000;
const CLOSE_MS = 3_000;

/** Opens nothing before something is noted. */
export function openLedger(options: LedgerOptions): Ledger {
  const counting = createCounting(options);
  return {
    crossed: (crossing) => counting.add(toUncounted(crossing)),
    watch: (callTool) => async (ref, args, context) => {
      const started = performance.now();
      const note = (result: unknown, isError: boolean): void => {
        const texts = { arguments: [asJson(args)], result: [asText(result)] };
        const facts = {
          kind: "inner",
          server: ref.server,
          tool: ref.tool,
          bytes: bytesOf(texts),
          ms: since(started),
          isError,
        };
        counting.add({ facts, texts });
      };
      try {
        const value = await callTool(ref, args, context);
        note(value, false);
        return value;
      } catch (error) {
        note(messageOf(error), true);
        throw error;
      }
    },
    close: counting.close,
  };
}

function toUncounted(crossing: Crossing): Uncounted {
  if (crossing.kind === "instructions")
    return { facts: { kind: "instructions" }, texts: { tokens: [crossing.text] } };
  if (crossing.kind === "definitions") {
    const { kind, tools } = crossing;
    return { facts: { kind, tools: tools.length }, texts: { tokens: tools.map(sentText) } };
  }
  const { kind, tool, isError, ms, answer } = crossing;
  const texts = { arguments: [asJson(crossing.arguments)], answer };
  return { facts: { kind, tool, bytes: bytesOf(texts), ms: Math.round(ms), isError }, texts };
}

interface Counting {
  add(line: Uncounted): void;
  close(): Promise<void>;
}

/** Hands lines to the thread in batches, and lets it rest between. */
function createCounting({ stateDir, home, version, log }: LedgerOptions): Counting {
  const at = new Date().toISOString();
  const id = `${at.slice(0, 19).replaceAll(/[-:]/g, "")}-${randomBytes(3).toString("hex")}`;
  const start: Uncounted = { facts: { kind: "session", format: 1, id, at, home, version }, texts: {} };
  const folder = sessionsDir(stateDir, home);
  let queue: Uncounted[] = [start];
  let chars = 0;
  let timer: NodeJS.Timeout | undefined;
  let resting: NodeJS.Timeout | undefined;
  let thread: Worker | undefined;

  function startThread(): Worker {
    const made = new Worker(THREAD, { workerData: { folder, id } });
    // It keeps no process alive; `close` waits for it. Without it the session goes on unrecorded.
    made.unref();
    made.on("error", (error) => log(`The session's ledger could not be written: ${messageOf(error)}`));
    made.on("exit", () => {
      if (thread === made) thread = undefined;
    });
    return made;
  }

  function handOver(): void {
    clearTimeout(timer);
    timer = undefined;
    thread ??= startThread();
    thread.postMessage(queue);
    queue = [];
    chars = 0;
    clearTimeout(resting);
    resting = setTimeout(() => thread?.postMessage("end"), IDLE_MS).unref();
  }

  return {
    add(line) {
      queue.push(line);
      for (const texts of Object.values(line.texts)) for (const text of texts) chars += text.length;
      if (chars > HAND_OVER_CHARS) handOver();
      else timer ??= setTimeout(handOver, HAND_OVER_MS).unref();
    },
    async close() {
      if (timer !== undefined) handOver();
      clearTimeout(resting);
      const ending = thread;
      if (!ending) return;
      // Nothing else may be left to keep the process alive until the last lines are written.
      ending.ref();
      ending.postMessage("end");
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, CLOSE_MS);
        ending.once("exit", () => {
          clearTimeout(limit);
          resolve();
        });
      });
    },
  };
}

/** A value as a client would show it to a model: text as it is, anything else as compact JSON. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : asJson(value);
}

function asJson(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

function bytesOf(texts: Uncounted["texts"]): number {
  return Object.values(texts)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 100) / 100;
}
