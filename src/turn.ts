// One process after another: a folder with the name of whose turn it is. It knows nothing of what is done.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ToolgroveError } from "./errors.ts";

const FOLDER = ".turn";
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 25;
/** No save takes so long; a process that died, or one on another machine, left its name behind. */
const LEFT_AFTER_MS = 30_000;
/** A folder that is there and not empty is not replaced, as systems say it. */
const TAKEN = new Set(["ENOTEMPTY", "EEXIST", "EPERM"]);

/**
 * Does `work` while no other process does anything of the kind in `folder`. Throws when its turn does not come.
 *
 * A name is never used twice. So a name that was left behind can be removed by as many as find it, and none of them can
 * remove the name of who came next.
 */
export async function inTurn<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true });
  const turn = path.join(folder, FOLDER);
  const mine = `${process.pid}-${randomUUID()}`;
  const deadline = performance.now() + WAIT_MS;
  while (!(await take(turn, mine))) {
    if (performance.now() > deadline)
      throw new ToolgroveError(
        "bad_home",
        `Another process is saving in ${folder}. If none is, remove ${turn}.`,
      );
    if (!(await removeLeft(turn))) await pause(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    await giveBack(turn, mine);
  }
}

/** The folder appears with the name in it, or not at all. */
async function take(turn: string, mine: string): Promise<boolean> {
  const draft = `${turn}-${mine}`;
  await mkdir(draft);
  try {
    await writeFile(path.join(draft, mine), "");
    await rename(draft, turn);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (TAKEN.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

async function giveBack(turn: string, name: string): Promise<void> {
  await rm(path.join(turn, name), { force: true });
  await removeEmpty(turn);
}

/** Where the next one has its name in it by now, the folder stays. */
async function removeEmpty(turn: string): Promise<void> {
  await rmdir(turn).catch(() => undefined);
}

/** Whether somebody's turn had been left behind, and is over now. */
async function removeLeft(turn: string): Promise<boolean> {
  const [name] = await readdir(turn).catch(() => []);
  // Not every system puts a folder in the place of an empty one.
  if (name === undefined) await removeEmpty(turn);
  if (name === undefined || !(await isLeft(path.join(turn, name)))) return false;
  await giveBack(turn, name);
  return true;
}

async function isLeft(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    const pid = Number(path.basename(file).split("-")[0]);
    return Date.now() - mtimeMs > LEFT_AFTER_MS || (pid > 0 && !isRunning(pid));
  } catch {
    return false;
  }
}

/** Whether a process of this machine has that number, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
