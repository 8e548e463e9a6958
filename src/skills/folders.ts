// The skills' folders in the Agent Skills form, with the files they show to others. It knows no protocol.
import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isDraft } from "../replace-file.ts";

/** A folder with a `SKILL.md`. */
export interface SkillFolder {
  /** Relative to the home's `skills`, with forward slashes: `memory/tag-where`. */
  readonly path: string;
  /** Its files by their path in the folder. Former versions, hidden files and links are not among them. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** The page that makes a folder a skill. */
export const PAGE = "SKILL.md";
/** Where a skill's former versions stand, which are nobody's but the owner's. */
const FORMER = "versions";
/** What every host has to accept of one skill (SEP-2640); a larger folder is none that was meant to be one. */
const MAX_FILES = 512;
const MAX_BYTES = 16 * 1_048_576;

/** All of them, sorted by path: `GROUP/NAME`, and `NAME` right under `skillsDir`. */
export async function listFolders(skillsDir: string): Promise<SkillFolder[]> {
  const groups = await foldersIn(skillsDir);
  const nested = await Promise.all(
    groups.map(async (group) =>
      (await foldersIn(path.join(skillsDir, group))).map((name) => `${group}/${name}`),
    ),
  );
  const folders = await Promise.all(
    [...groups, ...nested.flat()].map((folder) => readFolder(skillsDir, folder)),
  );
  return folders.flat().toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** One folder; empty when it is no skill's, or larger than a skill may be. */
async function readFolder(skillsDir: string, folder: string): Promise<SkillFolder[]> {
  const root = path.join(skillsDir, folder);
  const page = await lstat(path.join(root, PAGE)).catch(() => undefined);
  if (!page?.isFile()) return [];
  const names = await filesIn(root);
  if (names.length > MAX_FILES) return [];
  // A file or the whole folder may go while it is read: then it is as if it had gone before.
  const sizes = await Promise.all(
    names.map((name) =>
      lstat(path.join(root, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BYTES) return [];
  const found = await Promise.all(
    names.map((name) =>
      readFile(path.join(root, name)).then(
        (bytes) => [[name, bytes] as const],
        () => [],
      ),
    ),
  );
  const files: SkillFolder["files"] = Object.fromEntries(found.flat());
  return files[PAGE] ? [{ path: folder, files }] : [];
}

async function filesIn(root: string, folder = ""): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.filter(isShown).map(async (entry) => {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) return [name];
      return entry.isDirectory() && name !== FORMER ? filesIn(root, name) : [];
    }),
  );
  return found.flat().toSorted();
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && isShown(entry)).map(({ name }) => name);
}

function isShown({ name }: { readonly name: string }): boolean {
  return !name.startsWith(".") && !isDraft(name);
}
