// Serves the gateway over this process's stdin and stdout, until stdin ends.
import type { McpServer, Transport } from "@modelcontextprotocol/server";
import { serveStdio as serveSdk, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { Gateway } from "../gateway.ts";
import { hearCrossings } from "./crossing.ts";
import { createServer } from "./server.ts";
import type { Watching } from "./watching.ts";

/** What is served. */
export interface StdioOptions {
  /** Gives the gateway; it need not be ready before a tool is called. */
  readonly gateway: () => Promise<Gateway>;
  readonly version: string;
  /** Receives protocol errors that have no other place to go. */
  readonly log: (line: string) => void;
  /** Called when a client has sent its first message. */
  readonly onConnected: () => void;
}

/** A connection that is being served. */
export interface StdioServing {
  close(): Promise<void>;
}

/** Starts to serve; it answers at once. */
export function serveStdio({ gateway, version, log, onConnected }: StdioOptions): StdioServing {
  const watchings = new Set<Watching>();
  const factory = (): McpServer => {
    onConnected();
    const { server, watching } = createServer(gateway, version);
    watchings.add(watching);
    return server;
  };
  const crossings = hearCrossings((crossing) => {
    // A gateway that cannot be opened is told of where it is needed.
    gateway().then(
      (opened) => opened.crossed(crossing),
      () => undefined,
    );
  });
  const transport: Transport = new StdioServerTransport();
  const serving = serveSdk(factory, {
    transport,
    onerror: (error) => log(`Protocol error: ${error.message}`),
  });
  const deliver = transport.onmessage;
  transport.onmessage = (message, extra): void => {
    crossings.received(message);
    deliver?.(message, extra);
    for (const watching of watchings) watching.hear(message);
  };
  const send = transport.send.bind(transport);
  transport.send = async (message, options): Promise<void> => {
    await send(message, options);
    crossings.sent(message);
  };
  return {
    async close() {
      for (const watching of watchings) watching.close();
      await serving.close();
    },
  };
}
