// What is remembered of each file, and how that follows the disk: only what changed is read, only new text is parsed.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { messageOf } from "../../errors.ts";
import type { ToolDocument } from "../document.ts";
import type * as Extraction from "../extract/extract.ts";
import type { FileStamp } from "./files.ts";
import type { PackedDocument, Packer } from "./packed.ts";

/** A file as it was last read. */
export interface FileRecord {
  readonly size: number;
  /** 0 for a file that was read so soon after its last change that the next may leave the same time. */
  readonly mtimeMs: number;
  readonly sha256: string;
  readonly documents: readonly PackedDocument[];
  /** Why the file gives no documents although it should. */
  readonly warning?: string;
}

/** Records by file, in the order of the files' names. */
export type FileRecords = ReadonlyMap<string, FileRecord>;

/** Records that follow the disk, and how many files had to be parsed for it. */
export interface RecordUpdate {
  readonly records: FileRecords;
  readonly parsed: number;
}

/** How an update goes about it. */
export interface UpdateOptions {
  /** The time of day when the stamps were taken, in milliseconds. */
  readonly nowMs: number;
  readonly packer: Packer;
  /** Awaited after each file. */
  readonly pace: () => Promise<void>;
  /** Once it is true, the update ends with what it has. */
  readonly isOver: () => boolean;
  /** Hears after each file how many of the changed ones are read; `soFar` makes the records as they are then. */
  readonly onFile: (read: number, changed: number, soFar: () => FileRecords) => void;
}

const MAX_FILE_BYTES = 1_000_000;
// The coarsest clock of a file system in use (FAT) ticks every two seconds.
const SETTLED_AFTER_MS = 2_000;

/** Brings records up to date with the files on disk. Gives the same map back when nothing at all has changed. */
export async function updateRecords(
  old: FileRecords,
  stamps: readonly FileStamp[],
  options: UpdateOptions,
): Promise<RecordUpdate> {
  const changed = stamps.filter((stamp) => !isCurrent(stamp, old.get(stamp.file)));
  if (changed.length === 0 && stamps.length === old.size) return { records: old, parsed: 0 };
  const read = new Map<string, FileRecord>();
  const soFar = (): FileRecords =>
    new Map(
      stamps.flatMap(({ file }) => {
        const record = read.get(file) ?? old.get(file);
        return record ? [[file, record] as const] : [];
      }),
    );
  let parsed = 0;
  for (const stamp of changed) {
    const before = old.get(stamp.file);
    const record = await readRecord(stamp, before, options);
    read.set(stamp.file, record);
    if (record.sha256 !== before?.sha256) parsed += 1;
    options.onFile(read.size, changed.length, soFar);
    await options.pace();
    if (options.isOver()) break;
  }
  return { records: soFar(), parsed };
}

/** The documents of all files by path. Two functions may claim one path: then the file that has its name wins. */
export function documentsOf(records: FileRecords): Map<string, ToolDocument> {
  const documents = new Map<string, ToolDocument>();
  for (const { documents: found } of records.values()) {
    for (const { document } of found) {
      const other = documents.get(document.path);
      if (!other || isIndex(other)) documents.set(document.path, document);
    }
  }
  return documents;
}

function isIndex({ file }: ToolDocument): boolean {
  return file.endsWith("/index.ts");
}

function isCurrent(stamp: FileStamp, record: FileRecord | undefined): boolean {
  return record !== undefined && record.size === stamp.size && record.mtimeMs === stamp.mtimeMs;
}

async function readRecord(
  stamp: FileStamp,
  old: FileRecord | undefined,
  { nowMs, packer }: UpdateOptions,
): Promise<FileRecord> {
  const { size } = stamp;
  const mtimeMs = nowMs - stamp.mtimeMs > SETTLED_AFTER_MS ? stamp.mtimeMs : 0;
  if (size > MAX_FILE_BYTES) return unread({ size, mtimeMs }, `larger than ${MAX_FILE_BYTES} bytes`);
  try {
    const text = readFileSync(stamp.absolute, "utf8");
    const sha256 = createHash("sha256").update(text).digest("hex");
    if (old?.sha256 === sha256) return { ...old, size, mtimeMs };
    const { documents, ...more } = await extract(stamp.file, text);
    return { size, mtimeMs, sha256, documents: documents.map(packer.pack), ...more };
  } catch (error) {
    return unread({ size, mtimeMs: 0 }, messageOf(error));
  }
}

function unread(stamp: Pick<FileRecord, "size" | "mtimeMs">, warning: string): FileRecord {
  return { ...stamp, sha256: "", documents: [], warning };
}

async function extract(
  file: string,
  text: string,
): Promise<{ readonly documents: readonly ToolDocument[]; readonly warning?: string }> {
  // An index that only re-exports is no reason to load the parser.
  if (!/\bfunction\b|=>/.test(text)) return { documents: [] };
  const { extractDocuments } = await loadParser();
  return extractDocuments(file, text);
}

/** The parser is large, and a start with a cache that is still true needs none. */
export function loadParser(): Promise<typeof Extraction> {
  return import("../extract/extract.ts");
}
