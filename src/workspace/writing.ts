// The operations that change files. A file is replaced as a whole or not at all, and lasts once the answer is given.
import { constants } from "node:fs";
import { lstat, rename, type FileHandle } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { ToolgroveError } from "../errors.ts";
import { syncFolder } from "../replace-file.ts";
import { atPlace, openAt, type Place } from "./place.ts";
import { changed, versionOf } from "./reading.ts";
import { isFolder, refuseRoot, sizeOf, type Replacing, type WritingParts } from "./replacing.ts";
import { countFiles } from "./usage.ts";

/** Operations that change files; each resolves when the change will survive a power cut. */
export interface Writing {
  /** Replaces a file or makes it, folders included. */
  put(file: unknown, bytes: Uint8Array): Promise<void>;
  /**
   * Adds to the end in one write of the system, so that what two servers append stands one after the other.
   * @param head stands in front when the file is new.
   */
  append(file: unknown, text: string, head?: string): Promise<void>;
  copy(from: unknown, to: unknown): Promise<void>;
  /** Moves a file or a folder; a file in its way is replaced. */
  move(from: unknown, to: unknown): Promise<void>;
  /** Removes a file or a folder with all that is in it. */
  remove(file: unknown): Promise<void>;
}

const COPY_BYTES = 1_048_576;
const MAKING = { makeFolders: true };

/** Makes the operations. */
export function createWriting(parts: WritingParts, replacing: Replacing): Writing {
  const { root, drafts, ledger, onChange } = parts;
  const { addPiece, replace } = replacing;
  return {
    put: (file, bytes) => replace(file, (token) => addPiece(token, 0, bytes)),
    append: (file, text, head = "") =>
      atPlace(root, file, (place) => append(place, { text, head }, parts), MAKING),
    copy: (from, to) =>
      atPlace(root, from, async (source) => {
        const handle = await openFile(source);
        try {
          await replace(to, (token) => pour(handle, source, (at, bytes) => addPiece(token, at, bytes)));
        } finally {
          await handle.close();
        }
      }),
    move: (from, to) =>
      atPlace(root, from, (source) =>
        atPlace(root, to, (target) => move(refuseRoot(source), target, parts), MAKING),
      ),
    remove: (file) =>
      atPlace(root, file, async (place) => {
        const facts = await lstat(refuseRoot(place).path);
        const held = facts.isDirectory() ? await countFiles(place.path) : { bytes: facts.size, files: 1 };
        await drafts.sweep(place.path);
        await syncFolder(place.folder);
        await ledger.admit({ bytes: -held.bytes, files: -held.files }, 0);
        onChange(place.relative);
      }),
  };
}

interface Addition {
  readonly text: string;
  readonly head: string;
}

async function append(place: Place, { text, head }: Addition, parts: WritingParts): Promise<void> {
  const old = await sizeOf(place);
  const room = Buffer.byteLength(head) + Buffer.byteLength(text);
  await parts.ledger.admit({ bytes: room, files: old === undefined ? 1 : 0 }, (old ?? 0) + room);
  const { handle, isNew } = await openEnd(place);
  try {
    const isEmpty = isNew || (head !== "" && (await staysEmpty(handle)));
    const bytes = Buffer.from(isEmpty ? head + text : text, "utf8");
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length)
      throw new ToolgroveError(
        "workspace",
        `Only ${bytesWritten} of ${bytes.length} bytes could be appended.`,
      );
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (isNew) await syncFolder(place.folder);
  parts.onChange(place.relative);
}

/** A file open for appending, and whether it was made for that. */
async function openEnd(place: Place): Promise<{ readonly handle: FileHandle; readonly isNew: boolean }> {
  const flags = constants.O_WRONLY | constants.O_APPEND;
  try {
    return { handle: await openAt(place, flags | constants.O_CREAT | constants.O_EXCL), isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return { handle: await openAt(place, flags), isNew: false };
  }
}

/** Whoever has just made a file writes its head at once; only a file that stays empty still wants one. */
async function staysEmpty(handle: FileHandle): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if ((await handle.stat()).size > 0) return false;
    await pause(5);
  }
  return true;
}

async function pour(
  source: FileHandle,
  { relative }: Place,
  write: (at: number, bytes: Uint8Array) => Promise<number>,
): Promise<void> {
  const before = versionOf(await source.stat({ bigint: true }));
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    at = await write(at, buffer.subarray(0, bytesRead));
  }
  if (versionOf(await source.stat({ bigint: true })) !== before) throw changed(relative);
}

async function move(source: Place, target: Place, { ledger, onChange }: WritingParts): Promise<void> {
  const isFile = (await lstat(source.path)).isFile();
  const replaced = isFile && source.relative !== target.relative ? await sizeOf(target) : undefined;
  await rename(source.path, target.path);
  await Promise.all([...new Set([source.folder, target.folder])].map(syncFolder));
  if (replaced !== undefined) await ledger.admit({ bytes: -replaced, files: -1 }, 0);
  onChange(source.relative);
  onChange(target.relative);
}

async function openFile(place: Place): Promise<FileHandle> {
  const handle = await openAt(place, constants.O_RDONLY);
  if (!(await handle.stat()).isDirectory()) return handle;
  await handle.close();
  throw isFolder(place.relative);
}
