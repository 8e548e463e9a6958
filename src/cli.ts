#!/usr/bin/env node
// The bin door: the only file that touches the process. It reads the command line, runs one command, and ends everything.
import { readFileSync } from "node:fs";
import module from "node:module";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { text as readAll } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { UsageError, type Command, type CommandContext, type ExitCode } from "./commands/command.ts";
import { openPage } from "./commands/open-page.ts";
import { serveCommand } from "./commands/serve.ts";
import { messageOf } from "./errors.ts";
import type { Gateway } from "./gateway.ts";
import { findHome, readHome, type Home } from "./home.ts";
import { isTrusted, trustHome } from "./policy/trust.ts";

const OPTIONS = {
  home: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
  json: { type: "boolean" },
  limit: { type: "string" },
  server: { type: "string" },
  detail: { type: "string" },
  timeout: { type: "string" },
  check: { type: "boolean" },
  accept: { type: "string" },
  write: { type: "boolean" },
  yes: { type: "boolean" },
  all: { type: "boolean" },
  client: { type: "string" },
  header: { type: "string", multiple: true },
  env: { type: "string", multiple: true },
  to: { type: "string" },
  html: { type: "string" },
  tools: { type: "string" },
  counter: { type: "string" },
  session: { type: "string" },
  live: { type: "boolean" },
} as const;

const VERSION = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;

const out = (text: string): void => void process.stdout.write(`${text}\n`);
const note = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<ExitCode> {
  const { values, positionals } = parseCommandLine();
  const [name, ...args] = positionals;
  const command = await findCommand(name);
  if (values.version) return print(VERSION);
  if (values.help) return print(await help(name === undefined ? undefined : command));
  if (!command) throw new UsageError(`There is no command "${name}".`);
  const stray = Object.keys(values).find((flag) => flag !== "home" && !command.flags.includes(flag as never));
  if (stray !== undefined) throw new UsageError(`${command.name} has no option --${stray}.`);

  const stop = stopSignal(command);
  const location = findHome({
    flag: values.home,
    env: process.env["TOOLGROVE_HOME"] || (command.ownHomeOnly && path.join(os.homedir(), ".toolgrove")),
    cwd: process.cwd(),
    userHome: os.homedir(),
  });
  const home = await readHome(location, process.env);
  const trustFile = path.join(configFolder(), "trust.json");
  const trusted = await isTrusted(home, trustFile);
  let gateway: Promise<Gateway> | undefined;
  const context: CommandContext = {
    home,
    trusted,
    gateway: () => (gateway ??= openGateway(home, trusted, command.name === "serve")),
    args,
    flags: values,
    version: VERSION,
    trust: () => trustHome(home, trustFile),
    out,
    note,
    openPage: (url) => openPage(url, process.env["BROWSER"]),
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
    machine: readMachine(),
    readStdin: () => readAll(process.stdin),
    anthropic: readAnthropic(),
    signal: stop,
    self: [process.execPath, fileURLToPath(import.meta.url)],
  };
  try {
    return await command.run(context);
  } finally {
    await (await gateway)?.close();
  }
}

/** The command of that name; `serve` without one. It does not wait for what the others load: an MCP client waits for it. */
async function findCommand(name: string = serveCommand.name): Promise<Command | undefined> {
  if (name === serveCommand.name) return serveCommand;
  const { COMMANDS } = await import("./commands/table.ts");
  return COMMANDS.find((command) => command.name === name);
}

async function help(command: Command | undefined): Promise<string> {
  const { helpText } = await import("./commands/table.ts");
  return helpText(command);
}

/** Loaded when needed: an MCP client waits for `initialize`, and `--help` needs none of it. */
async function openGateway(home: Home, trusted: boolean, isServing: boolean): Promise<Gateway> {
  const { createGateway } = await import("./gateway.ts");
  const cacheDir = cacheFolder();
  const credentialsDir = path.join(configFolder(), "oauth");
  const stateDir = stateFolder();
  const options = { home, trusted, isServing, cacheDir, stateDir, credentialsDir };
  return createGateway({ ...options, version: VERSION, log: note });
}

function parseCommandLine(): ReturnType<
  typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>
> {
  try {
    return parseArgs({ args: withSession(process.argv.slice(2)), options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** `--session` alone means the last one. */
function withSession(args: readonly string[]): string[] {
  return args.map((arg, index) =>
    arg === "--session" && /^(?:-.*)?$/.test(args[index + 1] ?? "") ? "--session=last" : arg,
  );
}

function readAnthropic(): CommandContext["anthropic"] {
  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_MODEL: model } = process.env;
  return { apiKey: apiKey || undefined, baseUrl: baseUrl || undefined, model: model || undefined };
}

function readMachine(): CommandContext["machine"] {
  return {
    platform: process.platform,
    userHome: os.homedir(),
    projectDir: process.cwd(),
    appData: process.env["APPDATA"],
    xdgConfig: process.env["XDG_CONFIG_HOME"],
    claudeConfigDir: process.env["CLAUDE_CONFIG_DIR"],
    codexHome: process.env["CODEX_HOME"],
  };
}

/** Asks on the terminal; anything but yes is no. */
async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interrupt = new AbortController();
  terminal.once("SIGINT", () => interrupt.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, interrupt);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function print(text: string): ExitCode {
  out(text);
  return 0;
}

/** Aborts when the process is asked to end; for `serve` also when nobody can talk to it any more. */
function stopSignal(command: Command): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  if (command.name === "serve") {
    process.stdin.once("end", stop).once("close", stop);
    process.stdout.once("error", stop);
    if (process.stdin.readableEnded || process.stdin.destroyed) stop();
  }
  return controller.signal;
}

function configFolder(): string {
  const { APPDATA: appData, XDG_CONFIG_HOME: xdg } = process.env;
  const base = process.platform === "win32" ? appData : xdg;
  return path.join(base || path.join(os.homedir(), ".config"), "toolgrove");
}

function cacheFolder(): string {
  const { LOCALAPPDATA: localAppData, XDG_CACHE_HOME: xdg } = process.env;
  const base = process.platform === "win32" ? localAppData : xdg;
  return path.join(base || path.join(os.homedir(), ".cache"), "toolgrove");
}

function stateFolder(): string {
  const { LOCALAPPDATA: localAppData, XDG_STATE_HOME: xdg } = process.env;
  const base = process.platform === "win32" ? localAppData : xdg;
  return path.join(base || path.join(os.homedir(), ".local", "state"), "toolgrove");
}

// Node 22 and later can keep compiled code between starts: threads hear of it through the environment, the main one has
// started. The types are those of our floor, Node 20.
process.env["NODE_COMPILE_CACHE"] ||= path.join(cacheFolder(), "compiled");
(module as { enableCompileCache?: (folder: string) => void }).enableCompileCache?.(
  process.env["NODE_COMPILE_CACHE"],
);

try {
  process.exitCode = await main();
} catch (error) {
  note(error instanceof UsageError ? `${error.message}\nSee toolgrove --help.` : messageOf(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
// Whatever a server or a sandbox may still hold open, the command is over; output is flushed first.
process.stdout.write("", () => process.exit());
