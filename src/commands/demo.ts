// `demo`: the whole idea on the real memory server, in a throw-away home.
import type { Command } from "./command.ts";

export const demoCommand: Command = {
  name: "demo",
  usage: "",
  summary: "see the whole loop work on a real server",
  flags: [],
  async run({ self, version, out }) {
    const { playDemo } = await import("../demo.ts");
    await playDemo({ self, version, print: out });
    return 0;
  },
};
