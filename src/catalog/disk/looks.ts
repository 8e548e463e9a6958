// Decides when the disk is looked at: now, soon, or not yet. It knows no documents.
import path from "node:path";
import { messageOf } from "../../errors.ts";
import type { CatalogRoots } from "./files.ts";
import { createFolderWatch, type FolderWatch } from "./folder-watch.ts";
import { shareRuns } from "./shared-run.ts";
import type { RefreshSummary, Store } from "./store.ts";

/** What looks are made with. */
export interface LooksOptions extends CatalogRoots {
  readonly store: Pick<Store, "refresh" | "folders" | "prepare">;
  readonly log: (line: string) => void;
  /** The time of day in milliseconds. */
  readonly now: () => number;
  /** Whether the file system is to say when something changed. */
  readonly watch: boolean;
  /** Called after a look that found other skills than the one before. */
  readonly onSkillsChanged?: () => void;
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
/** After so long without a question, what a first saved file will need is loaded: that holds the thread up for a moment. */
const IDLE_MS = 1_000;
const DEBOUNCE_MS = 50;
const MAX_DEBOUNCE_MS = 200;

/** Begins the first look. */
export function createLooks(options: LooksOptions): Looks {
  const { store, log, now } = options;
  const tell = createTeller(options);
  const soon = createSoon(() => void refresh());
  const idle = createSoon(store.prepare);
  const watcher = options.watch ? watchRoots(options, hint) : undefined;
  let lookedAt = now();
  let lookMs = 0;
  let isHinted = false;
  let isClosed = false;

  const run = shareRuns(async () => {
    const begun = performance.now();
    isHinted = false;
    lookedAt = now();
    const summary = await store.refresh();
    lookMs = performance.now() - begun;
    // What changed before a folder was watched was not heard of; seldom enough for nobody to wait for it.
    if (!isClosed && watcher?.follow(watchable(options, store.folders()))) soon.ask(CHECK_EVERY_MS);
    tell(summary);
    return summary;
  });

  let looked = Promise.resolve();
  /** Whoever reads from now on reads what this look finds. A failure is logged, also when nobody waits for it. */
  function refresh(): Promise<RefreshSummary> {
    soon.cancel();
    const running = run();
    looked = running.then(
      () => undefined,
      (error: unknown) => {
        if (!isClosed) log(`The catalog could not be refreshed: ${messageOf(error)}.`);
      },
    );
    return running;
  }
  function hint(): void {
    isHinted = true;
    soon.ask(Math.max(DEBOUNCE_MS, Math.min(2 * lookMs, MAX_DEBOUNCE_MS)));
  }

  void refresh();
  if (options.watch) void looked.then(() => !isClosed && idle.ask(IDLE_MS));
  return {
    refresh,
    current() {
      idle.postpone();
      if (!isHinted && now() - lookedAt < restMs(watcher, lookMs)) return looked;
      lookedAt = now();
      void refresh();
      return looked;
    },
    close() {
      isClosed = true;
      soon.cancel();
      idle.cancel();
      watcher?.close();
    },
  };
}

/** Tells of each file once for as long as it stays as it is. */
function createWarner(log: LooksOptions["log"]): (summary: RefreshSummary) => void {
  let told: readonly string[] = [];
  return ({ warnings }) => {
    const lines = warnings.map(({ file, reason }) => `${file} is not in the catalog: ${reason}.`);
    const known = new Set(told);
    for (const line of lines) if (!known.has(line)) log(line);
    told = lines;
  };
}

/** Tells what a look found: files that gave nothing, and other skills than before. */
function createTeller({ log, onSkillsChanged }: LooksOptions): (summary: RefreshSummary) => void {
  const warn = createWarner(log);
  let isFirst = true;
  return (summary) => {
    warn(summary);
    // Nobody was told of any skills before the first look.
    if (summary.skillsChanged && !isFirst) onSkillsChanged?.();
    isFirst = false;
  };
}

/** Something to run later. */
interface Soon {
  /** Runs it after so long, once for all who ask meanwhile. */
  ask(afterMs: number): void;
  /** Lets the time begin again, when it is asked for. */
  postpone(): void;
  cancel(): void;
}

function createSoon(run: () => void): Soon {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const begin = (): void => {
    timer = undefined;
    run();
  };
  return {
    ask: (afterMs) => void (timer ??= setTimeout(begin, afterMs).unref()),
    postpone: () => void timer?.refresh(),
    cancel,
  };
}

function watchRoots(options: LooksOptions, onChange: () => void): FolderWatch {
  return createFolderWatch({
    onChange: (changed) => concerns(options, changed) && onChange(),
    onLost: (reason) =>
      options.log(
        `Changes under servers/ and skills/ cannot be watched (${reason}): searches look at the disk.`,
      ),
  });
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
