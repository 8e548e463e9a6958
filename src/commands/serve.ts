// `serve`: the MCP server over stdio, until stdin ends.
import type { Command } from "./command.ts";

export const serveCommand: Command = {
  name: "serve",
  usage: "",
  summary: "the MCP server over stdio (the default)",
  flags: [],
  async run({ gateway, version, note, signal, home }) {
    for (const problem of home.problems) note(problem);
    // No other command needs the SDK's server.
    const { serveStdio } = await import("../serve/stdio.ts");
    const serving = serveStdio({
      gateway,
      version,
      log: note,
      // Answer first: a client waits for `initialize`, and nothing else has to be ready for that.
      onConnected: () => setImmediate(() => void gateway().then((opened) => opened.start())),
    });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await serving.close();
    return 0;
  },
};
