// Reaches a place in the workspace without following a link, also one that appears while we look. It knows paths and
// folders, and nothing of what is done there.
//
// On Linux each folder on the way is opened from the one before it, so a folder that is swapped for a link is noticed by
// the system itself. Elsewhere the way is looked at before and after: what was read through a swapped link is never
// handed out, and a write through one is reported.
import { constants, existsSync } from "node:fs";
import { lstat, mkdir, open, realpath, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { ToolgroveError } from "../errors.ts";
import { pathParts, refusal } from "./path-parts.ts";

const HAS_FD_PATHS = process.platform === "linux" && existsSync("/proc/self/fd");
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const NONBLOCK = constants.O_NONBLOCK ?? 0;
const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | NOFOLLOW;

/** A file or folder of the workspace, or the name for one. */
export interface Place {
  /** For the file system; good only inside the `work` it was given to. */
  readonly path: string;
  /** The folder it stands in, the same way. */
  readonly folder: string;
  /** Relative to the workspace, with forward slashes; empty for the workspace itself. */
  readonly relative: string;
}

/** How to get there. */
export interface Approach {
  /** Makes the folders on the way; false by default. */
  readonly makeFolders?: boolean;
}

/**
 * Calls `work` with the place `relative` below `root`, which must exist. The file itself need not.
 * Refuses, with code `workspace`, what `pathParts` refuses and what is or is reached through a symbolic link.
 */
export async function atPlace<Result>(
  root: string,
  relative: unknown,
  work: (place: Place) => Promise<Result>,
  { makeFolders = false }: Approach = {},
): Promise<Result> {
  const parts = pathParts(relative);
  const name = parts.at(-1);
  if (name === undefined) return work({ path: root, folder: root, relative: "" });
  const enter = HAS_FD_PATHS ? throughHandles : throughChecks;
  return enter({ root, relative, folders: parts.slice(0, -1), makeFolders }, async (folder, names) => {
    const last = await spelling(folder, name);
    const file = path.join(folder, last);
    const stats = await lstat(file).catch(() => undefined);
    if (stats?.isSymbolicLink()) throw refusal(relative, THROUGH_LINK);
    return work({ path: file, folder, relative: [...names, last].join("/") });
  });
}

/** Opens the file at a place. A file that has other names (hard links) may belong to someone else and is refused. */
export async function openAt(place: Place, flags: number): Promise<FileHandle> {
  // A pipe of somebody else would otherwise hold us until its other end opens.
  const handle = await open(place.path, flags | NOFOLLOW | NONBLOCK);
  const facts = await handle.stat();
  if (facts.isDirectory() || (facts.isFile() && facts.nlink === 1)) return handle;
  await handle.close();
  // A file without a name has just been replaced: what was opened is the old one, whole.
  if (facts.isFile() && facts.nlink === 0) return openAt(place, flags);
  const why = facts.isFile() ? "a hard link" : "neither a file nor a folder";
  throw new ToolgroveError("workspace", `${JSON.stringify(place.relative)} is refused: it is ${why}.`);
}

const THROUGH_LINK = "it goes through a symbolic link";

interface Way {
  readonly root: string;
  readonly relative: unknown;
  readonly folders: readonly string[];
  readonly makeFolders: boolean;
}
type Arrival<Result> = (folder: string, names: readonly string[]) => Promise<Result>;

async function throughHandles<Result>(way: Way, arrive: Arrival<Result>): Promise<Result> {
  let handle = await open(way.root, constants.O_RDONLY);
  try {
    const names: string[] = [];
    for (const part of way.folders) {
      const here = `/proc/self/fd/${handle.fd}`;
      const name = await spelling(here, part);
      const next = await openFolder(path.join(here, name), way);
      await handle.close();
      handle = next;
      names.push(name);
    }
    return await arrive(`/proc/self/fd/${handle.fd}`, names);
  } finally {
    await handle.close();
  }
}

async function openFolder(folder: string, { relative, makeFolders }: Way): Promise<FileHandle> {
  try {
    if (makeFolders) await makeFolder(folder);
    return await open(folder, FOLDER);
  } catch (error) {
    const stats = await lstat(folder).catch(() => undefined);
    if (stats?.isSymbolicLink()) throw refusal(relative, THROUGH_LINK);
    throw error;
  }
}

async function throughChecks<Result>(way: Way, arrive: Arrival<Result>): Promise<Result> {
  let folder = await realpath(way.root);
  const names: string[] = [];
  for (const part of way.folders) {
    const name = await spelling(folder, part);
    folder = path.join(folder, name);
    if (way.makeFolders) await makeFolder(folder);
    if ((await lstat(folder)).isSymbolicLink()) throw refusal(way.relative, THROUGH_LINK);
    names.push(name);
  }
  const result = await arrive(folder, names);
  if ((await realpath(folder)) !== folder) throw refusal(way.relative, "its folder was exchanged meanwhile");
  return result;
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
}

/** A name as the folder has it: new names are composed (NFC), so that two spellings of one word are one file. */
async function spelling(folder: string, name: string): Promise<string> {
  const composed = name.normalize("NFC");
  if (composed === name) return name;
  const isThere = await lstat(path.join(folder, name)).then(
    () => true,
    () => false,
  );
  return isThere ? name : composed;
}
