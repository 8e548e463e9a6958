// From a server's tool list to wrappers on disk: the one path that generates them, asked for or by itself at start.
// It belongs to the composition root, since it joins upstream and codegen.
import { hasWrappers, writeServer, type TreeWarning } from "./codegen/tree.ts";
import { messageOf, ToolgroveError } from "./errors.ts";
import type { Home } from "./home.ts";
import type { ToolDefinition } from "./tool.ts";

/** What became of one server's wrappers. */
export interface SyncReport {
  readonly server: string;
  /** Files written and removed, relative to `servers/`. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Tools that got no wrapper, or a lesser one, and why. */
  readonly warnings: readonly TreeWarning[];
  /** Why the server has no new wrappers; the old ones stay. */
  readonly error?: string;
}

/** What a synchroniser is built from. */
export interface SynchroniserOptions {
  readonly home: Home;
  readonly trusted: boolean;
  readonly list: (server: string) => Promise<{
    readonly definitions: readonly ToolDefinition[];
    readonly warnings: readonly TreeWarning[];
  }>;
  /** Called after files have changed, before the report is given. */
  readonly onWritten: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** Keeps wrappers in step with servers. */
export interface Synchroniser {
  /** Generates the wrappers of these servers, in parallel; of all by default. Throws `unknown_server` and `untrusted`. */
  sync(servers?: readonly string[]): Promise<SyncReport[]>;
  /** Generates wrappers for configured servers that have none. Never rejects. */
  fillGaps(): Promise<void>;
  /** One line each for servers whose wrappers are on their way or could not be made. */
  notes(): string[];
}

/** Makes the synchroniser; it does nothing by itself. */
export function createSynchroniser(options: SynchroniserOptions): Synchroniser {
  const { home, log } = options;
  const known = home.servers.map(({ name }) => name);
  const state = new Map<string, string>();

  async function syncOne(server: string): Promise<SyncReport> {
    try {
      const { definitions, warnings } = await options.list(server);
      const written = await writeServer({ serversDir: home.serversDir, server, servers: known, definitions });
      if (written.written.length + written.removed.length > 0) await options.onWritten();
      state.delete(server);
      return { server, ...written, warnings: [...warnings, ...written.warnings] };
    } catch (error) {
      const reason = messageOf(error);
      state.set(server, `${server} has no wrappers: ${reason}`);
      return { server, written: [], removed: [], unchanged: 0, warnings: [], error: reason };
    }
  }

  function assertAllowed(servers: readonly string[]): void {
    const unknown = servers.find((server) => !known.includes(server));
    if (unknown !== undefined) {
      throw new ToolgroveError(
        "unknown_server",
        `There is no server "${unknown}" in servers/mcp.json. There are: ${known.join(", ") || "none"}.`,
      );
    }
    if (!options.trusted) {
      throw new ToolgroveError(
        "untrusted",
        `${home.root} may not start programs yet. Allow it with \`toolgrove trust\`.`,
      );
    }
  }

  return {
    async sync(servers = known) {
      assertAllowed(servers);
      return Promise.all(servers.map(syncOne));
    },
    async fillGaps() {
      const has = await Promise.all(known.map((server) => hasWrappers(home.serversDir, server, known)));
      const missing = known.filter((_, index) => !has[index]);
      for (const server of missing) {
        state.set(
          server,
          options.trusted
            ? `The wrappers of ${server} are on their way: search again in a few seconds.`
            : `${server} has no wrappers, and its home may not start programs before \`toolgrove trust\`.`,
        );
      }
      if (!options.trusted) return;
      for (const report of await Promise.all(missing.map(syncOne))) {
        if (report.error !== undefined) log(`No wrappers for ${report.server}: ${report.error}`);
        for (const { tool, reason } of report.warnings) log(`${report.server}/${tool}: ${reason}`);
      }
    },
    notes: () => [...state.values()],
  };
}
