// Says why a running server did not answer: which call, what happened, what to do next.
import { ProtocolError } from "@modelcontextprotocol/client";
import { ToolgroveError, type ErrorCode } from "../errors.ts";
import type { ToolRef } from "../tool.ts";
import { httpStatus, isConnectionLoss, isTimeout, ownError, rootMessage } from "./sdk-errors.ts";

/** The facts around a call that failed. */
interface CallTrouble {
  readonly error: unknown;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Why the call failed. Nothing is ever repeated: after a lost connection only the caller can know whether it is safe. */
export function callFailure(ref: ToolRef, { error, signal, timeoutMs }: CallTrouble): ToolgroveError {
  const own = ownError(error);
  if (own) return own;
  const call = `${ref.server}.${ref.tool}`;
  if (signal.aborted) {
    return new ToolgroveError("cancelled", `${call} was cancelled. Effects may have happened.`, {
      cause: error,
    });
  }
  if (isTimeout(error)) {
    const message = `${call} did not answer within ${timeoutMs} ms; effects may have happened. Check before calling again, or raise "timeout" for server "${ref.server}" in servers/mcp.json.`;
    return new ToolgroveError("upstream_timeout", message, { cause: error });
  }
  if (error instanceof ProtocolError) {
    const message = `${call} was refused by the server: ${error.message} (code ${error.code}). Check the arguments against the tool's types.`;
    return new ToolgroveError("upstream_protocol", message, { cause: error, isAnswer: true });
  }
  const status = httpStatus(error);
  if (status !== undefined && status !== 404) {
    const message = `${call} was answered with HTTP ${status} (${rootMessage(error)}); effects may have happened. Check "url" and "headers" of server "${ref.server}" in servers/mcp.json.`;
    return new ToolgroveError("upstream_protocol", message, { cause: error });
  }
  if (isConnectionLoss(error)) {
    const message = `${call}: connection lost; effects may have happened (${rootMessage(error)}). Check before calling again: the next call starts the server "${ref.server}" anew.`;
    return new ToolgroveError("upstream_lost", message, { cause: error });
  }
  const message = `${call} got an answer that is not MCP (${rootMessage(error)}); effects may have happened. Report it to the makers of server "${ref.server}".`;
  return new ToolgroveError("upstream_protocol", message, { cause: error });
}

/** Why a server that runs did not list its tools. */
export function listFailure(server: string, error: unknown): ToolgroveError {
  const own = ownError(error);
  if (own) return own;
  let code: ErrorCode = isConnectionLoss(error) ? "upstream_lost" : "upstream_protocol";
  if (isTimeout(error)) code = "upstream_timeout";
  const message = `The tools of server "${server}" could not be listed: ${rootMessage(error)}. Nothing was changed: try again.`;
  return new ToolgroveError(code, message, { cause: error });
}
