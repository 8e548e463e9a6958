// `fetch` with the token of a login: adds it, renews it when it has ended, and says so when only a login can help.
// It knows no MCP, and never talks to the user.
import {
  OAuthError,
  OAuthErrorCode,
  refreshAuthorization,
  type AuthorizationServerMetadata,
  type FetchLike,
  type OAuthTokens,
} from "@modelcontextprotocol/client";
import { ToolgroveError, messageOf } from "../../errors.ts";
import type { CredentialFile, Credentials } from "./credential-file.ts";

const RENEWAL_MS = 20_000;
/** A token this close to its end might end on the way. */
const SKEW_MS = 10_000;

/**
 * Makes the `fetch` of one server. However many requests find the token at its end, it is renewed once: they share one
 * renewal, and other processes of ours wait for it and use what it gave.
 *
 * The `fetch` rejects with `upstream_start` when the server wants a login there is not, and with `upstream_protocol`
 * when a token could not be renewed for a reason that may pass.
 */
export function createAuthorizedFetch(server: string, file: CredentialFile): FetchLike {
  let renewal: Promise<Credentials> | undefined;

  function renew(stale: Credentials): Promise<Credentials> {
    renewal ??= file
      .locked(() => renewOnce(server, file, stale))
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  }

  return async (url, init) => {
    let credentials = await file.read();
    if (credentials && hasEnded(credentials)) credentials = await renew(credentials);
    const first = await fetch(url, withToken(init, credentials));
    if (isTooLittle(first)) throw rightsMissing(server);
    if (first.status !== 401) return first;
    await first.body?.cancel();
    if (!credentials) throw loginNeeded(server);
    // The server refused the request before it did anything, so sending it again repeats nothing.
    const second = await fetch(url, withToken(init, await renew(credentials)));
    if (second.status !== 401) return second;
    await second.body?.cancel();
    throw loginNeeded(server);
  };
}

/** How a server says that a login is good, but not for this. */
function isTooLittle({ status, headers }: Response): boolean {
  return status === 403 && /error="?insufficient_scope/.test(headers.get("www-authenticate") ?? "");
}

function withToken(
  init: Parameters<FetchLike>[1],
  credentials: Credentials | undefined,
): Parameters<FetchLike>[1] {
  if (!credentials) return init;
  const headers = new Headers(init?.headers);
  headers.set("authorization", `Bearer ${credentials.accessToken}`);
  return { ...init, headers };
}

function hasEnded({ expiresAt, refreshToken }: Credentials): boolean {
  return refreshToken !== undefined && expiresAt !== undefined && expiresAt - SKEW_MS < Date.now();
}

async function renewOnce(server: string, file: CredentialFile, stale: Credentials): Promise<Credentials> {
  const current = await file.read();
  if (!current) throw loginNeeded(server);
  // Another request or process was first.
  if (current.accessToken !== stale.accessToken) return current;
  if (current.refreshToken === undefined) throw loginNeeded(server);
  try {
    const tokens = await refreshAuthorization(current.authorizationServerUrl, {
      clientInformation: current.client,
      refreshToken: current.refreshToken,
      fetchFn: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(RENEWAL_MS) }),
      // It came from the SDK's own reading of the server's metadata.
      ...(current.metadata && { metadata: current.metadata as AuthorizationServerMetadata }),
      ...(current.resource !== undefined && { resource: current.resource }),
    });
    const renewed = { ...current, ...tokenFields(tokens) };
    await file.save(renewed);
    return renewed;
  } catch (error) {
    if (!isRefusal(error)) throw renewalFailed(server, error);
    await file.remove();
    throw loginNeeded(server);
  }
}

/** The parts of a token answer that are kept. */
export function tokenFields(
  tokens: OAuthTokens,
): Pick<Credentials, "accessToken" | "refreshToken" | "expiresAt"> {
  return {
    accessToken: tokens.access_token,
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
    expiresAt: tokens.expires_in === undefined ? undefined : Date.now() + tokens.expires_in * 1_000,
  };
}

const REFUSALS: ReadonlySet<string> = new Set([
  OAuthErrorCode.InvalidGrant,
  OAuthErrorCode.InvalidClient,
  OAuthErrorCode.UnauthorizedClient,
]);

/** True when the authorization server has ended this login; anything else may pass. */
function isRefusal(error: unknown): boolean {
  return error instanceof OAuthError && REFUSALS.has(error.code);
}

function loginNeeded(server: string): ToolgroveError {
  return new ToolgroveError(
    "upstream_start",
    `Server "${server}" needs you to log in: toolgrove login ${server}. (A server that takes a key instead wants it in "headers" in servers/mcp.json.)`,
  );
}

function rightsMissing(server: string): ToolgroveError {
  return new ToolgroveError(
    "upstream_protocol",
    `Your login at server "${server}" does not allow this. Nothing was done: log in anew with toolgrove login ${server}, as somebody who may.`,
  );
}

function renewalFailed(server: string, cause: unknown): ToolgroveError {
  const reason = messageOf(cause).slice(0, 300);
  return new ToolgroveError(
    "upstream_protocol",
    `The login at server "${server}" could not be renewed (${reason}). Nothing was called: try again, or log in anew with toolgrove login ${server}.`,
    { cause },
  );
}
