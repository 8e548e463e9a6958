// One server's tool list to its wrappers and its part of the lock. It joins upstream, codegen and policy, and decides when
// nothing: that is sync.ts's.
import type { LockFile } from "./codegen/lock-file.ts";
import type { ShapeMemory } from "./codegen/shape-memory.ts";
import type { Learned } from "./codegen/shape.ts";
import { weigh, type Standing, type WeighedChange } from "./codegen/standing.ts";
import { writeServer, type TreeChange, type TreeWarning } from "./codegen/tree.ts";
import { messageOf, ToolgroveError } from "./errors.ts";
import type { Home, ServerEntry } from "./home.ts";
import { isSelected } from "./policy/selection.ts";
import { suspicionsOf, type Suspicion } from "./policy/suspicious-text.ts";
import type { SkillChange } from "./skill-standing/standing.ts";
import type { ToolDefinition } from "./tool.ts";

/** How to sync. */
export interface SyncOptions {
  /** Writes nothing; the report says what would be written. New results count for nothing here. */
  readonly check?: boolean | undefined;
  /** `SERVER` or `SERVER/TOOL`: what it says now is accepted, although the server is pinned. */
  readonly accept?: string | undefined;
}

/** What became of one server's wrappers. */
export interface SyncReport {
  readonly server: string;
  /** Files written and removed, relative to `servers/`. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Tools that got no wrapper, or a lesser one, and why. */
  readonly warnings: readonly TreeWarning[];
  /** Tools that are not what `servers/lock.json` says; `held` when a pin kept things as they were. */
  readonly changes: readonly WeighedChange[];
  /** Texts that hide something or speak to the model. */
  readonly suspicions: readonly (Suspicion & { readonly tool: string })[];
  /** Skills that no longer fit for these changes, or fit again. They are looked at when all servers are synced: none before. */
  readonly skills: readonly SkillChange[];
  /** Why the server has no new wrappers; the old ones stay. */
  readonly error?: string;
}

/** What syncing one server needs. */
export interface ServerSyncOptions {
  readonly home: Home;
  readonly lock: LockFile;
  readonly memory: Pick<ShapeMemory, "learned">;
  readonly list: (server: string) => Promise<{
    readonly definitions: readonly ToolDefinition[];
    readonly warnings: readonly TreeWarning[];
    readonly instructions?: string;
  }>;
  /** Hears what a server sent: the selected tools. Never rejects. */
  readonly onListed: (
    server: string,
    sent: { readonly definitions: readonly ToolDefinition[]; readonly instructions: string | undefined },
  ) => Promise<void>;
  /** Called after files have changed, before the report is given. */
  readonly onWritten: () => Promise<void>;
}

/** Syncs one server; a failure is part of the report. */
export async function syncServer(
  entry: ServerRules,
  how: SyncOptions,
  options: ServerSyncOptions,
): Promise<SyncReport> {
  const server = entry.name;
  try {
    const { definitions, warnings, instructions } = await options.list(server);
    const selected = definitions.filter(({ name }) => isSelected(name, entry));
    await options.onListed(server, { definitions: selected, instructions });
    const locked = await options.lock.tools(server);
    const standing = weigh({
      definitions: selected,
      locked,
      holds: (tool) => entry.pinned === true && !accepts(how, server, tool),
      learned: await learnedOf(server, how, options),
    });
    assertAccepted(how, server, standing);
    const { warnings: more, ...change } = await write(server, standing, { ...options, ...how });
    return {
      server,
      ...change,
      warnings: [...warnings, ...more],
      // At the first sync every tool is new, and the files that were written say so already.
      changes: locked || how.check ? standing.changes : [],
      suspicions: selected.flatMap(suspicionsWithTool),
      skills: [],
    };
  } catch (error) {
    return { ...NOTHING, server, error: messageOf(error) };
  }
}

const NOTHING = {
  ...{ written: [], removed: [], unchanged: 0 },
  ...{ warnings: [], changes: [], suspicions: [], skills: [] },
};

/** What of a server's entry decides about its tools. */
type ServerRules = Pick<ServerEntry, "name" | "include" | "exclude" | "pinned">;

function accepts({ accept }: SyncOptions, server: string, tool: string): boolean {
  return accept === server || accept === `${server}/${tool}`;
}

/** A name that was mistyped must not look like a change that was accepted. */
function assertAccepted({ accept }: SyncOptions, server: string, { lock, changes }: Standing): void {
  if (!accept?.startsWith(`${server}/`)) return;
  const tool = accept.slice(server.length + 1);
  if (lock.has(tool) || changes.some((change) => change.tool === tool)) return;
  throw new ToolgroveError(
    "bad_input",
    `Nothing was accepted: server "${server}" has no tool "${tool}". It has: ${[...lock.keys()].join(", ") || "none"}.`,
  );
}

async function learnedOf(
  server: string,
  { check }: SyncOptions,
  { home, memory }: ServerSyncOptions,
): Promise<ReadonlyMap<string, Learned> | "off"> {
  if (home.settings.learnTypes === "off") return "off";
  return check ? new Map() : memory.learned(server);
}

async function write(
  server: string,
  { definitions, held, lock }: Standing,
  options: ServerSyncOptions & SyncOptions,
): Promise<TreeChange> {
  const { home, check = false } = options;
  const learned = [...lock].flatMap(([tool, locked]) =>
    locked.learned ? [[tool, locked.learned] as const] : [],
  );
  const change = await writeServer({
    serversDir: home.serversDir,
    server,
    servers: home.servers.map(({ name }) => name),
    definitions,
    held,
    learned: new Map(learned),
    dryRun: check,
  });
  if (check) return change;
  if (change.written.length + change.removed.length > 0) await options.onWritten();
  await options.lock.update(server, lock);
  return change;
}

function suspicionsWithTool(definition: ToolDefinition): SyncReport["suspicions"] {
  return suspicionsOf(definition).map((suspicion) => Object.assign(suspicion, { tool: definition.name }));
}
