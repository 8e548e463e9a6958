// Keeps two processes from writing one journal. A lock is a file with the number of the attempt; whoever takes a run over
// makes the next number, which only one can. It knows no journal's content.
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { isRunning } from "../turn.ts";

/** Locks of the runs in one folder, held by this process. */
export interface Locks {
  /** Takes the run, or says who has it. */
  take(id: string): { readonly holder: string } | { release(): void };
  /** Who works on the run now; undefined for nobody. */
  holder(id: string): string | undefined;
}

/** A living holder touches its locks this often; one that has not for a dozen times is dead, and its pid another's. */
const TOUCH_MS = 5_000;
const DEAD_AFTER_MS = 60_000;

/** @param folder where journals are. */
export function createLocks(folder: string): Locks {
  const held = new Set<string>();
  let touching: NodeJS.Timeout | undefined;

  function touch(): void {
    const now = new Date();
    for (const file of held) {
      try {
        utimesSync(file, now, now);
      } catch {
        // Someone took the file away: the journal itself is still whole.
      }
    }
  }

  function release(file: string): void {
    held.delete(file);
    rmSync(file, { force: true });
    if (held.size > 0) return;
    clearInterval(touching);
    touching = undefined;
  }

  return {
    take(id) {
      const present = locksOf(folder, id);
      const last = present.at(-1);
      const holder = last && holderOf(last.file);
      if (holder !== undefined) return { holder };
      const file = path.join(folder, `${id}.${(last?.attempt ?? -1) + 1}.lock`);
      if (!create(file)) return { holder: holderOf(file) ?? "another process" };
      held.add(file);
      touching ??= setInterval(touch, TOUCH_MS).unref();
      for (const stale of present) rmSync(stale.file, { force: true });
      return { release: () => release(file) };
    },
    holder(id) {
      const last = locksOf(folder, id).at(-1);
      return last && holderOf(last.file);
    },
  };
}

function create(file: string): boolean {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    const descriptor = openSync(file, "wx", 0o600);
    writeSync(descriptor, JSON.stringify({ pid: process.pid, host: os.hostname() }));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The run's locks, the newest last. */
function locksOf(folder: string, id: string): { readonly file: string; readonly attempt: number }[] {
  const found = listFolder(folder).flatMap((name) => {
    const [run, attempt, kind] = name.split(".");
    return run === id && kind === "lock" ? [{ file: path.join(folder, name), attempt: Number(attempt) }] : [];
  });
  return found.toSorted((a, b) => a.attempt - b.attempt);
}

/** The names in a folder; none when there is no such folder. */
export function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Who holds this lock; undefined when that process is dead. */
function holderOf(file: string): string | undefined {
  try {
    const isFresh = Date.now() - statSync(file).mtimeMs < DEAD_AFTER_MS;
    if (!isFresh) return undefined;
    const { pid, host } = readHolder(file);
    if (host === os.hostname() && pid !== undefined && !isRunning(pid)) return undefined;
    return pid === undefined ? "another process" : `process ${pid}`;
  } catch {
    return undefined;
  }
}

/** What the lock says; nothing while it is being written. */
function readHolder(file: string): { readonly pid?: number; readonly host?: string } {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof parsed !== "object" || parsed === null) return {};
    const { pid, host } = parsed as { pid?: unknown; host?: unknown };
    return typeof pid === "number" && typeof host === "string" ? { pid, host } : {};
  } catch {
    return {};
  }
}
