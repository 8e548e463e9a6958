// Decides when the disk is looked at: now, soon, or not yet. It knows no documents.
import path from "node:path";
import { messageOf } from "../../errors.ts";
import type { CatalogRoots } from "./files.ts";
import { createFolderWatch, type FolderWatch } from "./folder-watch.ts";
import { createHeard } from "./heard.ts";
import { createLookTimes } from "./look-times.ts";
import { shareRuns } from "./shared-run.ts";
import { createSoon } from "../../soon.ts";
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

/** What changed before a folder was watched was not heard of; seldom enough for nobody to wait for it. */
const LOOK_AGAIN_MS = 250;
/** After so long without a question, what a first saved file will need is loaded: that holds the thread up for a moment. */
const IDLE_MS = 1_000;

/** Begins the first look. */
export function createLooks(options: LooksOptions): Looks {
  const { store, log, now } = options;
  const tell = createTeller(options);
  const soon = createSoon(() => void look());
  const idle = createSoon(store.prepare);
  const watcher = options.watch ? watchRoots(options, hint) : undefined;
  const heard = createHeard();
  const times = createLookTimes(now);
  let isClosed = false;

  const run = shareRuns(async () => {
    const changed = heard.take();
    const summary = await times.during(changed === undefined, () => store.refresh(changed));
    if (!isClosed && watcher?.follow(watchable(options, store.folders()))) {
      heard.doubt();
      soon.ask(LOOK_AGAIN_MS);
    }
    tell(summary);
    return summary;
  });

  let looked = Promise.resolve();
  /** Whoever reads from now on reads what this look finds. A failure is logged, also when nobody waits for it. */
  function look(): Promise<RefreshSummary> {
    soon.cancel();
    const running = run();
    looked = settled(running, (error) => {
      heard.doubt();
      if (!isClosed) log(`The catalog could not be refreshed: ${messageOf(error)}.`);
    });
    return running;
  }
  function lookAtAll(): Promise<RefreshSummary> {
    heard.doubt();
    return look();
  }
  function hint(changed: string | undefined): void {
    heard.note(changed);
    soon.ask(times.gatherMs());
  }

  void lookAtAll();
  if (options.watch) void looked.then(() => !isClosed && idle.ask(IDLE_MS));
  return {
    refresh: lookAtAll,
    current() {
      idle.postpone();
      if (times.takeTurn(watcher?.isWatching() ?? false)) void lookAtAll();
      else if (heard.isNews()) void look();
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

function settled(running: Promise<unknown>, onFailure: (error: unknown) => void): Promise<void> {
  return running.then(() => undefined, onFailure);
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

function watchRoots(options: LooksOptions, onChange: (changed: string | undefined) => void): FolderWatch {
  return createFolderWatch({
    onChange: (changed) => concerns(options, changed) && onChange(changed),
    onLost: (reason) =>
      options.log(
        `Changes under servers/ and skills/ cannot be watched (${reason}): searches look at the disk.`,
      ),
  });
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
