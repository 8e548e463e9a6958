// One conversation with one server, from its start to its end. It does not start twice, and does not know who may call when.
import {
  Client,
  METHOD_NOT_FOUND,
  ProtocolError,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import type { ServerEntry } from "../home.ts";
import type { ToolArguments, ToolDefinition } from "../tool.ts";
import { orAborted } from "./abort.ts";
import { isConnectionLoss, isTimeout } from "./sdk-errors.ts";
import { startFailure } from "./start-failure.ts";
import { settlesWithin } from "./process-tree.ts";
import { createStdioTransport, type Evidence, type StdioTransport } from "./stdio-transport.ts";
import { readToolList, toolPageSchema, type ToolListing } from "./tool-list.ts";
import { toolResultSchema, type ToolResult } from "./value.ts";

/** Who we say we are to a server. */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/** What a session needs besides its server's entry. */
export interface SessionOptions {
  readonly clientInfo: ClientInfo;
  /** Longest wait for the server to be ready, in milliseconds. */
  readonly startLimitMs: number;
  /** Gives up the start. */
  readonly signal: AbortSignal;
  /** The server says that its tools are no longer those it listed. */
  readonly onToolsChanged: () => void;
  /** The session is over; `how` is how its process ended. Runs before the calls in flight reject. */
  readonly onEnd: (how: string | undefined) => void;
}

/** Limits of one call. */
interface CallLimits {
  /** Cancels the call; the server is told. */
  readonly signal: AbortSignal;
  /** Longest silence in milliseconds: progress starts it anew. */
  readonly timeoutMs: number;
}

/** A server that has answered and can be called. */
export interface Session {
  readonly listTools: (timeoutMs: number) => Promise<ToolListing>;
  readonly callTool: (tool: ToolDefinition, args: ToolArguments, limits: CallLimits) => Promise<ToolResult>;
  /** Ends the session and the server's processes, in about a second at most. */
  readonly close: () => Promise<void>;
}

/** Progress may keep a call alive for this long and no longer. */
const TOTAL_CALL_MS = 600_000;
const GOODBYE_MS = 500;

/** Starts the server and shakes hands. Throws `upstream_start`, and leaves nothing running, when that fails. */
export async function openSession(entry: ServerEntry, options: SessionOptions): Promise<Session> {
  const { kind } = entry.transport;
  const channel = openChannel(entry.transport);
  const client = new Client(options.clientInfo, {
    // Negotiating over stdio would start the server twice.
    versionNegotiation: { mode: kind === "stdio" ? "legacy" : "auto" },
    listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: options.onToolsChanged } },
  });
  const limit = AbortSignal.timeout(options.startLimitMs);
  try {
    const connected = client.connect(channel.transport, { timeout: options.startLimitMs });
    await orAborted(connected, AbortSignal.any([options.signal, limit]));
  } catch (error) {
    // Taken before we close it: how a server ends when told to says nothing about why it failed.
    const evidence = channel.evidence();
    await channel.close();
    const expiredMs = limit.aborted || isTimeout(error) ? options.startLimitMs : undefined;
    throw startFailure(entry, { error, evidence, expiredMs });
  }
  Object.assign(client, { onclose: () => options.onEnd(channel.evidence()?.exit) });

  // HTTP has no connection that closes: a server that is gone, or has forgotten our session, shows only in an answer.
  const orClosed = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (kind === "http" && isConnectionLoss(error)) await channel.close();
      throw error;
    }
  };
  return {
    listTools: (timeoutMs) => orClosed(listTools(client, entry.name, timeoutMs)),
    callTool: (tool, args, limits) => orClosed(callTool(client, { tool, args }, limits)),
    close: channel.close,
  };
}

interface Channel {
  readonly transport: StdioTransport | StreamableHTTPClientTransport;
  readonly evidence: () => Evidence | undefined;
  readonly close: () => Promise<void>;
}

function openChannel(target: ServerEntry["transport"]): Channel {
  if (target.kind === "stdio") {
    const transport = createStdioTransport({ ...target, env: { ...getDefaultEnvironment(), ...target.env } });
    return { transport, evidence: transport.evidence, close: () => transport.close() };
  }
  const transport = new StreamableHTTPClientTransport(new URL(target.url), {
    requestInit: { headers: { ...target.headers } },
  });
  const sayGoodbye = async (): Promise<void> => {
    // Servers keep a session until they are told; one that does not answer is not waited for.
    const told = transport.terminateSession().catch(() => undefined);
    await settlesWithin(told, GOODBYE_MS);
    await transport.close();
  };
  let closing: Promise<void> | undefined;
  return { transport, evidence: () => undefined, close: () => (closing ??= sayGoodbye()) };
}

async function listTools(client: Client, server: string, timeout: number): Promise<ToolListing> {
  try {
    return await readToolList(server, (cursor) =>
      client.request(
        { method: "tools/list", params: cursor === undefined ? {} : { cursor } },
        toolPageSchema,
        { timeout },
      ),
    );
  } catch (error) {
    // A server of resources or prompts alone has no such method, and no tools.
    const hasNoTools = error instanceof ProtocolError && error.code === METHOD_NOT_FOUND;
    if (hasNoTools) return { definitions: [], warnings: [] };
    throw error;
  }
}

interface Call {
  readonly tool: ToolDefinition;
  readonly args: ToolArguments;
}

/** Never gives the SDK an output schema: it would throw good results away when they miss it. */
async function callTool(client: Client, { tool, args }: Call, limits: CallLimits): Promise<ToolResult> {
  const params = { name: tool.name, arguments: args };
  const options = {
    signal: limits.signal,
    timeout: limits.timeoutMs,
    // Without a listener no progress is asked for, and none can extend the time.
    onprogress: () => undefined,
    resetTimeoutOnProgress: true,
    maxTotalTimeout: Math.max(TOTAL_CALL_MS, limits.timeoutMs),
  };
  if (client.getProtocolEra() !== "modern") {
    return client.request({ method: "tools/call", params }, toolResultSchema, options);
  }
  // Servers of 2026-07-28 may want arguments repeated as headers; the SDK does that, from the input schema.
  const inputSchema = {
    ...(typeof tool.inputSchema === "object" && tool.inputSchema),
    type: "object" as const,
  };
  const result = await client.callTool(params, {
    ...options,
    toolDefinition: { name: tool.name, inputSchema },
  });
  return toolResultSchema.parse(result);
}
