// Who wants to hear of changed resources, in both protocol eras, and the telling. Files are watched only meanwhile.
import type { McpServer } from "@modelcontextprotocol/server";
import type { Gateway } from "../gateway.ts";
import type { ResourceChanges } from "../workspace/resources.ts";

/** The subscriptions of one connection. */
export interface Watching {
  /** The client has asked for the list, and hears from now on when we change it ourselves. */
  listed(): void;
  /** Resolves once changes are noticed. */
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): void;
  /**
   * Takes each message of the client that the SDK got. Since 2026 the SDK keeps subscriptions to itself, and somebody has
   * to know whether there are any.
   */
  hear(message: unknown): void;
  /** Ends watching. */
  close(): void;
}

/** Watches nothing until somebody wants to know. */
export function createWatching(
  server: McpServer["server"],
  files: () => Promise<Gateway["resources"]>,
): Watching {
  const uris = new Set<string>();
  /** Ids of the subscriptions that are open (2026). */
  const listens = new Set<unknown>();
  let hasListed = false;
  let level: "off" | "own" | "all" = "off";
  let current = new AbortController();
  let begun: Promise<void> = Promise.resolve();

  function tell({ updated, isListChanged }: ResourceChanges): void {
    // Since 2026 the SDK knows which of these were asked for.
    const wanted = listens.size > 0 ? updated : updated.filter((uri) => uris.has(uri));
    // A client that is gone hears nothing.
    for (const uri of wanted) server.sendResourceUpdated({ uri }).catch(() => undefined);
    if (isListChanged) server.sendResourceListChanged().catch(() => undefined);
  }
  async function begin(isThorough: boolean, { signal }: AbortController): Promise<void> {
    const resources = await files();
    const stop = await resources.watch(tell, isThorough);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  }
  /** Watches as much as somebody wants to know. */
  function follow(): void {
    const asked = hasListed ? "own" : "off";
    const next = uris.size + listens.size > 0 ? "all" : asked;
    if (next === level) return;
    level = next;
    current.abort();
    current = new AbortController();
    // A gateway that cannot be had is told to whoever reads.
    if (next !== "off") begun = begin(next === "all", current).catch(() => undefined);
  }

  return {
    listed() {
      hasListed = true;
      follow();
    },
    async subscribe(uri) {
      uris.add(uri);
      follow();
      await begun;
    },
    unsubscribe(uri) {
      uris.delete(uri);
      follow();
    },
    hear(message) {
      const { method, id, params } = message as Heard;
      if (method === "subscriptions/listen") listens.add(id);
      else if (method !== "notifications/cancelled" || !listens.delete(params?.requestId)) return;
      follow();
    },
    close: () => current.abort(),
  };
}

/** What is looked at in a message, which the SDK checks. */
interface Heard {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: { readonly requestId?: unknown };
}
