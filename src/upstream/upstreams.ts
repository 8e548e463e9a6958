// All the servers behind us, by name. It starts none until it is asked for one, and knows nothing of who asks.
import { ToolgroveError } from "../errors.ts";
import type { ServerEntry } from "../home.ts";
import type { CallTool } from "../tool.ts";
import { createConnection, type Connection } from "./connection.ts";
import type { SaveMedia } from "./media.ts";
import { credentialFile } from "./oauth/credential-file.ts";
import type { LoginRequest } from "./oauth/login.ts";
import type { ServerState } from "./session-keeper.ts";
import type { ClientInfo } from "./session.ts";
import type { ToolListing } from "./tool-list.ts";

/** What the servers are made from. */
export interface UpstreamsOptions {
  readonly servers: readonly ServerEntry[];
  /** Who we say we are to the servers. */
  readonly clientInfo: ClientInfo;
  /** Takes one line about something worth knowing: a server that ended, for example. */
  readonly log: (line: string) => void;
  /** Where logins at HTTP servers are kept: a folder of the user, outside every home. */
  readonly credentialsDir: string;
  /** Keeps images, audio and resources of answers as files. */
  readonly saveMedia: SaveMedia;
  /** A server says that its tools have changed. Reports that follow each other closely are one. */
  readonly onToolsChanged?: (server: string) => void;
  /** Longest wait for a server to be ready, in milliseconds; 60,000 by default, because a cold `npx` takes its time. */
  readonly startLimitMs?: number;
}

/** The servers behind us. */
export interface Upstreams {
  /** The names of the servers, in the order of the settings. */
  names(): string[];
  /**
   * A server's tools, and what was wrong with some of them. Starts the server when needed.
   * Throws `unknown_server`, `upstream_start`, `upstream_protocol`, `upstream_timeout` or `upstream_lost`.
   */
  list(server: string): Promise<ToolListing>;
  /**
   * Calls a tool on its server and gives its value (see `toValue` for the rule). On a stdio server reads run together
   * and writes one after another in the order of the calls; on an HTTP server 8 run at a time. Never repeats a call.
   *
   * Throws `ToolError` when the tool reports failure, else `unknown_server`, `bad_input` (no such tool), `upstream_start`,
   * `upstream_timeout`, `upstream_lost`, `upstream_protocol` or `cancelled`.
   */
  readonly callTool: CallTool;
  /**
   * Logs the user in at an HTTP server; its next start uses what that gave. Throws `unknown_server`, `bad_input` when the
   * server is a program, or `upstream_start`.
   */
  login(server: string, request: LoginRequest): Promise<void>;
  /** Where a server stands, without starting it. Throws `unknown_server`. */
  state(server: string): ServerState;
  /** Ends all servers and everything they started, together, in about a second at most. */
  close(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/** Makes the way to the servers; each is started when it is first needed. */
export function createUpstreams(options: UpstreamsOptions): Upstreams {
  const { onToolsChanged, startLimitMs = START_LIMIT_MS, credentialsDir } = options;
  const connections = new Map(
    options.servers.map((entry) => {
      const told = (): void => onToolsChanged?.(entry.name);
      return [entry.name, createConnection(entry, { ...options, startLimitMs, onToolsChanged: told })];
    }),
  );

  function connection(server: string): Connection {
    const found = connections.get(server);
    if (found) return found;
    const known = [...connections.keys()].join(", ") || "none";
    throw new ToolgroveError(
      "unknown_server",
      `There is no server "${server}" in servers/mcp.json. There are: ${known}.`,
    );
  }

  return {
    names: () => [...connections.keys()],
    list: async (server) => connection(server).list(),
    callTool: async (ref, args, context) => connection(ref.server).call(ref.tool, args, context),
    login: async (server, request) => {
      connection(server);
      const target = options.servers.find(({ name }) => name === server)?.transport;
      if (target?.kind !== "http") throw noLogin(server);
      const { login } = await import("./oauth/login.ts");
      await login({ name: server, target, file: credentialFile(credentialsDir, target.url) }, request);
    },
    state: (server) => connection(server).state(),
    close: async () => {
      await Promise.all([...connections.values()].map((each) => each.close()));
    },
  };
}

function noLogin(server: string): ToolgroveError {
  return new ToolgroveError(
    "bad_input",
    `Server "${server}" is a program: it logs in by itself, or by variables in "env". Only a server with a "url" takes a login.`,
  );
}
