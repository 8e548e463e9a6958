// Holds pinned servers to what their owner accepted: a tool whose definition changed is not called. It knows hashes only.
import { ToolgroveError } from "../errors.ts";
import type { CallTool, ToolRef } from "../tool.ts";

/** What pins are held by. */
export interface PinOptions {
  /** Names of the servers whose entries say `"pinned": true`. */
  readonly pinned: ReadonlySet<string>;
  /** The hash of the definition that was accepted; undefined when none was. */
  readonly accepted: (ref: ToolRef) => Promise<string | undefined>;
  /** The hash of the definition the server gives now; undefined when it has no such tool. */
  readonly live: (ref: ToolRef) => Promise<string | undefined>;
}

/** Refuses calls to tools of pinned servers that are not, or no longer, what their owner accepted. */
export function holdPins(callTool: CallTool, { pinned, accepted, live }: PinOptions): CallTool {
  return async (ref, args, context) => {
    if (!pinned.has(ref.server)) return callTool(ref, args, context);
    const [then, now] = await Promise.all([accepted(ref), live(ref)]);
    // A tool the server does not have is refused by the server's own connection, which knows the nearest names.
    if (now !== undefined && now !== then) throw refusal(ref, then);
    return callTool(ref, args, context);
  };
}

function refusal({ server, tool }: ToolRef, then: string | undefined): ToolgroveError {
  const why =
    then === undefined
      ? "it is not in servers/lock.json"
      : "its definition is no longer the one in servers/lock.json";
  return new ToolgroveError(
    "untrusted",
    `${server}.${tool} was not called: server "${server}" is pinned and ${why}. ` +
      `Its owner can look at the change with \`toolgrove sync --check ${server}\` ` +
      `and accept it with \`toolgrove sync --accept ${server}/${tool}\`.`,
  );
}
