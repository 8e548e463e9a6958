// Finds the clients' files and replaces them with a backup beside each. It knows nothing of what is in them.
import { constants } from "node:fs";
import { chmod, copyFile, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ToolgroveError } from "../errors.ts";
import type { ConfigFile } from "./config-file.ts";
import type { Machine } from "./locations.ts";
import type { ClientRow } from "./table.ts";

/** Only its owner may read it. */
const PRIVATE = 0o600;

/** The clients' files that are there. A file that two places name counts once, as the first. */
export async function findConfigs(clients: readonly ClientRow[], machine: Machine): Promise<ConfigFile[]> {
  const found = new Map<string, ConfigFile>();
  for (const client of clients) {
    for (const location of client.locations(machine)) {
      const text = await readText(location.path);
      if (text !== undefined && !found.has(location.path))
        found.set(location.path, { client, ...location, text });
    }
  }
  // A user's own files first: his definition of a name comes before a repository's.
  return [...found.values()].toSorted(
    (a, b) => Number(a.scope === "project") - Number(b.scope === "project"),
  );
}

/** The file's text, or undefined when there is none. Other failures are thrown. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}

/**
 * Replaces a file that is there and gives the backup's path: `FILE.toolgrove-backup`, or with a number behind it where
 * an older backup stands. Links are followed, the mode stays. Throws when the file is no longer what was planned with.
 */
export async function replaceWithBackup(
  file: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<string> {
  const target = await realpath(file);
  if ((await readFile(target, "utf8")) !== before)
    throw new ToolgroveError(
      "bad_input",
      `${file} has just been changed by another program: run this again.`,
    );
  const backup = await backUp(target, `${file}.toolgrove-backup`);
  await replace(target, after, (await stat(target)).mode);
  return backup;
}

/** Writes the home's `servers/mcp.json`; `isPrivate` lets only its owner read it. */
export async function writeHomeFile(file: string, text: string, isPrivate: boolean): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const target = await realpath(file).catch(() => file);
  const mode = await stat(target).then(
    (found) => found.mode,
    () => 0o644,
  );
  await replace(target, text, isPrivate ? PRIVATE : mode);
}

async function backUp(file: string, backup: string): Promise<string> {
  for (let nth = 1; ; nth += 1) {
    const candidate = nth === 1 ? backup : `${backup}-${nth}`;
    try {
      await copyFile(file, candidate, constants.COPYFILE_EXCL);
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** As a whole: a reader sees the old text or the new one. */
async function replace(target: string, text: string, mode: number): Promise<void> {
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { mode: PRIVATE });
    await chmod(draft, mode & 0o777);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}
