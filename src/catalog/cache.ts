// The catalog's file in the cache folder: records and saved index, whole or not at all. It knows no source files.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { AsPlainObject } from "minisearch";
import { replaceFile } from "../replace-file.ts";
import type { FileRecord, FileRecords } from "./records.ts";

/** What a cache holds. */
interface CachedCatalog {
  readonly records: FileRecords;
  readonly index: AsPlainObject;
}

/** The cache of one home. */
export interface CatalogCache {
  /** What was saved last; undefined when there is nothing, or nothing this version wrote for this home. */
  load(): Promise<CachedCatalog | undefined>;
  /** Replaces the cache in one step: another process sees the old file or the new one. Throws when it cannot be written. */
  save(cached: CachedCatalog): Promise<void>;
}

/** Goes up whenever the same source text would give other documents or other search terms. */
const FORMAT = 2;

/**
 * The cache for a home in a folder that many homes may share.
 *
 * @param home anything that tells homes apart, such as their absolute paths
 */
export function createCache(cacheDir: string, home: string): CatalogCache {
  const file = path.join(cacheDir, `catalog-${digestOf(home).slice(0, 16)}.json`);
  const seal = (body: string): string => digestOf(`${FORMAT}\n${home}\n${body}`);

  return {
    async load() {
      const text = await readFile(file, "utf8").catch(() => "");
      const end = text.indexOf("\n");
      const body = text.slice(end + 1);
      if (end < 0 || text.slice(0, end) !== seal(body)) return undefined;
      // The seal proves that these are the bytes that `save` wrote.
      const { records, index } = JSON.parse(body) as {
        records: [string, FileRecord][];
        index: AsPlainObject;
      };
      return { records: new Map(records), index };
    },

    async save({ records, index }) {
      const body = JSON.stringify({ records: [...records], index });
      await replaceFile(file, `${seal(body)}\n${body}`);
    },
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
