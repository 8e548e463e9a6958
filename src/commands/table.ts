// All commands, and the help that is made from them. The first one runs when none is named.
import type { Command, CommandFlags } from "./command.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { readCommand, searchCommand } from "./discover.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";
import { syncCommand } from "./sync.ts";
import { trustCommand } from "./trust.ts";

/** Every command, in the order help shows them. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  syncCommand,
  searchCommand,
  readCommand,
  runCommand,
  doctorCommand,
  trustCommand,
  demoCommand,
];

const FLAG_HELP: Readonly<Record<keyof CommandFlags, string>> = {
  json: "--json             print JSON for programs",
  limit: "--limit N          most hits, 1 to 100 (default 10)",
  server: "--server NAME      only this server's tools",
  detail: "--detail LEVEL     name, summary (default) or full",
  timeout: "--timeout MS       limit of the run in milliseconds (default 60000)",
};

/** The help of one command, or of all. */
export function helpText(command?: Command): string {
  if (!command) {
    const rows = COMMANDS.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(20)}${summary}`);
    return [
      "Usage: toolgrove [COMMAND] [--home DIR]",
      "",
      ...rows,
      "",
      "  --home DIR          the home; else TOOLGROVE_HOME, the nearest folder with servers/mcp.json, ~/.toolgrove",
      "  --help, --version",
      "",
      "Results go to stdout, progress to stderr. Exit code 0: done; 1: it failed; 2: the command line is wrong.",
    ].join("\n");
  }
  const flags = command.flags.map((flag) => `  ${FLAG_HELP[flag]}`);
  return [`Usage: toolgrove ${command.name} ${command.usage}`.trimEnd(), "", command.summary, ...flags].join(
    "\n",
  );
}
