// Holds the documents and their index, makes them follow the disk, and keeps the cache. It answers no questions itself.
import { messageOf } from "../errors.ts";
import { createCache } from "./cache.ts";
import type { ToolDocument } from "./document.ts";
import { type CatalogRoots, findFiles } from "./files.ts";
import { documentsOf, type FileRecords, updateRecords } from "./records.ts";
import { createSearchIndex, type SearchIndex } from "./search-index.ts";

/** A file that should give documents and gives none. */
interface CatalogWarning {
  /** Relative to the home. */
  readonly file: string;
  readonly reason: string;
}

/** What a refresh found. */
export interface RefreshSummary {
  readonly files: number;
  readonly documents: number;
  /** Files that were new or had new text. */
  readonly parsed: number;
  readonly warnings: readonly CatalogWarning[];
}

/** Where a store finds its files, keeps its cache and says what went wrong. */
export interface StoreOptions extends CatalogRoots {
  readonly cacheDir: string;
  readonly log: (line: string) => void;
  /** The time of day in milliseconds. */
  readonly now: () => number;
}

/** Documents and index of one home. */
export interface Store {
  documents(): ReadonlyMap<string, ToolDocument>;
  index(): SearchIndex;
  /** Reads what changed since the last time. Not to be called again while it runs. */
  refresh(): Promise<RefreshSummary>;
  /** Resolves when the cache is written. */
  close(): Promise<void>;
}

/** Opens an empty store; its first refresh takes the cache as far as it is still true. */
export function createStore(options: StoreOptions): Store {
  const cache = createCache(options.cacheDir, `${options.serversDir}\n${options.skillsDir}`);
  let records: FileRecords | undefined;
  let documents: ReadonlyMap<string, ToolDocument> = new Map();
  let index = createSearchIndex();
  let saving = Promise.resolve();

  async function restore(): Promise<FileRecords> {
    const cached = await cache.load();
    if (!cached) return new Map();
    documents = documentsOf(cached.records);
    index = createSearchIndex({ index: cached.index, documents });
    return cached.records;
  }

  async function save(saved: FileRecords): Promise<void> {
    try {
      // A later refresh has a newer state to save, and this one's index is gone.
      if (saved === records) await cache.save({ records: saved, index: index.toJSON() });
    } catch (error) {
      options.log(
        `The catalog's cache in ${options.cacheDir} cannot be written (${messageOf(error)}): the next start is slower.`,
      );
    }
  }

  return {
    documents: () => documents,
    index: () => index,
    async refresh() {
      const before = (records ??= await restore());
      const update = await updateRecords(before, await findFiles(options), options.now());
      if (update.records !== before) {
        records = update.records;
        documents = documentsOf(records);
        index.update(documents);
        saving = saving.then(() => save(update.records));
      }
      return {
        files: update.records.size,
        documents: documents.size,
        parsed: update.parsed,
        warnings: warningsOf(update.records),
      };
    },
    close: () => saving,
  };
}

function warningsOf(records: FileRecords): CatalogWarning[] {
  return [...records].flatMap(([file, { warning }]) =>
    warning === undefined ? [] : [{ file, reason: warning }],
  );
}
