// Opens the catalog of a home where that is best: in a thread of its own for a server, in this one for a single answer.
// Part of the composition root, and light: its thread can begin while the rest is still being loaded.
import type { CatalogDoor } from "./catalog/catalog-door.ts";
import { openThreadedCatalog } from "./catalog/thread/threaded-door.ts";
import type { Home } from "./home.ts";

/** Where a catalog finds everything. */
export interface CatalogsOptions {
  readonly home: Pick<Home, "serversDir" | "skillsDir">;
  /** A folder for caches, outside the home. */
  readonly cacheDir: string;
  /** Takes one line about something worth knowing. */
  readonly log: (line: string) => void;
}

/** The one catalog of a home, opened when it is needed. */
export interface Catalogs {
  /** Opens the catalog for many answers, in a thread of its own, unless it is open. Returns at once. */
  serve(): void;
  /** The catalog; one that is not served is opened here, which for one answer is faster. */
  get(): Promise<CatalogDoor>;
  /** The catalog if it is open: opening begins to read the tree, which many commands can do without. */
  opened(): Promise<CatalogDoor> | undefined;
}

/** How long a search waits for a large index that is still being made; a small one is waited for. */
const PATIENCE_MS = 1_000;

/** Opens nothing by itself. */
export function createCatalogs({ home, cacheDir, log }: CatalogsOptions): Catalogs {
  const options = { serversDir: home.serversDir, skillsDir: home.skillsDir, cacheDir, log };
  let door: Promise<CatalogDoor> | undefined;

  async function openHere(): Promise<CatalogDoor> {
    const { openCatalogDoor } = await import("./catalog/catalog-door.ts");
    return openCatalogDoor(options);
  }

  return {
    serve: () =>
      void (door ??= Promise.resolve(openThreadedCatalog({ ...options, patienceMs: PATIENCE_MS }))),
    get: () => (door ??= openHere()),
    opened: () => door,
  };
}
