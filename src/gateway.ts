// The one composition root: builds the parts from a home, owns their lifetimes, and lets them meet nowhere else.
import { openCatalog, type Catalog, type CatalogSearchOptions } from "./catalog/catalog.ts";
import { renderRead, renderSearch, toJson, type JsonHit, type SearchDetail } from "./catalog/render.ts";
import { nameServers } from "./codegen/identifier.ts";
import { createLearning } from "./codegen/learning.ts";
import { openLock, type LockFile } from "./codegen/lock-file.ts";
import { hashDefinition } from "./codegen/lock.ts";
import { readWrappers, removeWrappers, type RemovedWrappers } from "./codegen/inventory.ts";
import { RUNTIME_SOURCE } from "./codegen/runtime-source.ts";
import { openShapeMemory } from "./codegen/shape-memory.ts";
import { ToolgroveError } from "./errors.ts";
import type { Home } from "./home.ts";
import { holdPins } from "./policy/pins.ts";
import { refuseLeftOut } from "./policy/selection.ts";
import type { Suspicion } from "./policy/suspicious-text.ts";
import { createO200kCounter } from "./measure/tokens.ts";
import type { IsolationReport } from "./sandbox/engine.ts";
import { createDenoEngine } from "./sandbox/engines/deno/engine.ts";
import type { ExecutionAnswer } from "./sandbox/output.ts";
import { createSandbox } from "./sandbox/sandbox.ts";
import { createSynchroniser, type SyncOptions, type SyncReport } from "./sync.ts";
import type { CallProgress, CallTool, ToolRef } from "./tool.ts";
import type { LoginRequest } from "./upstream/oauth/login.ts";
import { createUpstreams, type Upstreams } from "./upstream/upstreams.ts";
import { keepMedia } from "./workspace/media.ts";
import { createWorkspace } from "./workspace/workspace.ts";

/** What a gateway is built from. */
export interface GatewayOptions {
  readonly home: Home;
  /** Whether the home's servers may be started; searching and reading need no trust. */
  readonly trusted: boolean;
  /** A folder for caches, outside the home. */
  readonly cacheDir: string;
  /** A folder of the user for logins, outside the home. */
  readonly credentialsDir: string;
  /** Our version, as upstream servers will see it. */
  readonly version: string;
  /** Takes one line about something worth knowing. */
  readonly log: (line: string) => void;
}

/** One execution's settings. */
export interface ExecuteRequest {
  /** Wall-clock limit in milliseconds; the home's `limits.timeoutMs` by default. */
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
  /** Hears how far the calls of the execution are. */
  readonly onProgress?: ((ref: ToolRef, progress: CallProgress) => void) | undefined;
}

/** A server's wrappers in figures. */
export interface WrapperMeasure {
  readonly server: string;
  readonly tools: number;
  /** Tokens of all of them together. */
  readonly tokens: number;
}

/** Everything Toolgrove can do with one home. */
export interface Gateway {
  /** Begins what can be ready before it is asked for: the index, the sandbox pool, wrappers that are missing. Returns at once; a second call does nothing. */
  start(): void;
  /** The answer of `search_tools`: plain text. */
  search(
    query: string,
    options?: CatalogSearchOptions & { readonly detail?: SearchDetail | undefined },
  ): Promise<string>;
  /** The same hits for programs. */
  searchJson(query: string, options?: CatalogSearchOptions): Promise<JsonHit[]>;
  /** The answer of `read_tool`: plain text, and whether the path led anywhere. */
  read(path: string): Promise<{ readonly text: string; readonly found: boolean }>;
  /** The answer of `execute_code`. Rejects only when no sandbox can be started. */
  execute(code: string, request: ExecuteRequest): Promise<ExecutionAnswer>;
  /** Generates wrappers for these servers, or all of them. One server's failure does not stop the others. */
  sync(servers?: readonly string[], how?: SyncOptions): Promise<SyncReport[]>;
  /** What the generated wrappers say that their owner should read before trusting it. Starts no server. */
  suspicions(): Promise<Suspicion[]>;
  /** Logs the user in at an HTTP server; see `Upstreams.login`. Throws `untrusted` before the home may start servers. */
  login(server: string, request: LoginRequest): Promise<void>;
  /** What the wrappers of these servers are on disk; a server without wrappers is left out. Starts nothing. */
  measureWrappers(servers: readonly string[]): Promise<WrapperMeasure[]>;
  /** Removes what was generated for a server; hand-written files stay. */
  removeWrappers(server: string): Promise<RemovedWrappers>;
  isolation(): Promise<IsolationReport>;
  /** Ends every process that was started. */
  close(): Promise<void>;
}

/** Builds the parts. Nothing is started before `start` or the first request. */
export function createGateway(options: GatewayOptions): Gateway {
  const { home } = options;
  const { limits } = home.settings;
  const { upstreams, lock, catalog, synchroniser, sandbox, close } = openParts(options);
  let started = false;
  return {
    start() {
      if (started) return;
      started = true;
      sandbox.warm();
      catalog();
      void synchroniser.fillGaps();
    },
    async search(query, request = {}) {
      const result = await catalog().search(query, request);
      const notes = synchroniser.notes(new Set(result.hits.map(({ document }) => document.server)));
      return [renderSearch(result, request.detail), ...notes, ...home.problems].join("\n");
    },
    searchJson: async (query, request) => toJson((await catalog().search(query, request)).hits),
    async read(path) {
      const resolution = await catalog().read(path);
      const documents = resolution.kind === "miss" ? [] : resolution.documents;
      const notes = synchroniser.notes(new Set(documents.map(({ server }) => server)));
      const text = [renderRead(resolution), ...notes].join("\n");
      return { text, found: resolution.kind !== "miss" };
    },
    async execute(code, request) {
      const named = serversIn(code, home);
      if (options.trusted) prepareServers(named.keys(), upstreams);
      const answer = await sandbox.execute(code, {
        timeoutMs: request.timeoutMs ?? limits.timeoutMs,
        signal: request.signal,
        onProgress: request.onProgress,
      });
      // A server that has no wrappers is no more than an unknown name to the code.
      const reasons = answer.isError ? synchroniser.reasons(new Set(named.values())) : [];
      return { ...answer, text: [answer.text, ...reasons].join("\n") };
    },
    sync: synchroniser.sync,
    async login(server, request) {
      if (!options.trusted) throw untrusted(`No login at "${server}" was begun`, home);
      await upstreams.login(server, request);
    },
    measureWrappers: (servers) => measureWrappers(home, servers),
    async removeWrappers(server) {
      await lock.forget(server);
      return removeWrappers({ ...home, server, servers: namesOf(home) });
    },
    isolation: sandbox.isolation,
    suspicions: synchroniser.suspicions,
    close,
  };
}

/** Builds the parts of a home. None of them starts anything by itself. */
function openParts(options: GatewayOptions) {
  const { home, log, version } = options;
  const { limits } = home.settings;
  const workspace = createWorkspace(home.workspaceDir);
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
  const { learnTypes } = home.settings;
  const learning = createLearning({
    lock,
    memory,
    onNews: (server) => learnTypes === "auto" && synchroniser.refresh(server),
  });
  const guarded = guardCalls(upstreams, lock, options);
  const callTool = learnTypes === "off" ? guarded : learning.watch(guarded);
  let opened: Catalog | undefined;
  // Opening begins to read the tree, which a command that neither searches nor reads can do without.
  const catalog = (): Catalog => (opened ??= openCatalog({ ...home, cacheDir: options.cacheDir, log }));
  const synchroniser = createSynchroniser({
    home,
    trusted: options.trusted,
    lock,
    memory,
    list: upstreams.list,
    failure(server) {
      const state = upstreams.state(server);
      return state.status === "failed" ? state.reason : undefined;
    },
    log,
  });
  const sandbox = createSandbox({
    engine: createDenoEngine({ memoryMb: limits.memoryMb }),
    home: home.root,
    runtime: RUNTIME_SOURCE,
    callTool,
    workspace: workspace.perform,
    keep: workspace.keep,
    limits,
  });
  const close = async (): Promise<void> => {
    synchroniser.close();
    await Promise.all([sandbox.close(), upstreams.close(), opened?.close(), learning.close()]);
  };
  return { upstreams, lock, catalog, synchroniser, sandbox, close };
}

/** The servers that decide the names of folders, together. */
function namesOf({ servers }: Home): string[] {
  return servers.map(({ name }) => name);
}

async function measureWrappers(home: Home, servers: readonly string[]): Promise<WrapperMeasure[]> {
  const { count } = await createO200kCounter();
  const measures: WrapperMeasure[] = [];
  for (const server of servers) {
    const wrappers = await readWrappers({ ...home, server, servers: namesOf(home) });
    const tokens = [...(wrappers?.values() ?? [])].reduce((sum, text) => sum + count(text), 0);
    if (wrappers) measures.push({ server, tools: wrappers.size, tokens });
  }
  return measures;
}

/** The servers whose folder's name stands in the code, with that folder. A comment or a word of prose counts as well. */
function serversIn(code: string, home: Home): Map<string, string> {
  return new Map([...nameServers(namesOf(home))].filter(([, folder]) => code.includes(folder)));
}

/** Starts servers while the code that names them is still being bundled. A wrong guess costs a start, never a call. */
function prepareServers(servers: Iterable<string>, upstreams: Upstreams): void {
  // What goes wrong here goes wrong again, and is told, when the tool is called.
  for (const server of servers) upstreams.list(server).catch(() => undefined);
}

/** The calls that may happen: of a trusted home, to tools its owner selected, as its owner accepted them. */
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

function untrusted(what: string, { root }: Home): ToolgroveError {
  return new ToolgroveError(
    "untrusted",
    `${what}: ${root} was found in an ancestor folder and may not start programs yet. ` +
      "Its owner can allow that with `toolgrove trust`.",
  );
}
