// The door to a catalog in a thread of its own: questions go there, small answers come back. It knows no documents.
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf, ToolgroveError } from "../../errors.ts";
import type { CatalogDoor } from "../catalog-door.ts";
import { parseSaid, type Asked, type Question, type Said, type ThreadSetup } from "./door-messages.ts";

/** How to open a catalog in a thread. */
export interface ThreadedOptions extends ThreadSetup {
  /** Takes one line about anything worth knowing. */
  readonly log: (line: string) => void;
  /** See `CatalogOptions.onSkillsChanged`. */
  readonly onSkillsChanged?: () => void;
}

/** Compiled beside this file, with the same ending. */
const THREAD = new URL(`./door-thread${extname(import.meta.url)}`, import.meta.url);
const STARTS = 2;

/**
 * Opens a catalog in a new thread. It returns at once. The thread keeps no process alive, except while it owes an
 * answer. When it dies or cannot start, what was asked of it fails; the next question starts it anew, once. The log
 * hears of each reason once. Closing succeeds in any case.
 */
export function openThreadedCatalog({
  log,
  onSkillsChanged = () => undefined,
  ...setup
}: ThreadedOptions): CatalogDoor {
  let told: string | undefined;
  const tell = (line: string): void => {
    if (line !== told) log(line);
    told = line;
  };
  const start = (): Thread => startThread(setup, { log, tell, onSkillsChanged });
  let starts = 1;
  let thread = start();
  let isClosed = false;

  function ask(question: Question): Promise<unknown> {
    const reason = thread.endedBy();
    if (isClosed) return Promise.reject(failure("it is closed"));
    if (reason !== undefined) {
      if (starts === STARTS)
        return Promise.reject(failure(`its thread ended twice (${reason}); restart Toolgrove`));
      starts += 1;
      thread = start();
    }
    return thread.ask(question);
  }

  // The other side is this package's own code of the same version: a method's answer is what the method gives.
  return {
    search: (query, more = {}) =>
      ask({ method: "search", query, options: more }) as ReturnType<CatalogDoor["search"]>,
    read: (path) => ask({ method: "read", path }) as ReturnType<CatalogDoor["read"]>,
    skills: () => ask({ method: "skills" }) as ReturnType<CatalogDoor["skills"]>,
    refresh: () => ask({ method: "refresh" }) as ReturnType<CatalogDoor["refresh"]>,
    ready: () => ask({ method: "ready" }) as ReturnType<CatalogDoor["ready"]>,
    servers: () => ask({ method: "servers" }) as ReturnType<CatalogDoor["servers"]>,
    async close() {
      isClosed = true;
      await thread.close();
    },
  };
}

/** A thread that answers questions. */
interface Thread {
  ask(question: Question): Promise<unknown>;
  /** Why it answers no more; undefined while it does. */
  endedBy(): string | undefined;
  /** Resolves when its catalog is closed and the thread has ended. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Who hears of a thread. */
interface Listeners {
  readonly log: (line: string) => void;
  /** Hears why a thread is no more. */
  readonly tell: (line: string) => void;
  readonly onSkillsChanged: () => void;
}

function startThread(setup: ThreadSetup, listeners: Listeners): Thread {
  try {
    const worker = new Worker(THREAD, {
      workerData: setup,
      // Piped and left unread: whatever a module prints there would break the protocol on ours.
      stdout: true,
      // What a program was started with may not fit a thread (`--input-type`).
      execArgv: [],
    });
    return followThread(worker, listeners);
  } catch (error) {
    // The system has no thread left, or Node may not start one.
    const why = messageOf(error);
    listeners.tell(`The catalog's thread cannot start: ${why}.`);
    return {
      ask: () => Promise.reject(failure(`its thread cannot start (${why}); ask again`)),
      endedBy: () => why,
      close: () => Promise.resolve(),
    };
  }
}

function followThread(worker: Worker, { log, tell, onSkillsChanged }: Listeners): Thread {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let reason: string | undefined;
  let isClosing = false;

  function settle(id: number, how: (one: Waiting) => void): void {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (one) how(one);
  }
  function hear(said: Said): void {
    if (said.kind === "log") log(said.line);
    else if (said.kind === "skills-changed") onSkillsChanged();
    else if (said.kind === "answer") settle(said.id, ({ resolve }) => resolve(said.value));
    else settle(said.id, ({ reject }) => reject(failure(said.message)));
  }
  function end(why: string): void {
    if (reason !== undefined) return;
    reason = why;
    if (!isClosing) tell(`The catalog's thread ended: ${why}.`);
    for (const id of [...waiting.keys()]) {
      settle(id, ({ reject }) => reject(failure(`its thread ended (${why}); ask again`)));
    }
  }
  function ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asked: Asked = { id: ++lastId, question };
      waiting.set(asked.id, { resolve, reject });
      worker.ref();
      worker.postMessage(asked);
    });
  }

  worker.on("message", (message: unknown) => {
    const said = parseSaid(message);
    if (said) hear(said);
  });
  worker.on("error", (error) => end(messageOf(error)));
  worker.on("exit", (code) => end(`exit code ${code}`));
  worker.unref();
  return {
    ask,
    endedBy: () => reason,
    async close() {
      isClosing = true;
      // A thread that dies while it closes is closed.
      if (reason === undefined) await ask({ method: "close" }).catch(() => undefined);
      await worker.terminate();
    },
  };
}

function failure(why: string): ToolgroveError {
  return new ToolgroveError("catalog", `The catalog did not answer: ${why}.`);
}
