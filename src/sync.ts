// Keeps wrappers in step with servers: asked for, at a start that finds none, and when a server says its tools changed.
// It belongs to the composition root and decides when; what is written is decided in server-sync.ts.
import { setTimeout as pause } from "node:timers/promises";
import { isGenerated } from "./codegen/folder-plan.ts";
import { nameServers } from "./codegen/identifier.ts";
import { readWrappers } from "./codegen/inventory.ts";
import { folderOf, hasWrappers } from "./codegen/tree.ts";
import { textsOfWrapper } from "./codegen/wrapper-text.ts";
import { messageOf, ToolgroveError } from "./errors.ts";
import type { Home } from "./home.ts";
import { suspicionsIn, type Suspicion } from "./policy/suspicious-text.ts";
import { syncServer, type ServerSyncOptions, type SyncOptions, type SyncReport } from "./server-sync.ts";
import type { SkillChange, SkillStanding } from "./skill-standing/standing.ts";

export type { SyncOptions, SyncReport };

/** What a synchroniser is built from. */
export interface SynchroniserOptions extends ServerSyncOptions {
  readonly trusted: boolean;
  /** Why a server's last start failed, if it did. */
  readonly failure: (server: string) => string | undefined;
  /** Looks at the skills that use servers whose tools have changed. */
  readonly recheckSkills: SkillStanding["recheck"];
  readonly log: (line: string) => void;
}

/** Keeps wrappers in step with servers. */
export interface Synchroniser {
  /** Generates the wrappers of these servers, in parallel; of all by default. Throws `unknown_server` and `untrusted`. */
  sync(servers?: readonly string[], how?: SyncOptions): Promise<SyncReport[]>;
  /** Generates wrappers for configured servers that have none. Never rejects. */
  fillGaps(): Promise<void>;
  /**
   * Resolves when `notes` and `reasons` know which servers `fillGaps` found without wrappers, and those of these folders, or
   * of all, are there; or two seconds later, for a server may never start. At once before `fillGaps` is called.
   */
  settled(folders?: ReadonlySet<string>): Promise<void>;
  /** Brings a server's wrappers up to date soon, at most once in five seconds; in a home that is not trusted, never. */
  refresh(server: string): void;
  /** What a reader of these folders should know: wrappers that are on their way, could not be made, or may be old. */
  notes(folders: ReadonlySet<string>): string[];
  /** Why code that names these folders may not find what it expects there. */
  reasons(folders: ReadonlySet<string>): string[];
  /** What the generated wrappers say that their owner should read before trusting it. Starts no server. */
  suspicions(): Promise<Suspicion[]>;
  /** Begins nothing any more. */
  close(): void;
}

const REFRESH_PAUSE_MS = 5_000;
/** A first question that is answered with "ask again" costs an agent more than that. */
const FILL_PATIENCE_MS = 2_000;
const MAX_NOTES = 3;

/** Makes the synchroniser; it does nothing by itself. */
export function createSynchroniser(options: SynchroniserOptions): Synchroniser {
  const { home, trusted, log } = options;
  const known = home.servers.map(({ name }) => name);
  const standings = createStandings(options, known);
  const turns = new Map<string, Promise<SyncReport>>();
  const has = (server: string): Promise<boolean> => hasWrappers(home.serversDir, server, known);

  /** One after another for each server, so that its folder and its lock always speak of the same definitions. */
  function syncOne(server: string, how: SyncOptions = {}): Promise<SyncReport> {
    const entry = home.servers.find(({ name }) => name === server) ?? { name: server };
    const turn = (turns.get(server) ?? Promise.resolve()).then(async () => {
      const report = await syncServer(entry, how, options);
      standings.ended(report, await has(server));
      return report;
    });
    turns.set(server, turn);
    return turn;
  }

  let gapsKnown = Promise.resolve();
  let patience = Promise.resolve();

  async function unasked(servers: readonly string[]): Promise<void> {
    const reports = await Promise.all(
      servers.map((server) => syncOne(server).then((report) => logReport(report, log))),
    );
    for (const { line } of await skillChanges(reports, options)) log(line);
  }
  const refreshes = createPacer(REFRESH_PAUSE_MS, (server) => void unasked([server]));
  return {
    async sync(servers = known, how = {}) {
      assertAllowed(servers, options);
      const reports = await Promise.all(servers.map((server) => syncOne(server, how)));
      return how.check ? reports : withSkills(reports, await skillChanges(reports, options));
    },
    async fillGaps() {
      const finding = findGaps(known, has, standings);
      gapsKnown = finding.then(() => undefined);
      patience = finding.then(() => pause(FILL_PATIENCE_MS, undefined, { ref: false }));
      const gaps = await finding;
      if (trusted) await unasked(gaps);
    },
    async settled(folders) {
      await gapsKnown;
      const onTheirWay = standings.missing(folders).flatMap((server) => turns.get(server) ?? []);
      await Promise.race([Promise.allSettled(onTheirWay), patience]);
    },
    refresh(server) {
      if (trusted) refreshes.ask(server);
    },
    notes: standings.notes,
    reasons: standings.reasons,
    suspicions: () => suspicionsOnDisk(home, known),
    close: refreshes.close,
  };
}

/** The servers without wrappers, which are now said to be on their way. */
async function findGaps(
  known: readonly string[],
  has: (server: string) => Promise<boolean>,
  { begun }: Standings,
): Promise<string[]> {
  const there = await Promise.all(known.map(has));
  const gaps = known.filter((_, index) => !there[index]);
  for (const server of gaps) begun(server);
  return gaps;
}

/** Skills are looked at when all wrappers are written: one may use many servers. */
async function skillChanges(
  reports: readonly SyncReport[],
  { recheckSkills, log }: SynchroniserOptions,
): Promise<SkillChange[]> {
  const changed = reports.filter(hasChanged).map(({ server }) => server);
  return recheckSkills(changed).catch((error: unknown) => {
    log(`The skills could not be checked again: ${messageOf(error)}`);
    return [];
  });
}

function withSkills(reports: readonly SyncReport[], changes: readonly SkillChange[]): SyncReport[] {
  const skillsOf = (name: string): SkillChange[] => changes.filter(({ server }) => server === name);
  return reports.map((report) => Object.assign(report, { skills: skillsOf(report.server) }));
}

function hasChanged({ written, removed, changes }: SyncReport): boolean {
  return written.length + removed.length > 0 || changes.some(({ held }) => !held);
}

function assertAllowed(servers: readonly string[], { home, trusted }: SynchroniserOptions): void {
  const known = home.servers.map(({ name }) => name);
  const unknown = servers.find((server) => !known.includes(server));
  if (unknown !== undefined) {
    throw new ToolgroveError(
      "unknown_server",
      `There is no server "${unknown}" in servers/mcp.json. There are: ${known.join(", ") || "none"}.`,
    );
  }
  if (trusted) return;
  throw new ToolgroveError(
    "untrusted",
    `${home.root} may not start programs yet. Allow it with \`toolgrove trust\`.`,
  );
}

/** Where each server's wrappers stand, as far as a reader should know. */
interface Standings {
  begun(server: string): void;
  ended(report: SyncReport, hasWrappers: boolean): void;
  notes(folders: ReadonlySet<string>): string[];
  reasons(folders: ReadonlySet<string>): string[];
  /** Those of these folders, or of all, that have no wrappers. */
  missing(folders?: ReadonlySet<string>): string[];
}

function createStandings({ trusted, failure }: SynchroniserOptions, known: readonly string[]): Standings {
  /** Servers without wrappers, and what to say of them. */
  const missing = new Map<string, string>();
  const folderNames = nameServers(known);
  const serversIn = (folders: ReadonlySet<string>): string[] =>
    known.filter((server) => folders.has(folderNames.get(server) ?? server));
  const stale = (server: string): string[] => {
    const reason = failure(server);
    return reason === undefined || missing.has(server) ? [] : [staleLine(server, reason)];
  };
  return {
    begun(server) {
      missing.set(
        server,
        trusted
          ? `The wrappers of ${server} are on their way: search again in a few seconds.`
          : `${server} has no wrappers, and its home may not start programs before \`toolgrove trust\`.`,
      );
    },
    ended({ server, error }, isThere) {
      if (error === undefined || isThere) missing.delete(server);
      else missing.set(server, `${server} has no wrappers: ${error}`);
    },
    notes(folders) {
      return [...capped([...missing.values()]), ...capped(serversIn(folders).flatMap(stale))];
    },
    reasons(folders) {
      return serversIn(folders).flatMap((server) => missing.get(server) ?? stale(server));
    },
    missing: (folders) => (folders ? serversIn(folders) : known).filter((server) => missing.has(server)),
  };
}

/** Runs what it is asked for at once, and then at most once in a pause for each server. */
function createPacer(
  pauseMs: number,
  run: (server: string) => void,
): { ask: (server: string) => void; close: () => void } {
  const last = new Map<string, { readonly timer: NodeJS.Timeout; readonly at: number }>();
  return {
    ask(server) {
      const now = performance.now();
      const before = last.get(server)?.at ?? -Infinity;
      // What is still to come will see this change as well.
      if (before > now) return;
      const waitMs = Math.max(0, before + pauseMs - now);
      last.set(server, { timer: setTimeout(run, waitMs, server).unref(), at: now + waitMs });
    },
    close() {
      for (const { timer } of last.values()) clearTimeout(timer);
    },
  };
}

async function suspicionsOnDisk({ serversDir }: Home, known: readonly string[]): Promise<Suspicion[]> {
  const found = known.map(async (server) => {
    const wrappers = await readWrappers({ serversDir, server, servers: known });
    const folder = `servers/${folderOf(server, known)}`;
    return [...(wrappers ?? [])].flatMap(([file, source]) =>
      suspicionsInWrapper(`${folder}/${file}`, source),
    );
  });
  return (await Promise.all(found)).flat();
}

/** What an owner wrote by hand is the owner's own word. */
function suspicionsInWrapper(file: string, source: string): Suspicion[] {
  if (!isGenerated(source)) return [];
  const found = textsOfWrapper(source).flatMap((text) => suspicionsIn(text, file));
  // The same name may stand in a wrapper many times.
  return [...new Map(found.map((one) => [one.reason, one])).values()];
}

/** One line each for what somebody who did not ask for the sync should know; gives the report back. */
function logReport(report: SyncReport, log: (line: string) => void): SyncReport {
  const { server, error, warnings, changes, suspicions } = report;
  if (error !== undefined) log(`No new wrappers for ${server}: ${error}`);
  for (const { tool, reason } of warnings) log(`${server}/${tool}: ${reason}`);
  for (const { tool, where, reason, excerpt } of suspicions)
    log(`${server}/${tool}: its ${where} ${reason}: "${excerpt}"`);
  for (const { lines, held } of changes) {
    log(`${server} changed its tools: ${lines.join("\n")}${held ? `\n    held: the server is pinned` : ""}`);
  }
  return report;
}

function staleLine(server: string, reason: string): string {
  const [what = ""] = reason.replace(/^Server "[^"]*" could not be started: /, "").split("\n");
  return `${server} did not answer its last start: ${what.slice(0, 200)} Its tools are shown as they were before.`;
}

/** Notes cost the agent context: three say enough, and how many more there are. */
function capped(notes: readonly string[]): string[] {
  const more = notes.length - MAX_NOTES;
  const shown = notes.slice(0, MAX_NOTES);
  return more > 0 ? [...shown, `The same goes for ${more} more: see \`toolgrove list\`.`] : shown;
}
