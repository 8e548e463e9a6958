// Reads and replaces text files under one folder. It knows nothing of what is in them.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** A file to write: its path relative to the folder, with forward slashes, and its whole text. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** The file's text, or undefined when there is none. Other failures are thrown. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Texts of the TypeScript modules right inside a folder, by file name and in its order; none when there is no folder.
 * What is not a plain file, such as a link, counts with an empty text.
 */
export async function readSources(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const plain = new Map(entries.map((entry) => [entry.name, entry.isFile()]));
  const texts = new Map<string, string>();
  for (const name of [...plain.keys()].filter(isSource).toSorted()) {
    texts.set(name, plain.get(name) ? await readFile(path.join(folder, name), "utf8") : "");
  }
  return texts;
}

/** Writes the files in order, each as a whole: a reader sees the old text or the new one, never a part. */
export async function replaceFiles(folder: string, files: readonly TextFile[]): Promise<void> {
  if (files.length === 0) return;
  await mkdir(folder, { recursive: true });
  const drafts = await mkdtemp(path.join(folder, ".writing-"));
  try {
    for (const { file, text } of files) {
      const draft = path.join(drafts, path.posix.basename(file));
      const target = path.join(folder, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(draft, text);
      await rename(draft, target);
    }
  } finally {
    await rm(drafts, { recursive: true, force: true });
  }
}

/** Removes files; those that are gone already do no harm. */
export async function removeFiles(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) await rm(path.join(folder, file), { force: true });
}

/** Names with `.` or `_` in front, declarations and tests are not modules that code imports. */
function isSource(name: string): boolean {
  return /^[^._].*\.ts$/.test(name) && !/\.(?:d|test)\.ts$/.test(name);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
