// One server as its callers see it: its tools, and calls in an order that keeps its data whole. It knows no other server.
import { ToolgroveError } from "../errors.ts";
import type { ServerEntry } from "../home.ts";
import type { CallContext, ToolArguments, ToolDefinition } from "../tool.ts";
import { nearest } from "../nearest.ts";
import { createSoon } from "../soon.ts";
import { orAborted } from "./abort.ts";
import { callFailure, listFailure } from "./call-failure.ts";
import { withoutMedia, type SaveMedia } from "./media.ts";
import { createReadWriteGate, createSemaphore, type Gate } from "./order.ts";
import { createSessionKeeper, type KeeperOptions, type ServerState } from "./session-keeper.ts";
import type { ToolListing } from "./tool-list.ts";
import { createToolMemory } from "./tool-memory.ts";
import { toValue } from "./value.ts";

/** A server that may be running or not; that is not the caller's concern. */
export interface Connection {
  /** The server's tools, from memory unless it has changed them or was started anew. */
  readonly list: () => Promise<ToolListing>;
  /** Calls a tool. Waiting for a turn is not charged to the call's time limit. */
  readonly call: (tool: string, args: ToolArguments, context: CallContext) => Promise<unknown>;
  readonly state: () => ServerState;
  readonly close: () => Promise<void>;
}

const CALL_MS = 60_000;
const HTTP_CALLS = 8;
const CHANGES_PAUSE_MS = 300;

/** What a connection needs besides its server's entry. */
export interface ConnectionOptions extends Omit<KeeperOptions, "onSessionOver"> {
  /** Keeps what is not text in answers. */
  readonly saveMedia: SaveMedia;
}

/** Makes the connection; the server is started by the first `list` or `call`. */
export function createConnection(entry: ServerEntry, options: ConnectionOptions): Connection {
  const timeoutMs = entry.timeoutMs ?? CALL_MS;
  const gate = gateFor(entry);
  const tools = createToolMemory(readTools);
  // Forgotten at once, told once: a server that loads its plugins says so for each.
  const changes = createSoon(options.onToolsChanged);
  const sessions = createSessionKeeper(entry, {
    ...options,
    startLimitMs: entry.startTimeoutMs ?? options.startLimitMs,
    onSessionOver: tools.forget,
    onToolsChanged: () => {
      tools.forget();
      changes.askAnew(CHANGES_PAUSE_MS);
    },
  });

  async function readTools(): Promise<ToolListing> {
    const session = await sessions.get();
    try {
      return await session.listTools(timeoutMs);
    } catch (error) {
      throw listFailure(entry.name, error);
    }
  }

  async function find(tool: string): Promise<ToolDefinition> {
    const { definitions } = await tools.list();
    const definition = definitions.find((candidate) => candidate.name === tool);
    if (!definition) throw unknownTool(entry.name, tool, definitions);
    return definition;
  }

  async function call(tool: string, args: ToolArguments, context: CallContext): Promise<unknown> {
    const ref = { server: entry.name, tool };
    // Many calls share the signal of their execution, and Node warns of many listeners on one signal.
    const signal = AbortSignal.any([context.signal]);
    try {
      signal.throwIfAborted();
      const definition = await orAborted(find(tool), signal);
      const kind = definition.annotations?.readOnlyHint === true ? "read" : "write";
      const result = await gate.run(kind, signal, async () => {
        const session = await orAborted(sessions.get(), signal);
        signal.throwIfAborted();
        context.onSend?.(kind);
        return session.callTool(definition, args, { signal, timeoutMs, onProgress: context.onProgress });
      });
      return toValue(ref, await withoutMedia(ref, result, options.saveMedia));
    } catch (error) {
      throw callFailure(ref, { error, signal, timeoutMs });
    }
  }

  async function close(): Promise<void> {
    changes.cancel();
    tools.forget();
    await sessions.close();
  }

  return { list: tools.list, call, state: sessions.state, close };
}

function gateFor(entry: ServerEntry): Gate {
  if (entry.concurrency !== undefined) return createSemaphore(entry.concurrency);
  return entry.transport.kind === "http" ? createSemaphore(HTTP_CALLS) : createReadWriteGate();
}

function unknownTool(server: string, tool: string, definitions: readonly ToolDefinition[]): ToolgroveError {
  const names = definitions.map((definition) => definition.name);
  const close = nearest(tool, names);
  const hint =
    close.length > 0 ? `The nearest are: ${close.join(", ")}.` : `It has: ${names.join(", ") || "none"}.`;
  return new ToolgroveError("bad_input", `Server "${server}" has no tool "${tool}". ${hint}`);
}
