// The one composition root: builds the parts from a home, owns their lifetimes, and lets them meet nowhere else.
import { openCatalog, type CatalogSearchOptions } from "./catalog/catalog.ts";
import { renderRead, renderSearch, toJson, type JsonHit, type SearchDetail } from "./catalog/render.ts";
import { RUNTIME_SOURCE } from "./codegen/runtime-source.ts";
import { nameServers } from "./codegen/identifier.ts";
import { ToolgroveError } from "./errors.ts";
import type { Home } from "./home.ts";
import type { IsolationReport } from "./sandbox/engine.ts";
import { createDenoEngine } from "./sandbox/engines/deno/engine.ts";
import type { ExecutionAnswer } from "./sandbox/output.ts";
import { createSandbox } from "./sandbox/sandbox.ts";
import { createSynchroniser, type SyncReport } from "./sync.ts";
import type { CallTool } from "./tool.ts";
import { createUpstreams, type Upstreams } from "./upstream/upstreams.ts";
import { createWorkspace } from "./workspace/workspace.ts";

/** What a gateway is built from. */
export interface GatewayOptions {
  readonly home: Home;
  /** Whether the home's servers may be started; searching and reading need no trust. */
  readonly trusted: boolean;
  /** A folder for caches, outside the home. */
  readonly cacheDir: string;
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
  sync(servers?: readonly string[]): Promise<SyncReport[]>;
  isolation(): Promise<IsolationReport>;
  /** Ends every process that was started. */
  close(): Promise<void>;
}

/** Builds the parts. Nothing is started before `start` or the first request. */
export function createGateway(options: GatewayOptions): Gateway {
  const { home, log, version } = options;
  const { limits } = home.settings;
  const upstreams = createUpstreams({
    servers: home.servers,
    clientInfo: { name: "toolgrove", version },
    log,
  });
  const callTool = guardTrust(upstreams.callTool, options);
  const catalog = openCatalog({ ...home, cacheDir: options.cacheDir, log });
  const synchroniser = createSynchroniser({
    home,
    trusted: options.trusted,
    list: upstreams.list,
    onWritten: async () => void (await catalog.refresh()),
    log,
  });
  const workspace = createWorkspace(home.workspaceDir);
  const sandbox = createSandbox({
    engine: createDenoEngine({ memoryMb: limits.memoryMb }),
    home: home.root,
    runtime: RUNTIME_SOURCE,
    callTool,
    workspace: workspace.perform,
    keep: workspace.keep,
    limits,
  });

  let started = false;
  return {
    start() {
      if (started) return;
      started = true;
      sandbox.warm();
      void synchroniser.fillGaps();
    },
    async search(query, request = {}) {
      const result = await catalog.search(query, request);
      return [renderSearch(result, request.detail), ...synchroniser.notes(), ...home.problems].join("\n");
    },
    searchJson: async (query, request) => toJson((await catalog.search(query, request)).hits),
    async read(path) {
      const resolution = await catalog.read(path);
      const text = [renderRead(resolution), ...synchroniser.notes()].join("\n");
      return { text, found: resolution.kind !== "miss" };
    },
    execute(code, request) {
      if (options.trusted) prepareServers(code, home.servers, upstreams);
      return sandbox.execute(code, {
        timeoutMs: request.timeoutMs ?? limits.timeoutMs,
        signal: request.signal,
      });
    },
    sync: synchroniser.sync,
    isolation: sandbox.isolation,
    async close() {
      await Promise.all([sandbox.close(), upstreams.close(), catalog.close()]);
    },
  };
}

/** Starts the servers the code names while it is still being bundled. A wrong guess costs a start, never a call. */
function prepareServers(code: string, servers: Home["servers"], upstreams: Upstreams): void {
  const folders = nameServers(servers.map(({ name }) => name));
  for (const [name, folder] of folders) {
    // What goes wrong here goes wrong again, and is told, when the tool is called.
    if (code.includes(folder)) upstreams.list(name).catch(() => undefined);
  }
}

/** Refuses every call while the home's servers may not be started. */
function guardTrust(callTool: CallTool, { trusted, home }: GatewayOptions): CallTool {
  if (trusted) return callTool;
  return ({ server, tool }) =>
    Promise.reject(
      new ToolgroveError(
        "untrusted",
        `${server}.${tool} was not called: ${home.root} was found in an ancestor folder and may not start programs yet. ` +
          "Its owner can allow that with `toolgrove trust`.",
      ),
    );
}
