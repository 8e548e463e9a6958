// The operations that only look: pieces of files, facts, lists. Each is one request of the guest; what it sends is checked.
import { constants, type BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { ToolgroveError } from "../errors.ts";
import { DRAFTS } from "./path-parts.ts";
import { atPlace, openAt } from "./place.ts";

/** What `stat` tells of a file. */
export interface FileFacts {
  readonly bytes: number;
  /** Last change, ISO 8601. */
  readonly modified: string;
  readonly kind: "file" | "folder";
}

/** A piece of a file. */
export interface Piece {
  /** Text, cut between characters, or base64. */
  readonly data: string;
  /** Where the next piece begins, in bytes. */
  readonly next: number;
  /** Size of the file, in bytes. */
  readonly bytes: number;
  /** Changes whenever the file does. */
  readonly version: string;
}

/** Which piece. */
export interface PieceRequest {
  /** Position of its first byte. */
  readonly start: number;
  /** Most bytes of it. */
  readonly length: number;
  readonly encoding: "utf8" | "base64";
  /** The version of the pieces before; a file that has changed since is refused. */
  readonly version?: string | undefined;
}

/** What the longest character takes: shorter pieces of text could be none. */
const MIN_TEXT_BYTES = 4;
const MAX_PIECE_BYTES = 4 * 1_048_576;

/** Reads a piece. Rejects when the file is no longer the one of `version`. */
export function readPiece(root: string, file: unknown, request: PieceRequest): Promise<Piece> {
  const { start, encoding, version } = request;
  const shortest = encoding === "utf8" ? MIN_TEXT_BYTES : 1;
  const length = Math.min(Math.max(request.length, shortest), MAX_PIECE_BYTES);
  return atPlace(root, file, async (place) => {
    const handle = await openAt(place, constants.O_RDONLY);
    try {
      const bytes = await readAt(handle, start, length);
      // Looked at after reading, so that a change while we read is seen as well.
      const facts = await handle.stat({ bigint: true });
      const found = versionOf(facts);
      if (version !== undefined && version !== found) throw changed(place.relative);
      const size = Number(facts.size);
      const used = encoding === "utf8" && start + bytes.length < size ? wholeCharacters(bytes) : bytes.length;
      const data = bytes.toString(encoding, 0, used);
      return { data, next: start + used, bytes: size, version: found };
    } finally {
      await handle.close();
    }
  });
}

/** The facts of a file or folder. */
export function statFile(root: string, file: unknown): Promise<FileFacts> {
  return atPlace(root, file, async (place) => {
    const handle = await openAt(place, constants.O_RDONLY);
    try {
      const facts = await handle.stat();
      const kind = facts.isDirectory() ? "folder" : "file";
      return { bytes: facts.size, modified: facts.mtime.toISOString(), kind };
    } finally {
      await handle.close();
    }
  });
}

/** Whether there is something of that name. A path that may not be is refused, not absent. */
export async function fileExists(root: string, file: unknown): Promise<boolean> {
  try {
    await statFile(root, file);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** Files that match a glob, sorted; all without one. Links are not followed. */
export async function listFiles(root: string, glob: unknown): Promise<string[]> {
  // It is many modules, and few executions list files.
  const { default: fastGlob } = await import("fast-glob");
  const pattern = typeof glob === "string" ? glob.replace(/^(\.\/)*workspace\//i, "") : "**";
  // A glob can name several folders to start from, as in `{a,/etc}/*`: each must be one of ours.
  const bases = fastGlob.generateTasks(pattern).map(({ base }) => base);
  await Promise.all(bases.map((base) => fileExists(root, base)));
  const files = await fastGlob(pattern, { cwd: root, followSymbolicLinks: false, ignore: [`${DRAFTS}/**`] });
  return files.toSorted();
}

/** Whether the file system says that there is no such file. */
export function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Differs between any two states of a file that a program can tell apart without reading it. */
export function versionOf({ ino, size, mtimeNs }: Pick<BigIntStats, "ino" | "size" | "mtimeNs">): string {
  return `${ino}-${size}-${mtimeNs}`;
}

/** What to say when a file is no longer what it was when its reading began. */
export function changed(file: string): ToolgroveError {
  return new ToolgroveError(
    "workspace",
    `${JSON.stringify(file)} was changed while it was read. Read it again from the start.`,
  );
}

async function readAt(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === length) return buffer.subarray(0, filled);
  }
}

/** The length without a last UTF-8 character that is cut off. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return characterBytes(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function characterBytes(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
