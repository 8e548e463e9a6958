// The ways to one server: a program's pipes, Streamable HTTP, HTTP with SSE. It opens them; what is said is not its concern.
import {
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type FetchLike,
  type Transport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import type { ToolgroveError } from "../errors.ts";
import type { ServerEntry } from "../home.ts";
import { createAuthorizedFetch } from "./oauth/authorized-fetch.ts";
import { credentialFile } from "./oauth/credential-file.ts";
import { ownError } from "./sdk-errors.ts";
import { settlesWithin } from "./process-tree.ts";
import { createStdioTransport, type Evidence } from "./stdio-transport.ts";

/** One way to a server, not yet in use. */
export interface Channel {
  readonly kind: "stdio" | "http" | "sse";
  readonly transport: Transport;
  /** Which protocol is spoken on it. */
  readonly mode: VersionNegotiationMode;
  /** Why a request was not even made, in our own words: a transport may lose them. */
  readonly refusal: () => ToolgroveError | undefined;
  /** What a process left behind; undefined for HTTP. */
  readonly evidence: () => Evidence | undefined;
  /** The same, once a process that has ended has been heard to its end. */
  readonly lastWords: () => Promise<Evidence | undefined>;
  readonly close: () => Promise<void>;
}

type Program = Extract<ServerEntry["transport"], { kind: "stdio" }>;
type HttpTarget = Extract<ServerEntry["transport"], { kind: "http" }>;
type Protocol = NonNullable<ServerEntry["protocol"]>;

const MODES: Readonly<Record<Protocol, VersionNegotiationMode>> = {
  legacy: "legacy",
  auto: "auto",
  modern: { pin: "2026-07-28" },
};
const GOODBYE_MS = 500;

/**
 * The ways to try, in this order: the second is for a server that answers the first with HTTP 404 or 405.
 *
 * @param credentialsDir where logins are kept.
 */
export function channelsTo(entry: ServerEntry, credentialsDir: string): readonly (() => Channel)[] {
  const { transport: target, protocol } = entry;
  // Negotiating over stdio would start the server twice.
  if (target.kind === "stdio") return [() => openPipes(target, MODES[protocol ?? "legacy"])];
  let refused: ToolgroveError | undefined;
  const authorized = fetchFor(entry.name, target, credentialsDir);
  const options = {
    requestInit: { headers: { ...target.headers } },
    fetch: ((...request) =>
      authorized(...request).catch((error: unknown) => {
        refused = ownError(error);
        throw error;
      })) satisfies FetchLike,
  };
  const url = new URL(target.url);
  const refusal = (): ToolgroveError | undefined => refused;
  const sse = (): Channel => openSse(new SSEClientTransport(url, options), refusal);
  if (target.sse) return [sse];
  const mode = MODES[protocol ?? "auto"];
  return [() => openHttp(new StreamableHTTPClientTransport(url, options), mode, refusal), sse];
}

/** Whoever sets the header needs no login. */
function fetchFor(server: string, { url, headers }: HttpTarget, credentialsDir: string): FetchLike {
  const isAuthorized = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  return isAuthorized ? fetch : createAuthorizedFetch(server, credentialFile(credentialsDir, url));
}

function openPipes(program: Program, mode: VersionNegotiationMode): Channel {
  const env = { ...getDefaultEnvironment(), ...program.env };
  const transport = createStdioTransport({ ...program, env });
  return {
    kind: "stdio",
    transport,
    mode,
    refusal: () => undefined,
    evidence: transport.evidence,
    lastWords: transport.lastWords,
    close: () => transport.close(),
  };
}

function openHttp(
  transport: StreamableHTTPClientTransport,
  mode: VersionNegotiationMode,
  refusal: Channel["refusal"],
): Channel {
  const sayGoodbye = async (): Promise<void> => {
    // Servers keep a session until they are told; one that does not answer is not waited for.
    const told = transport.terminateSession().catch(() => undefined);
    await settlesWithin(told, GOODBYE_MS);
    await transport.close();
  };
  let closing: Promise<void> | undefined;
  return {
    kind: "http",
    transport,
    mode,
    refusal,
    evidence: () => undefined,
    lastWords: () => Promise.resolve(undefined),
    close: () => (closing ??= sayGoodbye()),
  };
}

/** The transport of 2024 is older than every version that could be negotiated. */
function openSse(transport: SSEClientTransport, refusal: Channel["refusal"]): Channel {
  return {
    kind: "sse",
    transport,
    mode: "legacy",
    refusal,
    evidence: () => undefined,
    lastWords: () => Promise.resolve(undefined),
    close: () => transport.close(),
  };
}
