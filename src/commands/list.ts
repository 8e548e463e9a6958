// `list`: the servers of the home, and what there is of each on disk. It starts nothing.
import { openHomeServers } from "../clients/home-servers.ts";
import type { Command, CommandContext } from "./command.ts";

/** One server, as `--json` prints it. */
interface ListedServer {
  readonly server: string;
  /** `ready`: it has wrappers. `unsynced`: it has none yet. `disabled`: by its entry. `broken`: its entry cannot be used. */
  readonly state: "ready" | "unsynced" | "disabled" | "broken";
  readonly tools: number | null;
  /** Tokens of all its wrappers: what it would cost to read every one. */
  readonly tokens: number | null;
}

export const listCommand: Command = {
  name: "list",
  usage: "",
  summary: "the home's servers: state, tools, tokens",
  flags: ["json"],
  async run(context) {
    const servers = await listServers(context);
    context.out(context.flags.json ? JSON.stringify(servers) : printServers(servers));
    for (const problem of context.home.problems) context.note(problem);
    return context.home.problems.length > 0 ? 1 : 0;
  },
};

async function listServers({ home, gateway }: CommandContext): Promise<ListedServer[]> {
  const { entries } = await openHomeServers(home.root);
  const usable = new Set(home.servers.map(({ name }) => name));
  const wrappers = new Map(
    (await (await gateway()).measureWrappers([...entries.keys()])).map((one) => [one.server, one]),
  );
  return [...entries].map(([server, entry]) => {
    const { tools = null, tokens = null } = wrappers.get(server) ?? {};
    return { server, state: stateOf(entry, usable.has(server), tools), tools, tokens };
  });
}

function stateOf(entry: object, isUsable: boolean, tools: number | null): ListedServer["state"] {
  if ("disabled" in entry && entry.disabled === true) return "disabled";
  if (!isUsable) return "broken";
  return tools === null ? "unsynced" : "ready";
}

function printServers(servers: readonly ListedServer[]): string {
  if (servers.length === 0) return "The home has no servers: `toolgrove init` or `toolgrove add`.";
  const rows = servers.map(({ server, state, tools, tokens }) => [
    server,
    state,
    String(tools ?? "-"),
    String(tokens ?? "-"),
  ]);
  const table = [["server", "state", "tools", "tokens"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  return table.map(line).join("\n");
}
