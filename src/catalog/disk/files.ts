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

/** Walks through the two folders. */
export interface FileFinder {
  /**
   * Every `.ts` file that may hold tools, sorted by name: no declaration files, no `servers/runtime.ts`, no name that
   * starts with `_` or `.`, no proofs and former versions of skills, nothing behind a symbolic link. A missing folder
   * holds none.
   *
   * @param changed absolute paths of what may have changed since the walk before; then only their folders are looked at
   * again. Without it, all are.
   */
  find(changed?: ReadonlySet<string>): Promise<FoundFiles>;
}

/** A folder's files and folders, in the order of the full paths of all that is beneath them. */
type Listing = readonly (FileStamp | Subfolder)[];

interface Subfolder {
  /** Relative to the home, with forward slashes. */
  readonly place: string;
  /** Absolute. */
  readonly folder: string;
}

/** Makes a finder that has seen nothing yet. `pace` is awaited after each folder, so that a large walk does not hold up the thread. */
export function createFileFinder(
  { serversDir, skillsDir }: CatalogRoots,
  pace: () => Promise<void>,
): FileFinder {
  let known: ReadonlyMap<string, Listing> = new Map();

  return {
    async find(changed) {
      const unchanged = changed && withoutChanged(known, changed);
      const seen = new Map<string, Listing>();
      const stamps: FileStamp[] = [];
      async function walk(place: string, folder: string): Promise<void> {
        const listing = unchanged?.get(folder) ?? listFolder(place, folder);
        seen.set(folder, listing);
        for (const item of listing) {
          if ("folder" in item) await walk(item.place, item.folder);
          else stamps.push(item);
        }
        await pace();
      }
      await walk("servers", serversDir);
      await walk("skills", skillsDir);
      known = seen;
      return { stamps, folders: [...seen.keys()] };
    },
  };
}

/** What is changed may be something in a folder, or a folder: another may stand in its place, with all that is in it. */
function withoutChanged(
  known: ReadonlyMap<string, Listing>,
  changed: ReadonlySet<string>,
): ReadonlyMap<string, Listing> {
  const rest = new Map(known);
  for (const each of changed) {
    rest.delete(path.dirname(each));
    rest.delete(each);
    if (!known.has(each)) continue;
    for (const folder of rest.keys()) if (folder.startsWith(each + path.sep)) rest.delete(folder);
  }
  return rest;
}

function listFolder(place: string, folder: string): Listing {
  return sortedEntries(folder).flatMap((entry): Listing => {
    const file = `${place}/${entry.name}`;
    const absolute = path.join(folder, entry.name);
    if (isBesideSkill(file) || file === "servers/runtime.ts") return [];
    return entry.isDirectory() ? [{ place: file, folder: absolute }] : stampFile(file, absolute);
  });
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
