// Decides when the disk is looked at: now, soon, or not yet. It knows no documents.
import path from "node:path";
import { messageOf } from "../errors.ts";
import type { CatalogRoots } from "./files.ts";
import { createFolderWatch, type FolderWatch } from "./folder-watch.ts";
import { shareRuns } from "./shared-run.ts";
import type { RefreshSummary, Store } from "./store.ts";

/** What looks are made with. */
export interface LooksOptions extends CatalogRoots {
  readonly store: Pick<Store, "refresh" | "folders">;
  readonly log: (line: string) => void;
  /** The time of day in milliseconds. */
  readonly now: () => number;
  /** Whether the file system is to say when something changed. */
  readonly watch: boolean;
}

/** Looks at the disk, one after another. */
export interface Looks {
  /** A look that begins after this call. Concurrent callers share one. */
  refresh(): Promise<RefreshSummary>;
  /** Resolves when what is known is fresh enough: 250 ms old at most, or unchanged as far as is known. Never rejects. */
  current(): Promise<void>;
  close(): void;
}

const CHECK_EVERY_MS = 250;
const HEARD_CHECK_EVERY_MS = 5_000;
/** A look may take a twentieth of the time when changes are heard of anyway. */
const REST_PER_LOOK = 20;
const DEBOUNCE_MS = 50;

/** Begins the first look. */
export function createLooks(options: LooksOptions): Looks {
  const { store, log, now } = options;
  const warned = new Set<string>();
  let lookedAt = now();
  let lookMs = 0;
  let isHinted = false;
  let timer: NodeJS.Timeout | undefined;
  const watcher = options.watch
    ? createFolderWatch({
        onChange: (changed) => concerns(options, changed) && hint(),
        onLost: (reason) =>
          log(`Changes under servers/ and skills/ cannot be watched (${reason}): searches look at the disk.`),
      })
    : undefined;

  const refresh = shareRuns(async () => {
    const begun = performance.now();
    isHinted = false;
    lookedAt = now();
    const summary = await store.refresh();
    lookMs = performance.now() - begun;
    // What changed before a folder was watched was not heard of.
    if (watcher?.follow(watchable(options, store.folders()))) hint();
    warn(summary);
    return summary;
  });

  function warn({ warnings }: RefreshSummary): void {
    const lines = warnings.map(({ file, reason }) => `${file} is not in the catalog: ${reason}.`);
    for (const line of lines) {
      if (!warned.has(line)) log(line);
    }
    warned.clear();
    for (const line of lines) warned.add(line);
  }

  let looked = look();
  function look(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    return refresh().then(
      () => undefined,
      (error: unknown) => log(`The catalog could not be refreshed: ${messageOf(error)}.`),
    );
  }
  function hint(): void {
    isHinted = true;
    timer ??= setTimeout(() => (looked = look()), Math.max(DEBOUNCE_MS, 2 * Math.min(lookMs, 100))).unref();
  }

  return {
    refresh,
    current() {
      if (isHinted || now() - lookedAt >= restMs(watcher, lookMs)) {
        lookedAt = now();
        looked = look();
      }
      return looked;
    },
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

function restMs(watcher: FolderWatch | undefined, lookMs: number): number {
  if (!watcher?.isWatching()) return CHECK_EVERY_MS;
  return Math.min(Math.max(CHECK_EVERY_MS, lookMs * REST_PER_LOOK), HEARD_CHECK_EVERY_MS);
}

/** All that was walked through, and the roots' parents: they hear when a root that is missing is made. */
function watchable({ serversDir, skillsDir }: CatalogRoots, walked: readonly string[]): readonly string[] {
  return [...walked, path.dirname(serversDir), path.dirname(skillsDir)];
}

/** Whether a change may change the catalog: beside the roots much else may be written. */
function concerns({ serversDir, skillsDir }: CatalogRoots, changed: string | undefined): boolean {
  return (
    changed === undefined ||
    [serversDir, skillsDir].some((root) => changed === root || changed.startsWith(root + path.sep))
  );
}
