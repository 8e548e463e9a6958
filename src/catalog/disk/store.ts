// Makes documents and index follow the disk, and keeps the cache. It answers no questions itself.
import { messageOf } from "../../errors.ts";
import { createCache } from "./cache.ts";
import type { ToolDocument } from "../document.ts";
import { type CatalogRoots, createFileFinder } from "./files.ts";
import { createHoldings, type Holdings } from "./holdings.ts";
import { createPace } from "./pace.ts";
import { createPacker } from "./packed.ts";
import {
  type FileRecords,
  type RecordUpdate,
  type UpdateOptions,
  updateRecords,
  loadParser,
} from "./records.ts";
import { createSaver } from "./saver.ts";
import type { SearchIndex } from "../search/search-index.ts";

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
  /** Whether a file under `skills/` is new, gone or has new text. */
  readonly skillsChanged: boolean;
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
  /** Loads what reading a changed file needs, before there is one. */
  prepare(): void;
  /**
   * Reads what changed since the last time. Not to be called again while it runs.
   *
   * @param changed absolute paths of what may have changed; without it, all is looked at
   */
  refresh(changed?: ReadonlySet<string>): Promise<RefreshSummary>;
  /** Ends a refresh that runs; resolves when the cache is written. */
  close(): Promise<void>;
}

const SLICE_MS = 15;
/** While much is read, documents become findable in groups: small enough that no search waits long for one. */
const FIRST_GROUP = 32;
const LARGEST_GROUP = 1_024;
/** A large cache takes half a second of work to write; a few files are read again as fast after the next start. */
const SAVE_MANY_WITHIN_MS = 1_000;
const SAVE_FEW_WITHIN_MS = 30_000;
const MANY_FILES = 100;

/** Opens an empty store; its first refresh takes the cache as far as it is still true. */
export function createStore(options: StoreOptions): Store {
  const { cacheDir } = options;
  const packer = createPacker();
  const holdings = createHoldings(
    createCache(cacheDir, `${options.serversDir}\n${options.skillsDir}`, packer),
  );
  const pace = createPace(SLICE_MS);
  const finder = createFileFinder(options, pace);
  let folders: readonly string[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  const saver = createSaver(() => holdings.save().catch(tellUnsaved(options)));

  async function bringUpToDate(
    changed: ReadonlySet<string> | undefined,
  ): Promise<RecordUpdate & Pick<RefreshSummary, "skillsChanged">> {
    const nowMs = options.now();
    const [before, found] = await Promise.all([holdings.records(), finder.find(changed)]);
    ({ folders } = found);
    const onFile = showProgress(found.stamps.length, holdings, options);
    const how = { nowMs, packer, pace, isOver: () => isClosed, onFile };
    const update = await updateRecords(before, found.stamps, how);
    if (update.records !== before) {
      holdings.replace(update.records);
      saver.ask(update.parsed >= MANY_FILES ? SAVE_MANY_WITHIN_MS : SAVE_FEW_WITHIN_MS);
    }
    return { ...update, skillsChanged: skillsDiffer(before, update.records) };
  }

  return {
    documents: holdings.documents,
    index: holdings.index,
    folders: () => folders,
    prepare() {
      // What fails here fails again, and is told, at the first file.
      loadParser().catch(() => undefined);
    },
    async refresh(changed) {
      if (isClosed) throw new Error("the catalog is closed");
      const update = bringUpToDate(changed);
      running = update.catch(() => undefined);
      const { records, parsed, skillsChanged } = await update;
      const warnings = warningsOf(records);
      const documents = holdings.documents().size;
      return { files: records.size, documents, parsed, skillsChanged, warnings };
    },
    async close() {
      isClosed = true;
      await running;
      await saver.close();
    },
  };
}

function tellUnsaved({ cacheDir, log }: StoreOptions): (error: unknown) => void {
  return (error) =>
    log(
      `The catalog's cache in ${cacheDir} cannot be written (${messageOf(error)}): the next start is slower.`,
    );
}

/** While many files are read, what is read already becomes findable, and progress is told. */
function showProgress(
  total: number,
  holdings: Holdings,
  { onProgress }: StoreOptions,
): UpdateOptions["onFile"] {
  let replaceAt = FIRST_GROUP;
  return (read, changed, soFar) => {
    if (read >= replaceAt && read < changed) {
      holdings.replace(soFar());
      replaceAt += Math.min(replaceAt, LARGEST_GROUP);
    }
    // Before the first group there is nothing to answer from.
    if (read >= FIRST_GROUP) onProgress({ done: total - changed + read, total });
  };
}

function warningsOf(records: FileRecords): CatalogWarning[] {
  return [...records].flatMap(([file, { warning }]) =>
    warning === undefined ? [] : [{ file, reason: warning }],
  );
}

function skillsDiffer(before: FileRecords, now: FileRecords): boolean {
  return before !== now && skillsState(before) !== skillsState(now);
}

function skillsState(records: FileRecords): string {
  const skills = [...records].filter(([file]) => file.startsWith("skills/"));
  return skills.map(([file, { sha256 }]) => `${file} ${sha256}`).join("\n");
}
