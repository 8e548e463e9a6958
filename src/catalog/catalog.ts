// The catalog: what exists under servers/ and skills/, always as fresh as the disk. It renders nothing.
import type { ToolDocument } from "./document.ts";
import type { CatalogRoots } from "./disk/files.ts";
import { foldName } from "../nearest.ts";
import { createIndexing } from "./disk/indexing.ts";
import { createLooks } from "./disk/looks.ts";
import { type OtherTools, othersOf } from "./read/others.ts";
import { createPathLookup, type PathLookup, type Resolution } from "./read/paths.ts";
import type { SearchHit } from "./search/search-index.ts";
import { createStore, type IndexProgress, type RefreshSummary } from "./disk/store.ts";

/** How to open a catalog. */
export interface CatalogOptions extends CatalogRoots {
  /** A folder for the cache; many homes may share it. It is made when it is missing. */
  readonly cacheDir: string;
  /** Takes one line about anything worth knowing: a file that cannot be read, a cache that cannot be written. */
  readonly log: (line: string) => void;
  /** The time of day in milliseconds; the system's by default. */
  readonly now?: () => number;
  /** Whether the file system is asked to say when something changed, so that large homes are looked at less often. Off by default. */
  readonly watch?: boolean;
  /**
   * How long a reader waits while many files are read, in milliseconds, before the answer is what is known so far. By
   * default it waits for all.
   */
  readonly patienceMs?: number;
  /** Called after a look that found other skills than the one before. */
  readonly onSkillsChanged?: () => void;
}

/** Narrows a search. */
export interface CatalogSearchOptions {
  /** Most hits to return: 1 to 100, 10 by default. */
  readonly limit?: number | undefined;
  /** Only this server (or folder of skills); case and separators do not count. */
  readonly server?: string | undefined;
}

/** A folder of tools or skills with the number of functions in it. */
export interface ServerCount {
  readonly name: string;
  readonly kind: ToolDocument["kind"];
  readonly count: number;
}

/** What a search found; without hits, what may help to search again. */
export interface SearchResult {
  readonly query: string;
  readonly server?: string;
  /** Best first. */
  readonly hits: readonly SearchHit[];
  /** Without hits: paths with names near to the query's words. */
  readonly nearest: readonly string[];
  readonly servers: readonly ServerCount[];
  /** When most hits are of one server and none stands out: what else that server has. */
  readonly others?: OtherTools;
}

/** An open catalog. What was saved to disk is found by every search that starts 250 ms later, or after `refresh`. */
export interface Catalog {
  /** Resolves when the first look at the disk is done, or has taken longer than a reader waits. */
  ready(): Promise<void>;
  /** Looks at the disk now and reads what changed before the call. Concurrent callers share one look. */
  refresh(): Promise<RefreshSummary>;
  /** The functions that answer a query best; without hits, the nearest names and the servers there are. */
  search(query: string, options?: CatalogSearchOptions): Promise<SearchResult>;
  /** What a folder, a file or a glob stands for. Spelling is forgiven; a miss names the nearest paths. */
  read(path: string): Promise<Resolution>;
  /** All functions under `skills/`, sorted by path. */
  skills(): Promise<readonly ToolDocument[]>;
  /** The servers and folders of skills there are, sorted by name. */
  servers(): Promise<readonly ServerCount[]>;
  /** How far the index is while answers come from a part of the files; undefined when they come from all. */
  progress(): IndexProgress | undefined;
  /** Ends what runs; resolves when the cache is written. What was not read is read after the next start. */
  close(): Promise<void>;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** Opens the catalog of a home. It returns at once; the first look at the disk runs in the background. */
export function openCatalog(options: CatalogOptions): Catalog {
  const { log, now = Date.now, watch = false, patienceMs = Infinity } = options;
  const indexing = createIndexing({ patienceMs, log });
  const store = createStore({ ...options, now, onProgress: indexing.note });
  const looks = createLooks({
    ...options,
    now,
    watch,
    store: { ...store, refresh: (changed) => indexing.during(() => store.refresh(changed)) },
  });
  const settled = (): Promise<void> => Promise.race([looks.current(), indexing.long()]);
  async function current(): Promise<ReadonlyMap<string, ToolDocument>> {
    await settled();
    return store.documents();
  }

  const lookupOf = rememberLast(createPathLookup);
  const serversOf = rememberLast(countServers);
  return {
    ready: settled,
    refresh: looks.refresh,
    async search(query, narrowed = {}) {
      const documents = await current();
      const accepts = acceptor(narrowed.server);
      const limit = Math.min(Math.max(Math.trunc(narrowed.limit ?? DEFAULT_LIMIT), 1), MAX_LIMIT);
      const hits = store.index().search(query, { limit, accepts });
      const near = hits.length > 0 ? [] : nearestTo(query, lookupOf(documents), accepts);
      const about = narrowed.server === undefined ? {} : { server: narrowed.server };
      const others = othersOf(query, hits, documents.values());
      const beside = others ? { others } : {};
      return { query, ...about, hits, nearest: near, servers: serversOf(documents), ...beside };
    },
    read: async (path) => lookupOf(await current()).resolve(path),
    skills: async () => skillsIn(await current()),
    servers: async () => serversOf(await current()),
    progress: indexing.progress,
    async close() {
      looks.close();
      await store.close();
    },
  };
}

function acceptor(server: string | undefined): ((document: ToolDocument) => boolean) | undefined {
  if (server === undefined || server.trim() === "") return undefined;
  const wanted = foldName(server.replace(/^(?:\.?\/)*(?:servers|skills)\/|\/$/g, ""));
  return (document) => foldName(document.server) === wanted;
}

function nearestTo(
  query: string,
  lookup: PathLookup,
  accepts: Parameters<PathLookup["nearest"]>[1],
): string[] {
  const words = query
    .slice(0, 200)
    .split(/\s+/)
    .filter((word) => word.length > 3);
  return lookup.nearest([words.join(""), ...words.slice(0, 8)], accepts);
}

function skillsIn(documents: ReadonlyMap<string, ToolDocument>): readonly ToolDocument[] {
  const found = [...documents.values()].filter(({ kind }) => kind === "skill");
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function countServers(documents: ReadonlyMap<string, ToolDocument>): readonly ServerCount[] {
  const counts = new Map<string, ServerCount>();
  for (const { server, kind } of documents.values()) {
    const key = `${kind}/${server}`;
    counts.set(key, { name: server, kind, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Keeps the result for the last argument: documents are the same map until something changes. */
function rememberLast<A, R>(compute: (argument: A) => R): (argument: A) => R {
  let last: { readonly argument: A; readonly result: R } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: compute(argument) };
    return last.result;
  };
}
