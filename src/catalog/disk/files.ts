// Finds the source files under servers/ and skills/ and what the file system says of them. It reads no contents.
import { type Dirent, lstatSync, readdirSync } from "node:fs";
import path from "node:path";

/** The two folders a catalog covers, absolute. */
export interface CatalogRoots {
  readonly serversDir: string;
  readonly skillsDir: string;
}

/** One file as it is on disk now. */
export interface FileStamp {
  /** Relative to the home, with forward slashes: `servers/memory/createEntities.ts`. */
  readonly file: string;
  readonly absolute: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** What a walk through the two folders found. */
export interface FoundFiles {
  /** Sorted by file. */
  readonly stamps: readonly FileStamp[];
  /** Absolute; where a new file would be found. */
  readonly folders: readonly string[];
}

/**
 * Every `.ts` file that may hold tools, sorted by name: no declaration files, no `servers/runtime.ts`, no name that
 * starts with `_` or `.`, no proofs and former versions of skills, nothing behind a symbolic link. A missing folder holds none.
 *
 * @param pace awaited after each folder, so that a large walk does not hold up the thread
 */
export async function findFiles(
  { serversDir, skillsDir }: CatalogRoots,
  pace: () => Promise<void>,
): Promise<FoundFiles> {
  const stamps: FileStamp[] = [];
  const folders: string[] = [];
  async function walk(place: string, folder: string): Promise<void> {
    folders.push(folder);
    for (const entry of sortedEntries(folder)) {
      const file = `${place}/${entry.name}`;
      if (isBesideSkill(file)) continue;
      if (entry.isDirectory()) await walk(file, path.join(folder, entry.name));
      else if (file !== "servers/runtime.ts") stamps.push(...stampFile(file, path.join(folder, entry.name)));
    }
    await pace();
  }
  await walk("servers", serversDir);
  await walk("skills", skillsDir);
  return { stamps, folders };
}

/** What stands beside a skill's module in its folder: the run that proved it, and former versions. */
function isBesideSkill(file: string): boolean {
  return /^skills\/[^/]+\/[^/]+\/(?:proof\.ts|versions)$/.test(file);
}

/** Sorted as the full paths of all that is beneath them are. */
function sortedEntries(folder: string): Dirent[] {
  return readFolder(folder)
    .filter(mayHoldTools)
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}

function readFolder(folder: string): Dirent[] {
  try {
    // Synchronous calls are four times faster than promises here, and the thread they hold up is the catalog's own.
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function mayHoldTools(entry: Dirent): boolean {
  const { name } = entry;
  if (name.startsWith("_") || name.startsWith(".")) return false;
  if (entry.isDirectory()) return name !== "node_modules";
  return entry.isFile() && name.endsWith(".ts") && !name.endsWith(".d.ts");
}

function stampFile(file: string, absolute: string): FileStamp[] {
  try {
    const { size, mtimeMs } = lstatSync(absolute);
    return [{ file, absolute, size, mtimeMs }];
  } catch {
    // Removed since it was listed: as good as never there.
    return [];
  }
}
