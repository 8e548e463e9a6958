// Hands a session's lines to the thread that counts them, in batches, and lets it rest between.
import { randomBytes } from "node:crypto";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import { createSoon } from "../../soon.ts";
import { sessionsDir, type Uncounted } from "./records.ts";

/** Whose session is counted, and where its file goes. */
export interface CountingOptions {
  /** A folder of the user, outside the home. */
  readonly stateDir: string;
  readonly home: string;
  readonly version: string;
  readonly log: (line: string) => void;
}

/** Compiled beside this file, with the same ending. */
const THREAD = new URL(`./counting-thread${extname(import.meta.url)}`, import.meta.url);
/** Loading the tokenizer takes a processor for a third of a second, which a session at work has better use for. */
const QUIET_MS = 2_000;
const LATEST_MS = 10_000;
const HAND_OVER_CHARS = 1_000_000;
/** The thread's tokenizer holds tens of megabytes; a session that rests gives them back. */
const IDLE_MS = 15_000;
const CLOSE_MS = 3_000;
/** What every client is sent. One that asks no more, as when it looks whether we can be started, was no session. */
const GREETINGS: ReadonlySet<unknown> = new Set(["instructions", "definitions"]);

/** The lines of one session on their way to its file. */
export interface Counting {
  add(line: Uncounted): void;
  close(): Promise<void>;
}

/** Hands lines to the thread in batches, and lets it rest between. */
export function createCounting({ stateDir, home, version, log }: CountingOptions): Counting {
  const at = new Date().toISOString();
  const id = `${at.slice(0, 19).replaceAll(/[-:]/g, "")}-${randomBytes(3).toString("hex")}`;
  const start: Uncounted = { facts: { kind: "session", format: 1, id, at, home, version }, texts: {} };
  const folder = sessionsDir(stateDir, home);
  let queue: Uncounted[] = [start];
  let chars = 0;
  let isSession = false;
  const [quiet, latest] = [createSoon(handOver), createSoon(handOver)];
  const resting = createSoon(rest);
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

  /** What comes next gets a new thread: one that was told to end would not hear of it. */
  function rest(): void {
    thread?.postMessage("end");
    thread = undefined;
  }

  function handOver(): void {
    quiet.cancel();
    latest.cancel();
    thread ??= startThread();
    thread.postMessage(queue);
    queue = [];
    chars = 0;
    resting.askAnew(IDLE_MS);
  }

  return {
    add(line) {
      queue.push(line);
      isSession ||= !GREETINGS.has(line.facts["kind"]);
      for (const texts of Object.values(line.texts)) for (const text of texts) chars += text.length;
      if (!isSession) return;
      if (chars > HAND_OVER_CHARS) return handOver();
      quiet.askAnew(QUIET_MS);
      latest.ask(LATEST_MS);
    },
    async close() {
      if (isSession && queue.length > 0) handOver();
      resting.cancel();
      if (thread) await end(thread);
    },
  };
}

/** Resolves when the thread has written its last lines, or after three seconds. */
async function end(thread: Worker): Promise<void> {
  // Nothing else may be left to keep the process alive until then.
  thread.ref();
  thread.postMessage("end");
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, CLOSE_MS);
    thread.once("exit", () => {
      clearTimeout(limit);
      resolve();
    });
  });
}
