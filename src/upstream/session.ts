// One conversation with one server, from its start to its end. It does not start twice, and does not know who may call when.
import { Client, METHOD_NOT_FOUND, ProtocolError, SseError } from "@modelcontextprotocol/client";
import type { ServerEntry } from "../home.ts";
import type { CallProgress, ToolArguments, ToolDefinition } from "../tool.ts";
import { orAborted } from "./abort.ts";
import { channelsTo, type Channel } from "./channel.ts";
import { httpStatus, isConnectionLoss, isTimeout, ownError } from "./sdk-errors.ts";
import { startFailure } from "./start-failure.ts";
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
  /** Where logins are kept. */
  readonly credentialsDir: string;
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
  readonly onProgress?: ((progress: CallProgress) => void) | undefined;
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

/** Starts the server and shakes hands. Throws `upstream_start`, and leaves nothing running, when that fails. */
export async function openSession(entry: ServerEntry, options: SessionOptions): Promise<Session> {
  const { client, channel } = await connectFirst(entry, options);
  Object.assign(client, {
    onclose: () => options.onEnd(channel.evidence()?.exit),
    // A stream that breaks takes the server's memory of us with it, although its transport would open another.
    onerror: (error: Error) => void (error instanceof SseError && channel.close()),
  });

  // HTTP has no connection that closes: a server that is gone, or has forgotten our session, shows only in an answer.
  const orClosed = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      const isLost = channel.kind !== "stdio" && !ownError(error) && isConnectionLoss(error);
      if (isLost) await channel.close();
      throw error;
    }
  };
  return {
    listTools: (timeoutMs) => orClosed(listTools(client, entry.name, timeoutMs)),
    callTool: (tool, args, limits) => orClosed(callTool(client, { tool, args }, limits)),
    close: channel.close,
  };
}

interface Connected {
  readonly client: Client;
  readonly channel: Channel;
}

/** Tries the ways to the server one after another; all of them together have the start limit. */
async function connectFirst(entry: ServerEntry, options: SessionOptions): Promise<Connected> {
  const limit = AbortSignal.timeout(options.startLimitMs);
  const ways = channelsTo(entry, options.credentialsDir);
  for (const [index, open] of ways.entries()) {
    const channel = open();
    try {
      return { client: await connect(channel, options, limit), channel };
    } catch (error) {
      // Taken before we close it: how a server ends when told to says nothing about why it failed.
      const evidence = await channel.lastWords();
      await channel.close();
      if (index + 1 < ways.length && isOtherTransport(error)) continue;
      const expiredMs = limit.aborted || isTimeout(error) ? options.startLimitMs : undefined;
      throw ownError(error) ?? channel.refusal() ?? startFailure(entry, { error, evidence, expiredMs });
    }
  }
  throw new Error("there is no way to the server");
}

async function connect(channel: Channel, options: SessionOptions, limit: AbortSignal): Promise<Client> {
  const client = new Client(options.clientInfo, {
    versionNegotiation: { mode: channel.mode },
    listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: options.onToolsChanged } },
  });
  const connected = client.connect(channel.transport, { timeout: options.startLimitMs });
  await orAborted(connected, AbortSignal.any([options.signal, limit]));
  return client;
}

/** How a server of 2024 answers a POST where it only streams. */
function isOtherTransport(error: unknown): boolean {
  const status = httpStatus(error);
  return status === 404 || status === 405;
}

async function listTools(client: Client, server: string, timeout: number): Promise<ToolListing> {
  try {
    const listing = await readToolList(server, (cursor) =>
      client.request(
        { method: "tools/list", params: cursor === undefined ? {} : { cursor } },
        toolPageSchema,
        { timeout },
      ),
    );
    const instructions = client.getInstructions();
    return { ...listing, ...(instructions !== undefined && { instructions }) };
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
    onprogress: limits.onProgress ?? (() => undefined),
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
