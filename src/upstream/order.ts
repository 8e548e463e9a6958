// Decides which calls may run at the same time. It knows calls only as reads and writes.
import type { CallKind } from "../tool.ts";

/** Lets calls run in the order they arrived, as far as its rule allows. */
export interface Gate {
  /**
   * Waits for a turn, runs the task, and gives the turn back however the task ends. A signal that aborts while the
   * call waits takes it out of the queue at once and rejects with the signal's reason; a task that has begun is left alone.
   */
  run<T>(kind: CallKind, signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

type Running = Readonly<Record<CallKind, number>>;

/** Reads together, every write alone, nobody overtakes: a read that arrives behind a waiting write waits for it. */
export function createReadWriteGate(): Gate {
  return createGate((kind, running) => running.write === 0 && (kind === "read" || running.read === 0));
}

/** Any `limit` calls together, in the order they arrived. */
export function createSemaphore(limit: number): Gate {
  return createGate((_kind, running) => running.read + running.write < limit);
}

interface Waiting {
  readonly kind: CallKind;
  readonly admit: () => void;
}

function createGate(mayRun: (kind: CallKind, running: Running) => boolean): Gate {
  const running = { read: 0, write: 0 };
  const queue: Waiting[] = [];

  function admitWaiting(): void {
    for (let next = queue[0]; next && mayRun(next.kind, running); next = queue[0]) {
      queue.shift();
      running[next.kind] += 1;
      next.admit();
    }
  }

  function turn(kind: CallKind, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal.reason);
        // The one that left may have been what held the others back.
        admitWaiting();
      };
      const waiting: Waiting = {
        kind,
        admit: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal.throwIfAborted();
      signal.addEventListener("abort", leave, { once: true });
      queue.push(waiting);
      admitWaiting();
    });
  }

  return {
    async run(kind, signal, task) {
      await turn(kind, signal);
      try {
        return await task();
      } finally {
        running[kind] -= 1;
        admitWaiting();
      }
    },
  };
}
