// `init`: brings the servers of other clients into the home and puts Toolgrove in their place. It shows before it writes.
import { openHomeServers } from "../clients/home-servers.ts";
import { CLIENT_IDS, openImport, type Import } from "../clients/importer.ts";
import type { ImportPlan, PlannedFile } from "../clients/plan.ts";
import { UsageError, type Command, type CommandContext } from "./command.ts";
import { printPlan, toJson } from "./init-report.ts";
import { visible } from "./visible.ts";

export const initCommand: Command = {
  name: "init",
  usage: "",
  summary: "bring in the servers of your other MCP clients",
  flags: ["write", "yes", "client", "json"],
  ownHomeOnly: true,
  async run(context) {
    const { home, flags, machine, self, out, note } = context;
    if (flags.client !== undefined && !CLIENT_IDS.includes(flags.client))
      throw new UsageError(`--client takes ${CLIENT_IDS.join(", ")}, not "${flags.client}".`);
    const servers = await openHomeServers(home.root);
    const found = await openImport({ machine, home: servers, self, client: flags.client });
    const plan = found.plan(flags.yes ? "all" : await agreedFiles(found, context));
    out(flags.json ? JSON.stringify(toJson(plan, servers)) : printPlan(plan, servers));
    if (flags.write) {
      const replaced = await found.apply(plan);
      note(`Wrote ${servers.file}.`);
      for (const { path, backup } of replaced) note(`Changed ${path}; as it was: ${backup}`);
      note("Next: `toolgrove sync` writes the wrappers; then restart your clients.");
    } else note(advice(plan));
    return plan.files.some(({ problem }) => problem !== undefined) ? 1 : 0;
  },
};

/** Asks about each file that came with the repository; nobody is asked where nobody can answer. */
async function agreedFiles(found: Import, { flags, ask }: CommandContext): Promise<ReadonlySet<string>> {
  const agreed = new Set<string>();
  if (!flags.write || !ask) return agreed;
  for (const file of found.plan(agreed).files.filter(asks)) {
    const servers = file.servers.map(({ name, about }) => visible(`  ${name}: ${about}`)).join("\n");
    if (await ask(`${file.path} came with the repository:\n${servers}\nBring these in?`))
      agreed.add(file.path);
  }
  return agreed;
}

function asks({ servers }: PlannedFile): boolean {
  return servers.some(({ action }) => action === "ask");
}

function advice({ files }: ImportPlan): string {
  const yes = files.some(asks) ? " Servers that came with the repository need your word: --yes." : "";
  return `Nothing was written: \`toolgrove init --write\` does this.${yes}`;
}
