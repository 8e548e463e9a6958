// The folder in which a home's journals are: reads, lists, removes and cleans up. It knows no program and no call.
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { messageOf, ToolgroveError } from "../errors.ts";
import { replaceFile } from "../replace-file.ts";
import { parseLines, printLine, type Line } from "./entry.ts";
import { createLocks, type Locks } from "./lock.ts";
import { foldLines, type RunState } from "./run-state.ts";

/** What is kept; `toolgrove.json` sets it. */
export interface KeepLimits {
  /** Journals that nothing was written to for so long are removed. */
  readonly days: number;
  /** Journals kept of a home; the oldest go first. */
  readonly runs: number;
}

/** A journal as read: its state, and how many bytes of the file are whole lines. */
export interface StoredRun {
  readonly state: RunState;
  readonly wholeBytes: number;
}

/** A journal that cannot be read. */
export interface BrokenRun {
  readonly id: string;
  readonly problem: string;
}

/** The journals of one home. */
export interface Store {
  readonly locks: Locks;
  readonly isId: (text: string) => boolean;
  readonly fileOf: (id: string) => string;
  /** Undefined when there is none. Throws `journal` when it is broken. */
  readonly read: (id: string) => Promise<StoredRun | undefined>;
  /** The ids of all, newest first. */
  readonly ids: () => Promise<string[]>;
  /** Every run, newest first; broken ones with what is wrong. */
  readonly all: () => Promise<(RunState | BrokenRun)[]>;
  /** False when there was none. Throws `journal` while somebody works on it. */
  readonly remove: (id: string) => Promise<boolean>;
  /** Leaves of a run that ended well only its code and how many actions it completed. */
  readonly shorten: (id: string) => Promise<void>;
  /** Removes what is too old or too many; never a run somebody works on. Never rejects. */
  readonly clean: () => Promise<void>;
}

/** What an id looks like; anything else names no file. */
const ID = /^[0-9]{8}-[0-9]{4}-[0-9a-f]{6}$/;
const DAY_MS = 86_400_000;

/** Where one home's journals are. */
interface Place {
  readonly folder: string;
  readonly locks: Locks;
}

/** @param stateDir a folder of the user. @param home absolute path: homes do not see each other's runs. */
export function openStore(stateDir: string, home: string, keep: KeepLimits): Store {
  const folder = path.join(stateDir, "runs", createHash("sha256").update(home).digest("hex").slice(0, 16));
  const place: Place = { folder, locks: createLocks(folder) };
  return {
    locks: place.locks,
    isId: (text) => ID.test(text),
    fileOf: (id) => fileOf(place, id),
    read: (id) => readRun(place, id),
    ids: () => listIds(place),
    all: () => readAll(place),
    remove: (id) => removeRun(place, id),
    async shorten(id) {
      const stored = await readRun(place, id);
      if (stored?.state.end?.how === "value")
        await replaceFile(fileOf(place, id), briefLines(stored.state, stored.state.end.at), "private");
    },
    clean: () => clean(place, keep),
  };
}

function fileOf({ folder }: Place, id: string): string {
  return path.join(folder, `${id}.jsonl`);
}

async function readRun(place: Place, id: string): Promise<StoredRun | undefined> {
  if (!ID.test(id)) return undefined;
  const file = fileOf(place, id);
  const bytes = await readIfThere(file);
  if (!bytes) return undefined;
  const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
  const state = foldLines(parseLines(bytes.toString("utf8", 0, wholeBytes), file), file);
  return state && { state, wholeBytes };
}

async function listIds(place: Place): Promise<string[]> {
  const names = await readdir(place.folder).catch(() => []);
  const found = names.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -6));
  const dated = await Promise.all(found.filter((id) => ID.test(id)).map((id) => dateOf(place, id)));
  return dated.toSorted((a, b) => (a.key < b.key ? 1 : -1)).map(({ id }) => id);
}

/** Ids tell the minute; within it the time of the file's making decides. */
async function dateOf(place: Place, id: string): Promise<{ id: string; key: string }> {
  const facts = await stat(fileOf(place, id)).catch(() => undefined);
  return { id, key: `${id.slice(0, 13)} ${String(Math.round(facts?.birthtimeMs ?? 0)).padStart(16, "0")}` };
}

async function readAll(place: Place): Promise<(RunState | BrokenRun)[]> {
  const runs: (RunState | BrokenRun)[] = [];
  // One after another: a journal may have many megabytes.
  for (const id of await listIds(place)) {
    try {
      const stored = await readRun(place, id);
      if (stored) runs.push(stored.state);
    } catch (error) {
      runs.push({ id, problem: messageOf(error) });
    }
  }
  return runs;
}

async function removeRun(place: Place, id: string): Promise<boolean> {
  if (!ID.test(id)) return false;
  const lock = place.locks.take(id);
  if ("holder" in lock)
    throw new ToolgroveError("journal", `Run ${id} is running (${lock.holder}); end that first.`);
  try {
    await rm(fileOf(place, id));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  } finally {
    lock.release();
  }
}

async function clean(place: Place, keep: KeepLimits): Promise<void> {
  const before = Date.now() - keep.days * DAY_MS;
  for (const [index, id] of (await listIds(place)).entries()) {
    const facts = await stat(fileOf(place, id)).catch(() => undefined);
    // What is being written cannot be removed, and need not be told.
    if (index >= keep.runs || (facts && facts.mtimeMs < before))
      await removeRun(place, id).catch(() => undefined);
  }
}

const NEWLINE = 10;

function briefLines({ id, begunAt, code, seed, completed }: RunState, at: number): string {
  const lines: Line[] = [
    { is: "begin", v: 1, id, at: begunAt, code, seed },
    { is: "end", how: "value", at, calls: completed },
  ];
  return lines.map(printLine).join("");
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ToolgroveError("journal", `The journal ${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
