// How much the workspace holds and may hold. It counts once, then adds what we write; others who write to the same folder
// are seen by counting again now and then, never once a write.
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { ToolgroveError } from "../errors.ts";
import { DRAFTS } from "./path-parts.ts";

/** What the workspace may hold. */
export interface Quota {
  /** All files together, in mebibytes. */
  readonly maxMb: number;
  /** One file, in mebibytes. */
  readonly maxFileMb: number;
  readonly maxFiles: number;
}

/** What is held. */
export interface Usage {
  readonly bytes: number;
  readonly files: number;
}

/** Lets writes in as long as there is room. */
export interface Ledger {
  /**
   * Takes note of a write before it happens. Rejects with code `workspace` when the file would be larger than one may be,
   * or the workspace fuller than it may be: with what is used, and what to do.
   *
   * @param change what the write adds; negative when it frees room, which is never refused.
   * @param fileBytes the size of the file afterwards.
   */
  admit(change: Usage, fileBytes: number): Promise<void>;
  /** What is held, as far as known; counted when it never was. */
  usage(): Promise<Usage>;
  readonly quota: Quota;
}

const MEBIBYTE = 1_048_576;
/** A count is believed this long, unless it would refuse a write. */
const BELIEVED_MS = 60_000;
/** A count that refuses a write is made again when it is older than this: files may have been removed by others. */
const DISPUTED_MS = 1_000;

/** @param root absolute path of the workspace; it need not exist. */
export function createLedger(root: string, quota: Quota): Ledger {
  let known: { bytes: number; files: number; at: number } | undefined;
  let counting: Promise<void> | undefined;

  async function count(): Promise<void> {
    const at = performance.now();
    known = { ...(await countFiles(root)), at };
    counting = undefined;
  }
  async function believed(ageMs: number): Promise<{ bytes: number; files: number }> {
    if (known === undefined || performance.now() - known.at > ageMs) await (counting ??= count());
    return known ?? { bytes: 0, files: 0 };
  }
  async function fault(change: Usage, ageMs: number): Promise<string | undefined> {
    const { bytes, files } = await believed(ageMs);
    if (change.bytes > 0 && bytes + change.bytes > quota.maxMb * MEBIBYTE)
      return `it holds ${megabytes(bytes)} of ${quota.maxMb} MB and has no room for ${megabytes(change.bytes)} more (workspace.maxMb)`;
    if (change.files > 0 && files + change.files > quota.maxFiles)
      return `it holds ${files} files, and ${quota.maxFiles} is the most (workspace.maxFiles)`;
    return undefined;
  }

  return {
    quota,
    async admit(change, fileBytes) {
      if (fileBytes > quota.maxFileMb * MEBIBYTE) {
        throw new ToolgroveError(
          "workspace",
          `The file would have ${megabytes(fileBytes)}; ${quota.maxFileMb} MB is the most for one (workspace.maxFileMb in toolgrove.json). Write several.`,
        );
      }
      const why = (await fault(change, BELIEVED_MS)) && (await fault(change, DISPUTED_MS));
      if (why !== undefined) {
        throw new ToolgroveError(
          "workspace",
          `The workspace is full: ${why}. Remove files you no longer need; its owner can raise the limit in toolgrove.json.`,
        );
      }
      if (known) {
        known.bytes += change.bytes;
        known.files += change.files;
      }
    },
    usage: () => believed(BELIEVED_MS),
  };
}

/** `0.3 MB`, `120 MB`. */
function megabytes(bytes: number): string {
  const size = bytes / MEBIBYTE;
  return `${size < 10 ? Math.ceil(size * 10) / 10 : Math.round(size)} MB`;
}

/** What a folder holds. */
export async function countFiles(folder: string): Promise<{ bytes: number; files: number }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  let files = 0;
  for (const entry of entries) {
    if (entry.isDirectory()) {
      const below = await countFiles(path.join(folder, entry.name));
      bytes += below.bytes;
      // Drafts use the disk, but are no files yet.
      if (entry.name !== DRAFTS) files += below.files;
    } else if (entry.isFile()) {
      // Gone since it was listed: nothing to count.
      bytes += (await lstat(path.join(folder, entry.name)).catch(() => undefined))?.size ?? 0;
      files += 1;
    }
  }
  return { bytes, files };
}
