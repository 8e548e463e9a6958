// Tells our client how far an execution is, when it wants to know. It knows no call beyond its name.
import type { ServerContext } from "@modelcontextprotocol/server";
import type { ExecuteRequest } from "../gateway.ts";

const INTERVAL_MS = 1_000;
const MESSAGE_CHARS = 200;

/**
 * A listener that sends at most one notification a second, the first at once; undefined when the client gave no token.
 * Many calls have many measures, so `progress` counts the notifications and the message says how far the call is.
 */
export function progressTo({ mcpReq }: ServerContext): ExecuteRequest["onProgress"] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let sent = 0;
  let lastAt = -INTERVAL_MS;
  return ({ server, tool }, { progress, total, message }) => {
    const now = performance.now();
    if (now - lastAt < INTERVAL_MS) return;
    lastAt = now;
    sent += 1;
    const measure = total === undefined ? String(progress) : `${progress} of ${total}`;
    const text = `${server}.${tool}: ${[measure, message].filter(Boolean).join(", ")}`;
    const params = { progressToken, progress: sent, message: text.slice(0, MESSAGE_CHARS) };
    // A client that is gone hears nothing; the execution learns of it by its signal.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}
