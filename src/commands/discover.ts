// `search` and `read`: what the agent's two discovery tools answer, for people and programs.
import { readNumber, UsageError, type Command } from "./command.ts";

const DETAILS = ["name", "summary", "full"] as const;

export const searchCommand: Command = {
  name: "search",
  usage: "QUERY…",
  summary: "find tools and skills in your own words",
  flags: ["limit", "server", "detail", "json"],
  async run({ gateway, args, flags, out }) {
    if (args.length === 0) throw new UsageError("search needs a query: toolgrove search create an entity");
    const detail = DETAILS.find((level) => level === flags.detail);
    if (flags.detail !== undefined && detail === undefined) {
      throw new UsageError(`--detail takes ${DETAILS.join(", ")}, not "${flags.detail}".`);
    }
    const query = args.join(" ");
    const options = { limit: readNumber("limit", flags.limit, { min: 1, max: 100 }), server: flags.server };
    if (flags.json) out(JSON.stringify(await (await gateway()).searchJson(query, options)));
    else out(await (await gateway()).search(query, { ...options, detail }));
    return 0;
  },
};

export const readCommand: Command = {
  name: "read",
  usage: "[PATH]",
  summary: "show a tool's types, or what a folder holds",
  flags: [],
  async run({ gateway, args, out }) {
    const { text, found } = await (await gateway()).read(args[0] ?? "");
    out(text);
    return found ? 0 : 1;
  },
};
