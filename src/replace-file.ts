// Replaces a file as a whole: whoever reads sees the old text or the new one, also when we die between.
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const DRAFT = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Whether a file's name is that of a text on its way into another file: whoever lists a folder leaves it out. */
export function isDraft(name: string): boolean {
  return DRAFT.test(name);
}

/**
 * Writes `text`, or its pieces one after another, to `file`, making its folder when it is missing. Throws when it cannot;
 * the old file then stays, and nothing is left beside it.
 *
 * @param access `private` keeps the file (mode 0600) and a folder it makes (0700) to the user.
 */
export async function replaceFile(
  file: string,
  text: string | Iterable<Uint8Array>,
  access?: "private",
): Promise<void> {
  const isPrivate = access === "private";
  await mkdir(path.dirname(file), { recursive: true, ...(isPrivate && { mode: 0o700 }) });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { flag: "wx", ...(isPrivate && { mode: 0o600 }) });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Puts the finished file `draft` in place of `file`, on the same disk, so that also a power cut leaves the old file or the
 * new one, whole. Throws when it cannot; both then stay.
 */
export async function installFile(draft: string, file: string): Promise<void> {
  await sync(draft, "r+");
  await rename(draft, file);
  await syncFolder(path.dirname(file));
}

/** Makes what happened to the names in a folder last, where the system lets us (Windows does so by itself). */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== "win32") await sync(folder, "r");
}

async function sync(target: string, flags: string): Promise<void> {
  const handle = await open(target, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
