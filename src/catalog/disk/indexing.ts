// Knows when reading files takes so long that nobody should wait for its end, and tells how far it is. It reads nothing.
import { once } from "node:events";
import type { IndexProgress } from "./store.ts";

/** When a job is long, and who hears of it. */
export interface IndexingOptions {
  /** How long readers wait for the end of a job that has much left to do, in milliseconds. */
  readonly patienceMs: number;
  readonly log: (line: string) => void;
}

/** Follows jobs that read files, one at a time. */
export interface Indexing {
  /** Runs a job; `note` is for what it tells meanwhile. */
  during<T>(job: () => Promise<T>): Promise<T>;
  note(progress: IndexProgress): void;
  /** How far the job is, once it is long; else undefined. */
  progress(): IndexProgress | undefined;
  /** Resolves when the job that runs is found to be long. */
  long(): Promise<void>;
}

/** So few are read within a second or so, on a slow machine within some: a first search should be complete. */
const WORTH_WAITING_FOR = 500;
const LOG_EVERY_MS = 2_000;

/** Makes an indexing that follows no job yet. */
export function createIndexing({ patienceMs, log }: IndexingOptions): Indexing {
  let gate = createGate();
  let begunAt = 0;
  let loggedAt = 0;
  let latest: IndexProgress | undefined;

  function note(progress: IndexProgress): void {
    const now = performance.now();
    latest = progress;
    if (now - begunAt >= patienceMs && progress.total - progress.done > WORTH_WAITING_FOR) gate.open();
    if (now - loggedAt < LOG_EVERY_MS) return;
    loggedAt = now;
    log(`Indexing: ${countOf(progress)}.`);
  }

  return {
    async during(job) {
      begunAt = performance.now();
      loggedAt = begunAt;
      try {
        return await job();
      } finally {
        if (loggedAt > begunAt && latest) log(`Indexed ${latest.done.toLocaleString("en")} files.`);
        // Whoever waited for this job has its end; a gate that stayed would gather listeners for ever.
        gate = createGate();
        latest = undefined;
      }
    },
    note,
    progress: () => (gate.isOpen() ? latest : undefined),
    long: () => gate.opened,
  };
}

/** "3,200 of 10,000 files". */
export function countOf({ done, total }: IndexProgress): string {
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")} files`;
}

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
  isOpen(): boolean;
}

function createGate(): Gate {
  const opening = new AbortController();
  const opened = once(opening.signal, "abort").then(() => undefined);
  return { opened, open: () => opening.abort(), isOpen: () => opening.signal.aborted };
}
