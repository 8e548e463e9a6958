// One process after another: a file that only one can make says whose turn it is. It knows nothing of what is done.
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ToolgroveError } from "../errors.ts";

const FILE = ".saving";
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 25;
/** No save takes so long; a process that died, or one on another machine, left the file behind. */
const LEFT_AFTER_MS = 30_000;

/** Does `work` while no other process does anything of the kind in `folder`. Throws when its turn does not come. */
export async function inTurn<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, FILE);
  const mine = `${process.pid} ${randomUUID()}\n`;
  const deadline = performance.now() + WAIT_MS;
  while (!(await take(file, mine))) {
    if (await isLeft(file)) await rm(file, { force: true });
    else if (performance.now() > deadline)
      throw new ToolgroveError(
        "bad_home",
        `Another process is saving in ${folder}. If none is, remove ${file}.`,
      );
    else await pause(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, mine: string): Promise<boolean> {
  try {
    await writeFile(file, mine, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isLeft(file: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    const pid = Number(text.split(" ")[0]);
    return Date.now() - mtimeMs > LEFT_AFTER_MS || (pid > 0 && !isRunning(pid));
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
