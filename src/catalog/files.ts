// Finds the source files under servers/ and skills/ and what the file system says of them. It reads no contents.
import { lstat } from "node:fs/promises";
import path from "node:path";
import glob from "fast-glob";

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

const IGNORED = ["**/*.d.ts", "**/_*", "**/_*/**", "**/node_modules/**"];

/**
 * Every `.ts` file that may hold tools, sorted by name: no declaration files, no `servers/runtime.ts`, no name that
 * starts with `_` or `.`, nothing behind a symbolic link. A missing folder holds none.
 */
export async function findFiles({ serversDir, skillsDir }: CatalogRoots): Promise<FileStamp[]> {
  const stamps = await Promise.all([
    stampFolder("servers", serversDir, [...IGNORED, "runtime.ts"]),
    stampFolder("skills", skillsDir, IGNORED),
  ]);
  return stamps.flat();
}

async function stampFolder(root: string, folder: string, ignore: string[]): Promise<FileStamp[]> {
  // Without `stats`: asking for them makes the walk itself four times slower.
  const names = await glob("**/*.ts", {
    cwd: folder,
    ignore,
    followSymbolicLinks: false,
    suppressErrors: true,
  });
  const stamps = await Promise.all(
    names.toSorted().map((name) => stampFile(`${root}/${name}`, path.join(folder, name))),
  );
  return stamps.filter((stamp) => stamp !== undefined);
}

async function stampFile(file: string, absolute: string): Promise<FileStamp | undefined> {
  try {
    const { size, mtimeMs } = await lstat(absolute);
    return { file, absolute, size, mtimeMs };
  } catch {
    // Removed since it was listed: as good as never there.
    return undefined;
  }
}
