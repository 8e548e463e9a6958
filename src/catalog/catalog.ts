// The catalog: what exists under servers/ and skills/, always as fresh as the disk. It renders nothing.
import { messageOf } from "../errors.ts";
import type { ToolDocument } from "./document.ts";
import type { CatalogRoots } from "./files.ts";
import { foldName } from "../nearest.ts";
import { type OtherTools, othersOf } from "./others.ts";
import { createPathLookup, type PathLookup, type Resolution } from "./paths.ts";
import type { SearchHit } from "./search-index.ts";
import { shareRuns } from "./shared-run.ts";
import { createStore, type RefreshSummary } from "./store.ts";

/** How to open a catalog. */
export interface CatalogOptions extends CatalogRoots {
  /** A folder for the cache; many homes may share it. It is made when it is missing. */
  readonly cacheDir: string;
  /** Takes one line about anything worth knowing: a file that cannot be read, a cache that cannot be written. */
  readonly log: (line: string) => void;
  /** The time of day in milliseconds; the system's by default. */
  readonly now?: () => number;
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
  /** Resolves when the first look at the disk is done. */
  ready(): Promise<void>;
  /** Looks at the disk now and reads what changed before the call. Concurrent callers share one look. */
  refresh(): Promise<RefreshSummary>;
  /** The functions that answer a query best; without hits, the nearest names and the servers there are. */
  search(query: string, options?: CatalogSearchOptions): Promise<SearchResult>;
  /** What a folder, a file or a glob stands for. Spelling is forgiven; a miss names the nearest paths. */
  read(path: string): Promise<Resolution>;
  /** The servers and folders of skills there are, sorted by name. */
  servers(): Promise<readonly ServerCount[]>;
  /** Resolves when the cache is written. */
  close(): Promise<void>;
}

const CHECK_EVERY_MS = 250;
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** Opens the catalog of a home. It returns at once; the first look at the disk runs in the background. */
export function openCatalog(options: CatalogOptions): Catalog {
  const { log, now = Date.now } = options;
  const store = createStore({ ...options, now });
  const warned = new Set<string>();

  const refresh = shareRuns(async () => {
    const summary = await store.refresh();
    for (const { file, reason } of summary.warnings) {
      const line = `${file} is not in the catalog: ${reason}.`;
      if (!warned.has(line)) log(line);
      warned.add(line);
    }
    return summary;
  });
  const look = (): Promise<void> =>
    refresh().then(
      () => undefined,
      (error: unknown) => log(`The catalog could not be refreshed: ${messageOf(error)}.`),
    );

  let lookedAt = now();
  let looked = look();
  async function current(): Promise<ReadonlyMap<string, ToolDocument>> {
    if (now() - lookedAt >= CHECK_EVERY_MS) {
      lookedAt = now();
      looked = look();
    }
    await looked;
    return store.documents();
  }

  const lookupOf = rememberLast(createPathLookup);
  return {
    ready: () => looked,
    refresh,
    async search(query, narrowed = {}) {
      const documents = await current();
      const accepts = acceptor(narrowed.server);
      const limit = Math.min(Math.max(Math.trunc(narrowed.limit ?? DEFAULT_LIMIT), 1), MAX_LIMIT);
      const hits = store.index().search(query, { limit, accepts });
      const near = hits.length > 0 ? [] : nearestTo(query, lookupOf(documents), accepts);
      const about = narrowed.server === undefined ? {} : { server: narrowed.server };
      const others = othersOf(query, hits, documents.values());
      const beside = others ? { others } : {};
      return { query, ...about, hits, nearest: near, servers: countServers(documents), ...beside };
    },
    read: async (path) => lookupOf(await current()).resolve(path),
    servers: async () => countServers(await current()),
    async close() {
      await looked;
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

function countServers(documents: ReadonlyMap<string, ToolDocument>): ServerCount[] {
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
