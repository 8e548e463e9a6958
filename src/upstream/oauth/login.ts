// One login at one server, with the user in front of a browser: authorization code with PKCE over a loopback redirect.
// The SDK speaks the protocol; here are the waiting, the state, and where the tokens go.
import {
  auth,
  extractWWWAuthenticateParams,
  type AuthOptions,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { randomBytes } from "node:crypto";
import { ToolgroveError, messageOf } from "../../errors.ts";
import type { ServerEntry } from "../../home.ts";
import { orAborted } from "../abort.ts";
import { tokenFields } from "./authorized-fetch.ts";
import type { CredentialFile } from "./credential-file.ts";
import { openLoopback } from "./loopback.ts";

/** What a login needs from whoever asks for it. */
export interface LoginRequest {
  /** Shows the address the user must visit; called once. */
  readonly show: (url: URL) => void;
  /** Gives up the wait. */
  readonly signal: AbortSignal;
  /** Longest wait for the user in milliseconds; 300,000 by default. */
  readonly limitMs?: number;
}

const LIMIT_MS = 300_000;
const REQUEST_MS = 20_000;

type HttpTarget = Extract<ServerEntry["transport"], { kind: "http" }>;

/**
 * Logs the user in and keeps the tokens in `file`. The client identifies itself by its configured id, else by its
 * metadata document when the server takes one, else it registers anew: an old registration knows another port.
 *
 * Throws `upstream_start` when the server offers no login, refuses it, or the user does not come back in time.
 */
export async function login(
  {
    name,
    target,
    file,
  }: { readonly name: string; readonly target: HttpTarget; readonly file: CredentialFile },
  { show, signal, limitMs = LIMIT_MS }: LoginRequest,
): Promise<void> {
  const state = randomBytes(24).toString("base64url");
  const loopback = await openLoopback(state);
  const limit = AbortSignal.timeout(limitMs);
  try {
    const { provider, result } = createProvider(target, { state, redirectUrl: loopback.redirectUrl, show });
    const options = await readChallenge(target);
    await auth(provider, options);
    const answer = await orAborted(loopback.answer, AbortSignal.any([signal, limit]));
    await auth(provider, { ...options, ...readAnswer(answer) });
    await file.save(result());
  } catch (error) {
    const reason = limit.aborted ? `nobody came back within ${limitMs / 1_000} s` : messageOf(error);
    throw new ToolgroveError("upstream_start", `The login at server "${name}" failed: ${reason}.`, {
      cause: error,
    });
  } finally {
    loopback.close();
  }
}

/** What the server says to someone without a token: where its authorization server is, and what to ask it for. */
async function readChallenge(target: HttpTarget): Promise<AuthOptions> {
  const response = await fetchInTime(target.url, {
    method: target.sse ? "GET" : "POST",
    headers: {
      ...target.headers,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
    },
    ...(!target.sse && { body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }) }),
  });
  await response.body?.cancel();
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
  return {
    serverUrl: target.url,
    fetchFn: fetchInTime,
    ...(resourceMetadataUrl && { resourceMetadataUrl }),
    ...(scope !== undefined && { scope }),
  };
}

const fetchInTime: NonNullable<AuthOptions["fetchFn"]> = (url, init) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_MS) });

function readAnswer(answer: URLSearchParams): Pick<AuthOptions, "authorizationCode" | "iss"> {
  const code = answer.get("code");
  const iss = answer.get("iss");
  if (code) return { authorizationCode: code, ...(iss !== null && { iss }) };
  // Only the code of the error: its description is free text from whoever sent the browser here.
  const error = answer.get("error") ?? "";
  throw new Error(/^[a-z_]+$/.test(error) ? `the answer was "${error}"` : "the answer holds no code");
}

interface Circumstances {
  readonly state: string;
  readonly redirectUrl: string;
  readonly show: (url: URL) => void;
}

/** The SDK's view of this login, kept in memory: nothing of it is worth keeping when it fails. */
function createProvider(target: HttpTarget, { state, redirectUrl, show }: Circumstances) {
  const { clientId, clientSecret, clientMetadataUrl } = target.oauth ?? {};
  let client: StoredOAuthClientInformation | undefined =
    clientId === undefined
      ? undefined
      : { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) };
  let tokens: StoredOAuthTokens | undefined;
  let discovery: OAuthDiscoveryState | undefined;
  let resource: string | undefined;
  let verifier = "";

  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      client_name: "Toolgrove",
      redirect_uris: [redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    ...(clientMetadataUrl !== undefined && { clientMetadataUrl }),
    state: () => state,
    // A configured id belongs to whichever server asks; a registered one carries the name of its own.
    clientInformation: (context) => client && { ...context, ...client },
    saveClientInformation: (saved) => void (client = saved),
    tokens: () => undefined,
    saveTokens: (saved) => void (tokens = saved),
    redirectToAuthorization: (url) => show(webAddress(url)),
    saveCodeVerifier: (saved) => void (verifier = saved),
    codeVerifier: () => verifier,
    saveDiscoveryState: (saved) => void (discovery = saved),
    discoveryState: () => discovery,
    saveResourceUrl: (saved) => void (resource = saved),
  };
  return { provider, result };

  function result() {
    if (!client || !tokens || !discovery) throw new Error("the server gave no tokens");
    const { authorizationServerUrl, authorizationServerMetadata: metadata } = discovery;
    return {
      url: target.url,
      issuer: tokens.issuer ?? authorizationServerUrl,
      authorizationServerUrl,
      client: { ...client },
      ...tokenFields(tokens),
      ...(metadata && { metadata: { ...metadata } }),
      ...(resource !== undefined && { resource }),
    };
  }
}

/** The address comes from a stranger and goes to a program that opens addresses: only web pages are meant. */
function webAddress(url: URL): URL {
  if (url.protocol === "https:" || url.protocol === "http:") return url;
  throw new Error(`its login page has the address ${url.protocol}…, which is no web page`);
}
