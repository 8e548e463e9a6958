// Opens the catalog of a home where that is best: in a thread of its own for a server, in this one for a single answer.
// Part of the composition root.
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
  /** Whether many answers are to come, which a thread of its own is worth; for one answer it is slower. */
  readonly isServing?: boolean | undefined;
  /** How many characters an answer should have at most; unlimited by default. */
  readonly answerChars?: number | undefined;
}

/** The one catalog of a home, opened when it is needed. */
export interface Catalogs {
  /** The catalog, opened now if it is not open. */
  get(): Promise<CatalogDoor>;
  /** Lets the catalog look at the disk, if it is open: opening it is more than many commands need. What fails is logged there. */
  refresh(): void;
  /** Calls `listener` whenever the open catalog finds other skills than before, until the function it gives is called. */
  onSkillsChanged(listener: () => void): () => void;
  /** Closes the catalog if it is open. Succeeds also when it could not be opened, which whoever asked it was told. */
  close(): Promise<void>;
}

/** How long a search waits for a large index that is still being made; a small one is waited for. */
const PATIENCE_MS = 1_000;

/** Opens nothing by itself. */
export function createCatalogs({
  home,
  cacheDir,
  log,
  isServing = false,
  answerChars,
}: CatalogsOptions): Catalogs {
  const listeners = new Set<() => void>();
  const onSkillsChanged = (): void => {
    for (const listener of listeners) listener();
  };
  const { serversDir, skillsDir } = home;
  const options = { serversDir, skillsDir, cacheDir, answerChars, log, onSkillsChanged };
  let door: Promise<CatalogDoor> | undefined;

  async function open(): Promise<CatalogDoor> {
    if (isServing) return openThreadedCatalog({ ...options, patienceMs: PATIENCE_MS });
    const { openCatalogDoor } = await import("./catalog/catalog-door.ts");
    return openCatalogDoor(options);
  }

  return {
    get: () => (door ??= open()),
    refresh() {
      void door?.then((opened) => opened.refresh()).catch(() => undefined);
    },
    onSkillsChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await door?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    },
  };
}
