// What Toolgrove does with one home: the parts of `parts.ts` behind one small interface, which the doors use.
import type { CatalogDoor, DoorSearchOptions } from "./catalog/catalog-door.ts";
import type { CatalogSearchOptions } from "./catalog/catalog.ts";
import type { JsonHit } from "./catalog/read/render.ts";
import { hashOf } from "./codegen/canonical-json.ts";
import { readWrappers, removeWrappers, type RemovedWrappers } from "./codegen/inventory.ts";
import type { Home } from "./home.ts";
import { createExecute, type ExecuteRequest, type ExecutionAnswer } from "./execution.ts";
import type { Journal } from "./journal/journal.ts";
import { createO200kCounter } from "./measure/tokens.ts";
import type { Crossing } from "./measure/ledger/ledger.ts";
import { createMeasuring, type Measuring } from "./measuring.ts";
import { openParts, untrusted, type GatewayOptions, type Parts } from "./parts.ts";
import type { Suspicion } from "./policy/suspicious-text.ts";
import type { IsolationReport } from "./sandbox/engine.ts";
import { fit } from "./sandbox/fit.ts";
import { guestSignatures } from "./sandbox/guest-api-text.ts";
import { createSkillOffering, type SkillOffering } from "./skill-offering.ts";
import { createSkillUpkeep, type SkillUpkeep } from "./skill-upkeep.ts";
import type { SyncOptions, SyncReport } from "./sync.ts";
import type { LoginRequest } from "./upstream/oauth/login.ts";
import { describe } from "./workspace/describe.ts";
import { createResources, type Resources } from "./workspace/resources.ts";
import type { Workspace } from "./workspace/workspace.ts";

export type { ExecuteRequest, GatewayOptions };

/** The executions of the home that were kept. */
export type Runs = Pick<Journal, "all" | "read" | "isRunning" | "remove">;

/** A server's wrappers in figures. */
export interface WrapperMeasure {
  readonly server: string;
  readonly tools: number;
  /** Tokens of all of them together. */
  readonly tokens: number;
}

/** Everything Toolgrove can do with one home. */
export interface Gateway extends Measuring {
  /** Begins what can be ready before it is asked for: the index, the sandbox pool, wrappers that are missing. Returns at once; a second call does nothing. */
  start(): void;
  /** The answer of `search_tools`: plain text. */
  search(query: string, options?: DoorSearchOptions): Promise<string>;
  /** The same hits for programs. */
  searchJson(query: string, options?: CatalogSearchOptions): Promise<readonly JsonHit[]>;
  /** The answer of `read_tool`: plain text, and whether the path led anywhere. */
  read(path: string): Promise<{ readonly text: string; readonly found: boolean }>;
  /** The files of the workspace. */
  readonly resources: Resources;
  /** The skills: for their owner, and for clients that know skills or prompts of their own. */
  readonly skills: SkillOffering & SkillUpkeep;
  /** The answer of `execute_code`. Rejects only when no sandbox can be started. */
  execute(request: ExecuteRequest): Promise<ExecutionAnswer>;
  /** Generates wrappers for these servers, or all of them. One server's failure does not stop the others. */
  sync(servers?: readonly string[], how?: SyncOptions): Promise<SyncReport[]>;
  /** What the generated wrappers say that their owner should read before trusting it. Starts no server. */
  suspicions(): Promise<Suspicion[]>;
  /** Logs the user in at an HTTP server; see `Upstreams.login`. Throws `untrusted` before the home may start servers. */
  login(server: string, request: LoginRequest): Promise<void>;
  /** What the wrappers of these servers are on disk; a server without wrappers is left out. Starts nothing. */
  measureWrappers(servers: readonly string[]): Promise<WrapperMeasure[]>;
  /** Notes in the session's ledger what crossed to or from the model; nothing where there is no session. Never throws. */
  crossed(crossing: Crossing): void;
  /** Removes what was generated for a server; hand-written files stay. */
  removeWrappers(server: string): Promise<RemovedWrappers>;
  isolation(): Promise<IsolationReport>;
  /** The executions that were kept. */
  readonly runs: Runs;
  /** Ends every process that was started. */
  close(): Promise<void>;
}

/** Builds the parts. Nothing is started before `start` or the first request. */
export function createGateway(options: GatewayOptions): Gateway {
  const { home } = options;
  const parts = openParts(options);
  const { upstreams, lock, catalogs, synchroniser, sandbox } = parts;
  const execute = createExecute(parts, options);
  let started = false;
  let indexing: NodeJS.Timeout | undefined;
  return {
    start() {
      if (started) return;
      started = true;
      void sandbox.warm();
      // What goes wrong here goes wrong again, and is told, when somebody searches.
      indexing = setTimeout(() => void catalogs.get().catch(() => undefined), INDEX_AFTER_MS).unref();
      void synchroniser.fillGaps();
      void parts.journal.clean();
    },
    ...createDiscovery(parts, home),
    ...createMeasuring(parts, options),
    crossed: (crossing) => parts.ledger?.crossed(crossing),
    resources: createResources(parts.workspace),
    skills: {
      ...createSkillOffering(home, catalogs),
      ...createSkillUpkeep({ ...parts, skillsDir: home.skillsDir, execute }),
    },
    execute,
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
    runs: parts.journal,
    close() {
      clearTimeout(indexing);
      return parts.close();
    },
  };
}

const TAIL_CHARS = 600;
/** A program that comes first should not share the processors with an index that it does not need; a search begins it at once. */
const INDEX_AFTER_MS = 500;

function createDiscovery(
  { catalogs, synchroniser, workspace, standing }: Parts,
  home: Home,
): Pick<Gateway, "search" | "searchJson" | "read"> {
  /** Definitions may be larger than an answer may be; their file is named by what it holds. */
  const fitDefinitions = (text: string): Promise<string> =>
    fit(text, {
      room: home.settings.limits.answerChars,
      kind: "txt",
      shape: "definitions",
      // A definition ends with the signature, which is what code needs first.
      tail: TAIL_CHARS,
      spill: (kind, whole) =>
        workspace.keep(`results/definitions-${hashOf(whole).slice(0, 12)}.${kind}`, whole),
    });
  /** Which of the skills in an answer, or used by one, do not fit their tools. */
  const unfitIn = (skills: readonly string[]): Promise<string[]> => standing.unfit(skills, { andUsed: true });
  /** What to say beside an answer. Wrappers that were on their way when it was begun may be missing in it. */
  async function noted<A extends { readonly servers: readonly string[] }>(
    answer: (catalog: CatalogDoor) => Promise<A>,
  ): Promise<A & { readonly notes: readonly string[] }> {
    await synchroniser.settled();
    const before = synchroniser.notes(new Set());
    const found = await answer(await catalogs.get());
    return { ...found, notes: [...new Set([...before, ...synchroniser.notes(new Set(found.servers))])] };
  }
  return {
    async search(query, request) {
      const { text, skills, notes } = await noted((catalog) => catalog.search(query, request));
      return fitDefinitions([text, ...(await unfitIn(skills)), ...notes, ...home.problems].join("\n"));
    },
    searchJson: async (query, request) => (await (await catalogs.get()).search(query, request)).hits,
    async read(path) {
      const file = WORKSPACE_PATH.exec(path);
      if (file) return readWorkspace(workspace, file[1] ?? "");
      const { text, skills, found, notes } = await noted((catalog) => catalog.read(path));
      return { text: await fitDefinitions([text, ...(await unfitIn(skills)), ...notes].join("\n")), found };
    },
  };
}

const WORKSPACE_PATH = /^(?:\.?\/)*workspace(?:\/(.*))?$/is;

/** What `read_tool` shows of the workspace: how code reaches it, and what is in it. */
async function readWorkspace(workspace: Workspace, file: string): ReturnType<Gateway["read"]> {
  const { text, found } = await describe(workspace, file);
  return { text: file === "" ? `${await guestSignatures()}\n\n${text}` : text, found };
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
