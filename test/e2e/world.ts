// What the end-to-end tests share: throw-away homes, the built CLI, and clients that start it as their users do.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { afterAll } from "vitest";

export const repository = path.resolve(import.meta.dirname, "../..");
export const cli = path.join(repository, "dist/cli.js");
export const memoryServer = path.join(
  repository,
  "node_modules/@modelcontextprotocol/server-memory/dist/index.js",
);
export const MODERN = "2026-07-28";

/** One entry of mcp.json. */
export interface Entry {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The real memory server; its file stands in the home. */
export const memoryEntry: Entry = {
  command: process.execPath,
  args: [memoryServer],
  env: { MEMORY_FILE_PATH: "${TOOLGROVE_HOME}/memory.jsonl" },
};

/** A fixture server, as an entry. */
export function fixture(name: string, ...args: readonly string[]): Entry {
  return {
    command: process.execPath,
    args: [path.join(repository, "test/fixtures/servers", `${name}.mjs`), ...args],
  };
}

/** What a home is made with. */
export interface HomeSetup {
  /** Entries of mcp.json, its text as it stands, or none at all. */
  readonly servers?: Readonly<Record<string, Entry>> | string;
  /** Wrappers that are there already; `memory` copies the committed ones. */
  readonly wrappers?: "memory";
  /** Recording costs each server process a third of a second when it ends; only tests that read a record need one. */
  readonly recordSessions?: boolean;
}

/** A folder that holds a home and goes away with the test file. */
export interface TestHome {
  readonly root: string;
  readonly path: (...parts: readonly string[]) => string;
  readonly read: (...parts: readonly string[]) => string;
  /** The entities in the memory server's file. */
  readonly records: () => Entity[];
}

/** An entity as the memory server keeps it. */
export interface Entity {
  readonly name: string;
  readonly entityType: string;
  readonly observations: readonly string[];
}

/** Gives a maker of homes; call it at the top of a test file. */
export function useHomes(): (setup?: HomeSetup) => TestHome {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return (setup = {}) => {
    const root = mkdtempSync(path.join(os.tmpdir(), "e2e-"));
    folders.push(root);
    return fillHome(root, setup);
  };
}

function fillHome(root: string, { servers, wrappers, recordSessions = false }: HomeSetup): TestHome {
  const at = (...parts: readonly string[]): string => path.join(root, ...parts);
  mkdirSync(at("servers"));
  if (wrappers) cpSync(path.join(repository, "servers"), at("servers"), { recursive: true });
  rmSync(at("servers/mcp.json"), { force: true });
  if (servers !== undefined) {
    const text = typeof servers === "string" ? servers : JSON.stringify({ mcpServers: servers });
    writeFileSync(at("servers/mcp.json"), text);
  }
  writeFileSync(at("toolgrove.json"), JSON.stringify({ recordSessions }));
  const read = (...parts: readonly string[]): string => readFileSync(at(...parts), "utf8");
  return { root, path: at, read, records: () => parseRecords(read("memory.jsonl")) };
}

function parseRecords(lines: string): Entity[] {
  const entries = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entity & { type: string });
  return entries.filter(({ type }) => type === "entity");
}

/** The environment of the test worker, whose user folder is a temporary one. */
export function childEnv(changes: Readonly<{ [name: string]: string }> = {}): { [name: string]: string } {
  const own = Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...Object.fromEntries(own), ...changes };
}

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of a command. */
export interface CommandSettings {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<{ [name: string]: string }>;
}

/** Runs the built CLI to its end. */
export function toolgrove(args: readonly string[], settings: CommandSettings = {}): Promise<CommandResult> {
  return run(process.execPath, [cli, ...args], settings);
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd = repository, input = "", env = {} }: CommandSettings = {},
): Promise<CommandResult> {
  const child = spawn(command, args, { cwd, env: childEnv(env), stdio: "pipe" });
  // A command that reads no input may be gone before it is written.
  child.stdin.on("error", () => undefined).end(input);
  const ended = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr, [code]] = await Promise.all([readAll(child.stdout), readAll(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** The answer of one of our tools. */
export interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

/** A connected client, from the user's side. */
export interface Peer {
  readonly client: Client;
  readonly pid: number;
  readonly call: (
    tool: string,
    args: { readonly [name: string]: unknown },
    signal?: AbortSignal,
  ) => Promise<Answer>;
  readonly search: (query: string) => Promise<string>;
  readonly execute: (code: string) => Promise<Answer>;
  /** What the server has written to stderr so far. */
  readonly stderr: () => string;
  readonly close: () => Promise<void>;
}

/** Starts `toolgrove serve` on a home and connects the v2 client; `legacy` speaks 2025, a version is pinned. */
export async function connect(
  home: TestHome,
  mode: "legacy" | { readonly pin: string } = "legacy",
): Promise<Peer> {
  const args = [cli, "serve", "--home", home.root];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env: childEnv(),
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const client = new Client({ name: "e2e", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  const call: Peer["call"] = async (name, toolArguments, signal) => {
    const result = await client.callTool({ name, arguments: toolArguments }, signal ? { signal } : {});
    return { text: textOf(result.content), isError: result.isError === true };
  };
  return {
    client,
    pid: transport.pid ?? 0,
    call,
    search: async (query) => (await call("search_tools", { query })).text,
    execute: (code) => call("execute_code", { code }),
    stderr: () => stderr,
    close: () => client.close(),
  };
}

/** The text blocks of a result. */
export function textOf(content: unknown): string {
  const blocks = content as readonly { readonly type: string; readonly text?: string }[];
  return blocks.map((block) => block.text ?? `[${block.type}]`).join("\n");
}

/** Asks until the answer is no longer undefined or false, for twenty seconds at most. */
export async function eventually<T>(
  question: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const answer = await question();
    if (isThere(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`not within twenty seconds: ${question.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isThere<T>(answer: T): answer is Exclude<T, false | null | undefined> {
  return answer !== undefined && answer !== null && answer !== false;
}
