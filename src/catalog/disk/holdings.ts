// What is known now: records, documents and their index, from the cache and back to it. It never looks at the disk.
import type { CatalogCache } from "./cache.ts";
import type { ToolDocument } from "../document.ts";
import { documentsOf, type FileRecords } from "./records.ts";
import { createSearchIndex, type SearchIndex } from "../search/search-index.ts";

/** Records with what follows from them. */
export interface Holdings {
  documents(): ReadonlyMap<string, ToolDocument>;
  index(): SearchIndex;
  /** The records; the first time those of the cache. */
  records(): Promise<FileRecords>;
  /** Makes these the records, and documents and index follow. */
  replace(records: FileRecords): void;
  /** Writes the cache. Throws when it cannot. */
  save(): Promise<void>;
}

/** Holds nothing before the first records are asked for. */
export function createHoldings(cache: CatalogCache): Holdings {
  let records: FileRecords | undefined;
  let documents: ReadonlyMap<string, ToolDocument> = new Map();
  let index = createSearchIndex();

  async function restore(): Promise<FileRecords> {
    const cached = await cache.load();
    if (!cached) return new Map();
    const restored = documentsOf(cached.records);
    try {
      index = createSearchIndex({ index: cached.index, documents: restored });
    } catch {
      // Another make of the index wrote it: as good as no cache.
      return new Map();
    }
    documents = restored;
    return cached.records;
  }

  return {
    documents: () => documents,
    index: () => index,
    records: async () => (records ??= await restore()),
    replace(next) {
      records = next;
      documents = documentsOf(next);
      index.update(documents);
    },
    async save() {
      if (records) await cache.save({ records, index: index.toJSON() });
    },
  };
}
