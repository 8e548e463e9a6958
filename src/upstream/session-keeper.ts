// Keeps one session of one server alive: started when first needed, shared by all callers, started anew after it is lost.
import { ToolgroveError, messageOf } from "../errors.ts";
import type { ServerEntry } from "../home.ts";
import { createPause } from "./pause.ts";
import type { ClientInfo, Session } from "./session.ts";

/** Where a server stands. */
export type ServerState =
  /** Not running; `reason` says how it ended when it has run and nobody ended it. */
  | { readonly status: "idle"; readonly reason?: string }
  | { readonly status: "starting" }
  | { readonly status: "ready" }
  | { readonly status: "failed"; readonly reason: string };

/** What all sessions of a server share. */
export interface KeeperOptions {
  readonly clientInfo: ClientInfo;
  /** Longest wait for a server to be ready, in milliseconds. */
  readonly startLimitMs: number;
  /** Where logins are kept. */
  readonly credentialsDir: string;
  readonly log: (line: string) => void;
  /** The server says that its tools are no longer those it listed. */
  readonly onToolsChanged: () => void;
  /** The session is over: what was learned in it no longer holds. */
  readonly onSessionOver: () => void;
}

/** The way to a server's current session. */
export interface SessionKeeper {
  /** The live session, starting the server if there is none. Rejects with `upstream_start`. */
  readonly get: () => Promise<Session>;
  readonly state: () => ServerState;
  /** Ends the session or its start; every later `get` rejects with `cancelled`. */
  readonly close: () => Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Makes the keeper; it starts nothing yet. After a failed start the next may come 0.5 s later, then 1 s, 2 s … 30 s. */
export function createSessionKeeper(entry: ServerEntry, options: KeeperOptions): SessionKeeper {
  const closing = new AbortController();
  const pause = createPause(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  let current: Promise<Session> | undefined;
  let state: ServerState = { status: "idle" };

  async function start(): Promise<Session> {
    state = { status: "starting" };
    try {
      // The SDK takes long to load: not before a server is wanted.
      const { openSession } = await import("./session.ts");
      closing.signal.throwIfAborted();
      const session = await openSession(entry, { ...options, signal: closing.signal, onEnd: forget });
      state = { status: "ready" };
      pause.succeeded();
      return session;
    } catch (error) {
      current = undefined;
      if (closing.signal.aborted) throw closed(entry);
      state = { status: "failed", reason: messageOf(error) };
      pause.failed();
      throw error;
    }
  }

  function forget(how: string | undefined): void {
    const reason = how ?? "connection lost";
    current = undefined;
    state = closing.signal.aborted ? { status: "idle" } : { status: "idle", reason };
    options.onSessionOver();
    if (closing.signal.aborted) return;
    options.log(`Server "${entry.name}" ended (${reason}); the next call starts it anew.`);
  }

  async function get(): Promise<Session> {
    if (closing.signal.aborted) throw closed(entry);
    const restMs = pause.restMs();
    if (state.status === "failed" && restMs > 0) throw tooSoon(state.reason, restMs);
    return (current ??= start());
  }

  async function close(): Promise<void> {
    closing.abort();
    const session = await current?.catch(() => undefined);
    await session?.close();
  }

  return { get, close, state: () => state };
}

function closed({ name }: ServerEntry): ToolgroveError {
  return new ToolgroveError(
    "cancelled",
    `Server "${name}" is not called any more: Toolgrove is shutting down.`,
  );
}

function tooSoon(reason: string, restMs: number): ToolgroveError {
  return new ToolgroveError("upstream_start", `${reason}\nIt can be tried again in ${restMs} ms.`);
}
