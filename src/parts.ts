// Builds the parts of a gateway from a home and lets them meet: the only place where capabilities know of each other.
import { createCatalogs, type Catalogs } from "./catalogs.ts";
import { createLearning, type Learning } from "./codegen/learning.ts";
import { openLock, type LockFile } from "./codegen/lock-file.ts";
import { hashDefinition } from "./codegen/lock.ts";
import { RUNTIME_SOURCE } from "./codegen/runtime-source.ts";
import { openShapeMemory, type ShapeMemory } from "./codegen/shape-memory.ts";
import { messageOf, ToolgroveError } from "./errors.ts";
import type { Home } from "./home.ts";
import { openJournal, type Journal } from "./journal/journal.ts";
import { openDefinitionMemory, type DefinitionMemory } from "./measure/definition-memory.ts";
import { openLedger, type Ledger } from "./measure/ledger/ledger.ts";
import { holdPins } from "./policy/pins.ts";
import { refuseLeftOut } from "./policy/selection.ts";
import { createDenoEngine } from "./sandbox/engines/deno/engine.ts";
import type { ServerSyncOptions } from "./server-sync.ts";
import { createChecker, type Checker } from "./sandbox/check/checker.ts";
import { createSources, type Sources } from "./sandbox/sources.ts";
import { createSkillStanding, type SkillStanding } from "./skill-standing/standing.ts";
import { findSkillModule } from "./skills/module-paths.ts";
import { createSandbox, type Sandbox } from "./sandbox/sandbox.ts";
import { createSynchroniser, type Synchroniser } from "./sync.ts";
import type { CallTool } from "./tool.ts";
import { createUpstreams, type Upstreams } from "./upstream/upstreams.ts";
import { operationKind } from "./workspace/operation-kinds.ts";
import { keepMedia } from "./workspace/media.ts";
import { createWorkspace, type Workspace } from "./workspace/workspace.ts";

/** What a gateway is built from. */
export interface GatewayOptions {
  readonly home: Home;
  /** Whether the home's servers may be started; searching and reading need no trust. */
  readonly trusted: boolean;
  /** A folder for caches, outside the home. */
  readonly cacheDir: string;
  /** A folder of the user for logins, outside the home. */
  readonly credentialsDir: string;
  /** A folder of the user, outside the home, for what happened: journals of runs, ledgers. */
  readonly stateDir: string;
  /** Our version, as upstream servers will see it. */
  readonly version: string;
  /** Takes one line about something worth knowing. */
  readonly log: (line: string) => void;
  /** Whether many answers are to come, as for an MCP server, and not one; false by default. */
  readonly isServing?: boolean;
}

/** The parts of one gateway. */
export interface Parts {
  readonly upstreams: Upstreams;
  readonly lock: LockFile;
  readonly catalogs: Catalogs;
  readonly synchroniser: Synchroniser;
  readonly sandbox: Sandbox;
  /** What code may import. */
  readonly sources: Sources;
  readonly checker: Checker;
  /** Which skills fit their tools. */
  readonly standing: SkillStanding;
  readonly workspace: Workspace;
  readonly journal: Journal;
  /** What servers sent when they were last asked. */
  readonly definitions: DefinitionMemory;
  /** What the session costs; absent where no model is at the other end. */
  readonly ledger: Ledger | undefined;
  /** Ends every process that was started. */
  readonly close: () => Promise<void>;
}

const DAY_MS = 86_400_000;
/** Kept free in an answer of the catalog for what is said beside it. */
const NOTES_CHARS = 300;

/** Builds the parts of a home. None of them starts anything by itself. */
export function openParts(options: GatewayOptions): Parts {
  const { home, log, version } = options;
  const { limits } = home.settings;
  // A run that is taken up again goes on with the file it was writing.
  const draftsKeptMs = home.settings.journal.days * DAY_MS;
  const workspace = createWorkspace(home.workspaceDir, home.settings.workspace, draftsKeptMs);
  const upstreams = createUpstreams({
    servers: home.servers,
    credentialsDir: options.credentialsDir,
    saveMedia: (bytes, mimeType, name) => keepMedia(workspace, bytes, mimeType, name),
    clientInfo: { name: "toolgrove", version },
    onToolsChanged: (server) => synchroniser.refresh(server),
    log,
  });
  const lock = openLock(home.serversDir);
  const memory = openShapeMemory({ cacheDir: options.cacheDir, home: home.root, log });
  const { callTool, journal, learning, ledger } = openCalls(options, {
    ...{ upstreams, lock, memory },
    onNews: (server) => synchroniser.refresh(server),
  });
  const definitions = openDefinitionMemory(options.cacheDir, home.root);
  const catalogs = createCatalogs({ ...options, answerChars: limits.answerChars - NOTES_CHARS });
  const { sources, checker, standing } = openChecks(home, lock);
  const synchroniser = createSynchroniser({
    home,
    trusted: options.trusted,
    lock,
    memory,
    list: upstreams.list,
    onListed: keepDefinitions(definitions, log),
    failure(server) {
      const state = upstreams.state(server);
      return state.status === "failed" ? state.reason : undefined;
    },
    async onWritten() {
      // Searches from now on wait for this look unless it is a long one, so a sync need not.
      catalogs.refresh();
    },
    recheckSkills: standing.recheck,
    log,
  });
  const sandbox = createSandbox({
    engine: createDenoEngine({ memoryMb: limits.memoryMb }),
    sources,
    callTool,
    performWorkspace: journal.watchWorkspace(workspace.perform),
    keep: workspace.keep,
    limits,
  });
  const closing = [checker, sandbox, upstreams, catalogs, learning, ...(ledger ? [ledger] : [])];
  const close = async (): Promise<void> => {
    synchroniser.close();
    await Promise.all(closing.map((part) => part.close()));
  };
  const running = { sandbox, sources, checker, standing, workspace, journal };
  return { upstreams, lock, catalogs, synchroniser, ...running, definitions, ledger, close };
}

/** What code may import, and what tells whether it fits. */
function openChecks(
  { root, skillsDir, servers }: Home,
  lock: LockFile,
): Pick<Parts, "sources" | "checker" | "standing"> {
  const sources = createSources(root, RUNTIME_SOURCE, (target) => findSkillModule(skillsDir, target));
  const checker = createChecker(sources);
  const names = servers.map(({ name }) => name);
  const standing = createSkillStanding({ checker, lock, sources, skillsDir, servers: names });
  return { sources, checker, standing };
}

/** What calls are composed from. */
interface CallParts {
  readonly upstreams: Upstreams;
  readonly lock: LockFile;
  readonly memory: ShapeMemory;
  /** A server's results have shown types that its wrappers lack. */
  readonly onNews: (server: string) => void;
}

/** A call on its way out: counted, learned from, allowed, written down, made. Who cares about calls wraps the next one. */
function openCalls(
  options: GatewayOptions,
  { upstreams, lock, memory, onNews }: CallParts,
): { callTool: CallTool; learning: Learning } & Pick<Parts, "journal" | "ledger"> {
  const { home, log, stateDir } = options;
  const { learnTypes, recordSessions, journal: limits } = home.settings;
  const journal = openJournal({ stateDir, home: home.root, limits, kindOf: operationKind, log });
  const learning = createLearning({
    lock,
    memory,
    onNews: (server) => learnTypes === "auto" && onNews(server),
  });
  const ledger =
    options.isServing && recordSessions ? openLedger({ ...options, home: home.root }) : undefined;
  const recorded = { ...upstreams, callTool: journal.watchCalls(upstreams.callTool) };
  const guarded = guardCalls(recorded, lock, options);
  const learned = learnTypes === "off" ? guarded : learning.watch(guarded);
  return { callTool: ledger ? ledger.watch(learned) : learned, journal, learning, ledger };
}

/** Keeps what servers send for measuring; a disk that is full costs no sync. */
function keepDefinitions(
  memory: DefinitionMemory,
  log: (line: string) => void,
): ServerSyncOptions["onListed"] {
  return async (server, sent) => {
    await memory.remember(server, sent).catch((error: unknown) => {
      log(`The definitions of ${server} could not be kept for measuring: ${messageOf(error)}`);
    });
  };
}

/** The calls that may happen, also where a journal would answer them: of a trusted home, to tools its owner selected, as its owner accepted them. */
function guardCalls(upstreams: Upstreams, lock: LockFile, options: GatewayOptions): CallTool {
  const { servers } = options.home;
  const pinned = new Set(servers.filter((entry) => entry.pinned).map(({ name }) => name));
  const held = holdPins(upstreams.callTool, {
    pinned,
    accepted: async ({ server, tool }) => (await lock.tools(server))?.get(tool)?.sha256,
    async live({ server, tool }) {
      const { definitions } = await upstreams.list(server);
      const definition = definitions.find(({ name }) => name === tool);
      return definition && hashDefinition(definition);
    },
  });
  const selected = refuseLeftOut(held, new Map(servers.map((entry) => [entry.name, entry])));
  return guardTrust(selected, options);
}

/** Refuses every call while the home's servers may not be started. */
function guardTrust(callTool: CallTool, { trusted, home }: GatewayOptions): CallTool {
  if (trusted) return callTool;
  return ({ server, tool }) => Promise.reject(untrusted(`${server}.${tool} was not called`, home));
}

/** Why nothing is started: the home was found, and its owner has not said that it may. */
export function untrusted(what: string, { root }: Home): ToolgroveError {
  return new ToolgroveError(
    "untrusted",
    `${what}: ${root} was found in an ancestor folder and may not start programs yet. ` +
      "Its owner can allow that with `toolgrove trust`.",
  );
}
