// Tells apart the errors a request can fail with: out of time, no way to the server, a refusal, an unusable answer.
import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError, SseError } from "@modelcontextprotocol/client";
import { messageOf, ToolgroveError } from "../errors.ts";

/** True for a request that ran into its time limit. */
export function isTimeout(error: unknown): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
}

const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set([
  SdkErrorCode.InvalidResult,
  SdkErrorCode.UnsupportedResultType,
  SdkErrorCode.InputRequiredRoundsExceeded,
  SdkErrorCode.CapabilityNotSupported,
  SdkErrorCode.MethodNotSupportedByProtocolVersion,
]);

/** True when no answer came because the way to the server broke; false when there was an answer and it was unusable. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof ProtocolError || isTimeout(error)) return false;
  const status = httpStatus(error);
  // 404 is how a server says that it no longer knows our session.
  if (status !== undefined) return status === 404;
  return !(error instanceof SdkError && ABOUT_THE_ANSWER.has(error.code));
}

/** The HTTP status the server refused a request with, if that is what happened. */
export function httpStatus(error: unknown): number | undefined {
  if (error instanceof SseError) return error.code;
  return error instanceof SdkHttpError ? error.status : undefined;
}

/** An error of ours that the SDK carried through, perhaps wrapped in its own. */
export function ownError(error: unknown): ToolgroveError | undefined {
  if (error instanceof ToolgroveError) return error;
  return error instanceof Error ? ownError(error.cause) : undefined;
}

/** What went wrong at the bottom of it: `fetch` hides "ECONNREFUSED" in the cause of "fetch failed". At most 300 characters. */
export function rootMessage(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  if (inner instanceof Error) return rootMessage(inner);
  return messageOf(error).slice(0, MESSAGE_CHARS) || "no reason given";
}

// A server's error page can be long.
const MESSAGE_CHARS = 300;
