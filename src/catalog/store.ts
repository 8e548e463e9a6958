// Holds the documents and their index, makes them follow the disk, and keeps the cache. It answers no questions itself.
import { messageOf } from "../errors.ts";
import { createCache } from "./cache.ts";
import type { ToolDocument } from "./document.ts";
import { type CatalogRoots, findFiles } from "./files.ts";
import { createPace } from "./pace.ts";
import { createPacker } from "./packed.ts";
import { documentsOf, type FileRecords, type RecordUpdate, updateRecords } from "./records.ts";
import { createSaver } from "./saver.ts";
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

/** How far a refresh is. */
export interface IndexProgress {
  /** Files that are known as they are on disk. */
  readonly done: number;
  readonly total: number;
}

/** Where a store finds its files, keeps its cache and says what went wrong. */
export interface StoreOptions extends CatalogRoots {
  readonly cacheDir: string;
  readonly log: (line: string) => void;
  /** The time of day in milliseconds. */
  readonly now: () => number;
  /** Hears after each file that a refresh reads. */
  readonly onProgress: (progress: IndexProgress) => void;
}

/** Documents and index of one home. */
export interface Store {
  documents(): ReadonlyMap<string, ToolDocument>;
  index(): SearchIndex;
  /** The folders that the last refresh walked through, absolute. */
  folders(): readonly string[];
  /** Reads what changed since the last time. Not to be called again while it runs. */
  refresh(): Promise<RefreshSummary>;
  /** Ends a refresh that runs; resolves when the cache is written. */
  close(): Promise<void>;
}

const SLICE_MS = 15;
/** While much is read, documents become findable in groups: small enough that no search waits long for one. */
const FIRST_GROUP = 128;
const LARGEST_GROUP = 1_024;
const SAVE_AFTER_MS = 1_000;

/** Opens an empty store; its first refresh takes the cache as far as it is still true. */
export function createStore(options: StoreOptions): Store {
  const packer = createPacker();
  const cache = createCache(options.cacheDir, `${options.serversDir}\n${options.skillsDir}`, packer);
  const pace = createPace(SLICE_MS);
  let records: FileRecords | undefined;
  let documents: ReadonlyMap<string, ToolDocument> = new Map();
  let index = createSearchIndex();
  let folders: readonly string[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const saver = createSaver(SAVE_AFTER_MS, async () => {
    try {
      if (records) await cache.save({ records, index: index.toJSON() });
    } catch (error) {
      options.log(
        `The catalog's cache in ${options.cacheDir} cannot be written (${messageOf(error)}): the next start is slower.`,
      );
    }
  });

  async function restore(): Promise<FileRecords> {
    const cached = await cache.load();
    if (!cached) return new Map();
    documents = documentsOf(cached.records);
    index = createSearchIndex({ index: cached.index, documents });
    return cached.records;
  }

  function publish(next: FileRecords): void {
    records = next;
    documents = documentsOf(next);
    index.update(documents);
  }

  async function bringUpToDate(): Promise<RecordUpdate> {
    if (isClosed) return { records: records ?? new Map(), parsed: 0 };
    const nowMs = options.now();
    const [before, found] = await Promise.all([records ?? restore(), findFiles(options, pace)]);
    records ??= before;
    ({ folders } = found);
    const { stamps } = found;
    let publishAt = FIRST_GROUP;
    const update = await updateRecords(before, stamps, {
      nowMs,
      packer,
      pace,
      isOver: () => isClosed,
      onFile(read, changed, soFar) {
        options.onProgress({ done: stamps.length - changed + read, total: stamps.length });
        if (read < publishAt || read === changed) return;
        publish(soFar());
        publishAt += Math.min(publishAt, LARGEST_GROUP);
      },
    });
    if (update.records !== before) {
      publish(update.records);
      saver.ask();
    }
    return update;
  }

  return {
    documents: () => documents,
    index: () => index,
    folders: () => folders,
    async refresh() {
      const update = bringUpToDate();
      running = update.catch(() => undefined);
      const { records: found, parsed } = await update;
      return { files: found.size, documents: documents.size, parsed, warnings: warningsOf(found) };
    },
    async close() {
      isClosed = true;
      await running;
      await saver.close();
    },
  };
}

function warningsOf(records: FileRecords): CatalogWarning[] {
  return [...records].flatMap(([file, { warning }]) =>
    warning === undefined ? [] : [{ file, reason: warning }],
  );
}
