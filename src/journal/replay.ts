// Which recorded action answers the one that is asked for now. It knows the records of a run, and neither files nor calls.
import { keyOf } from "./action-key.ts";
import type { Action, Recorded, RunState } from "./run-state.ts";

/** What to do about an action. */
export type Verdict =
  /** Its answer is in the journal. */
  | { readonly is: "replay"; readonly record: Recorded }
  /** It is done now; `again` is the record it takes the place of. */
  | { readonly is: "live"; readonly again?: Recorded | undefined }
  /** It may have been done, and nobody knows. */
  | { readonly is: "doubt"; readonly record: Recorded };

/** The records of a run as the program uses them up. */
export interface Replay {
  /** The verdict on the next action the program asks for. */
  next(action: Action): Verdict;
  /** An action that changes something is done now: recorded reads are of the past from here on. */
  wentLive(): void;
  /** Completed actions that were never asked for. */
  unasked(): readonly Recorded[];
}

/**
 * The k-th action with the same key gets the k-th completed record of that key, so calls that are answered in another order
 * than before do not confuse it; records in doubt come after the completed ones. With mended code a recorded read answers
 * only as long as the same writes have been asked for as before it: otherwise it would tell of another world.
 *
 * @param isMended whether the program is another than the one that made the records.
 */
export function createReplay({ actions }: Pick<RunState, "actions">, isMended: boolean): Replay {
  const queues = new Map<string, Recorded[]>();
  for (const record of actions) {
    if (record.standing.is === "repeated") continue;
    const key = record.key ?? keyOf(record);
    const queue = queues.get(key);
    if (queue) queue.push(record);
    else queues.set(key, [record]);
  }
  for (const [key, queue] of queues)
    queues.set(
      key,
      queue.toSorted((a, b) => rank(a) - rank(b)),
    );
  const world = createWorld(actions);

  return {
    next(action) {
      const queue = queues.get(keyOf(action)) ?? [];
      const fits = (record: Recorded): boolean =>
        record.kind !== "read" || !isMended || world.isThatOf(record);
      const index = queue.findIndex(fits);
      const [record] = index < 0 ? [] : queue.splice(index, 1);
      if (!record) return { is: "live" };
      const verdict = judge(record);
      if (record.kind !== "read" && verdict.is === "replay") world.wrote(record);
      return verdict;
    },
    wentLive: world.leave,
    unasked: () => [...queues.values()].flat().filter((record) => isAnswered(record)),
  };
}

/** Those that will not be done again first, in their order. */
function rank(record: Recorded): number {
  const { standing } = record;
  return isAnswered(record) || (standing.is === "failed" && standing.survived) ? 0 : 1;
}

function isAnswered({ standing: { is } }: Recorded): boolean {
  return is === "done" || is === "unkept" || is === "skipped";
}

function judge(record: Recorded): Verdict {
  const { standing, kind } = record;
  switch (standing.is) {
    case "done":
    case "skipped":
      return { is: "replay", record };
    case "unkept":
      return kind === "read" ? { is: "live", again: record } : { is: "doubt", record };
    case "failed":
      return standing.survived ? { is: "replay", record } : { is: "live", again: record };
    case "open":
      return kind === "write" ? { is: "doubt", record } : { is: "live", again: record };
    case "repeated":
      return { is: "live" };
  }
}

interface World {
  /** Whether what was written so far is what had been written before the record was sent. */
  isThatOf(record: Recorded): boolean;
  wrote(record: Recorded): void;
  leave(): void;
}

function createWorld(actions: readonly Recorded[]): World {
  const place = new Map<Recorded, number>();
  let writes = 0;
  for (const record of actions) {
    place.set(record, writes);
    if (record.kind !== "read" && isAnswered(record)) writes += 1;
  }
  let count = 0;
  let last = -1;
  let isLeft = false;
  return {
    isThatOf: (record) => !isLeft && place.get(record) === count && last + 1 === count,
    wrote(record) {
      if (!isAnswered(record)) return;
      count += 1;
      last = Math.max(last, place.get(record) ?? 0);
    },
    leave: () => (isLeft = true),
  };
}
