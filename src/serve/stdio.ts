// Serves the gateway over this process's stdin and stdout, until stdin ends.
import { serveStdio as serveSdk, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { Gateway } from "../gateway.ts";
import { hearCrossings } from "./crossing.ts";
import { createServer } from "./server.ts";

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
  const factory = (): ReturnType<typeof createServer> => {
    onConnected();
    return createServer(gateway, version);
  };
  const transport = hearCrossings(new StdioServerTransport(), (crossing) => {
    // A gateway that cannot be opened is told of where it is needed.
    gateway().then(
      (opened) => opened.crossed(crossing),
      () => undefined,
    );
  });
  return serveSdk(factory, { transport, onerror: (error) => log(`Protocol error: ${error.message}`) });
}
