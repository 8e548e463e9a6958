// The catalog's file in the cache folder: records and saved index, whole or not at all. It knows no source files.
import { createHash, type Hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { replaceFile } from "../../replace-file.ts";
import { jsonPieces } from "./json-pieces.ts";
import type { DocumentHead, Packer } from "./packed.ts";
import type { FileRecord, FileRecords } from "./records.ts";
import type { SavedIndex } from "../search/search-index.ts";

/** What a cache holds. */
interface CachedCatalog {
  readonly records: FileRecords;
  readonly index: SavedIndex;
}

/** The cache of one home. */
export interface CatalogCache {
  /** What was saved last; undefined when there is nothing, or nothing this version wrote for this home. */
  load(): Promise<CachedCatalog | undefined>;
  /**
   * Replaces the cache in one step: another process sees the old file or the new one. Throws when it cannot be written.
   * It works in small pieces.
   */
  save(cached: CachedCatalog): Promise<void>;
}

/** Goes up whenever the same source text would give other documents or other search terms, or the file another form. */
const FORMAT = 7;

/** A record as it is saved: the documents' heads, each with the size of its body. */
interface SavedRecord extends Omit<FileRecord, "documents"> {
  readonly documents: readonly (readonly [head: DocumentHead, bytes: number])[];
}

/**
 * The cache for a home in a folder that many homes may share. Its file is a line of records, a line of index, the bodies
 * of documents one after another, and a seal over all before it.
 *
 * @param home anything that tells homes apart, such as their absolute paths
 */
export function createCache(cacheDir: string, home: string, packer: Packer): CatalogCache {
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const file = path.join(cacheDir, `catalog-${name}.json`);
  const newSeal = (): Hash => createHash("sha256").update(`${FORMAT}\n${home}\n`);

  return {
    async load() {
      const bytes = await readFile(file).catch(() => Buffer.alloc(0));
      const end = Math.max(bytes.length - SEAL_CHARS, 0);
      const seal = newSeal().update(bytes.subarray(0, end)).digest("hex");
      // The seal proves that these are the bytes that `save` wrote.
      return bytes.toString("latin1", end) === seal ? parse(bytes, packer) : undefined;
    },
    save: (cached) => replaceFile(file, sealed(printed(cached), newSeal())),
  };
}

const SEAL_CHARS = 64;
const NEWLINE = 10;
const PIECE_BYTES = 256 * 1024;

function parse(bytes: Buffer, packer: Packer): CachedCatalog {
  const indexAt = bytes.indexOf(NEWLINE) + 1;
  const bodiesAt = bytes.indexOf(NEWLINE, indexAt) + 1;
  const saved = JSON.parse(bytes.toString("utf8", 0, indexAt)) as [string, SavedRecord][];
  const index = JSON.parse(bytes.toString("utf8", indexAt, bodiesAt)) as SavedIndex;
  let at = bodiesAt;
  const records = saved.map(([file, record]) => {
    const documents = record.documents.map(([head, size]) =>
      packer.unpack(head, bytes.subarray(at, (at += size))),
    );
    return [file, { ...record, documents }] as const;
  });
  return { records: new Map(records), index };
}

function* printed({ records, index }: CachedCatalog): Generator<string | Uint8Array> {
  let separator = "[";
  for (const [file, record] of records) {
    const documents = record.documents.map(({ head, bytes }) => [head, bytes.length] as const);
    yield separator + JSON.stringify([file, { ...record, documents } satisfies SavedRecord]);
    separator = ",";
  }
  yield separator === "[" ? "[]\n" : "]\n";
  yield* jsonPieces(index);
  yield "\n";
  for (const { documents } of records.values()) for (const { bytes } of documents) yield bytes;
}

/** The pieces in chunks worth a write, then the seal. */
function* sealed(pieces: Iterable<string | Uint8Array>, seal: Hash): Generator<Uint8Array> {
  let chunk: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    chunk.push(bytes);
    size += bytes.length;
    if (size < PIECE_BYTES) continue;
    yield take();
  }
  yield take();
  yield Buffer.from(seal.digest("hex"));

  function take(): Uint8Array {
    const whole = Buffer.concat(chunk);
    seal.update(whole);
    chunk = [];
    size = 0;
    return whole;
  }
}
