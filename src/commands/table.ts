// All commands, and the help that is made from them.
import { addCommand } from "./add.ts";
import type { Command, CommandFlags } from "./command.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { readCommand, searchCommand } from "./discover.ts";
import { initCommand } from "./init.ts";
import { listCommand } from "./list.ts";
import { loginCommand } from "./login.ts";
import { measureCommand } from "./measure.ts";
import { removeCommand } from "./remove.ts";
import { runCommand } from "./run.ts";
import { runsCommand } from "./runs.ts";
import { serveCommand } from "./serve.ts";
import { skillsCommand } from "./skills.ts";
import { syncCommand } from "./sync.ts";
import { trustCommand } from "./trust.ts";

/** Every command, in the order help shows them. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  initCommand,
  addCommand,
  removeCommand,
  listCommand,
  syncCommand,
  searchCommand,
  readCommand,
  runCommand,
  runsCommand,
  skillsCommand,
  measureCommand,
  doctorCommand,
  trustCommand,
  loginCommand,
  demoCommand,
];

const FLAG_HELP: Readonly<Record<keyof CommandFlags, string>> = {
  json: "--json             print JSON for programs",
  limit: "--limit N          most hits, 1 to 100 (default 10)",
  server: "--server NAME      only this server's tools",
  detail: "--detail LEVEL     name, summary (default) or full",
  write: "--write            do it; without it, init only shows what it would do",
  yes: "--yes              also bring in servers that came with the repository",
  client:
    "--client NAME      only this client: claude-code, claude-desktop, cursor, vscode, windsurf, codex, gemini, opencode",
  header: "--header 'K: V'    a header for the address; may be repeated",
  env: "--env K=V          a variable for the program; may be repeated",
  timeout: "--timeout MS       limit of the run in milliseconds (default 60000)",
  check: "--check            write nothing; exit code 1 when the servers no longer say what was accepted",
  all: "--all              every run that is not running",
  to: "--to FOLDER        link to this folder of skills instead of Claude Code's own",
  html: "--html FILE        also write a page with charts that can be sent to somebody",
  tools: "--tools FOLDER     measure tools/list results, NAME.json each, instead of the home's servers",
  counter:
    "--counter NAME     o200k (default, offline) or anthropic (asks its count_tokens; needs ANTHROPIC_API_KEY)",
  session: "--session [ID]     what a session of an agent spent: its id, or the last one",
  live: "--live             ask the servers now instead of using what the last sync saw",
  accept: "--accept NAME      accept what a pinned SERVER, or SERVER/TOOL, says now",
};

/** The help of one command, or of all. */
export function helpText(command?: Command): string {
  if (!command) {
    const rows = COMMANDS.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(23)}${summary}`);
    return [
      "Usage: toolgrove [COMMAND] [--home DIR]",
      "",
      ...rows,
      "",
      "  --home DIR             the home; else TOOLGROVE_HOME, the nearest folder with servers/mcp.json, ~/.toolgrove",
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
