// `trust`: lets a home that was found start its servers.
import type { Command } from "./command.ts";

export const trustCommand: Command = {
  name: "trust",
  usage: "",
  summary: "let a home that was found start its servers",
  flags: [],
  async run({ home, trust, out }) {
    out(`${home.root} may now start:`);
    for (const { name, transport } of home.servers) {
      out(
        `  ${name}: ${transport.kind === "stdio" ? [transport.command, ...transport.args].join(" ") : transport.url}`,
      );
    }
    out("This holds until servers/mcp.json changes.");
    await trust();
    return 0;
  },
};
