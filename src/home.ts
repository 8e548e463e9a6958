// Finds the home and reads its two settings files. It starts nothing and knows no capability.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { z } from "zod";
import { messageOf } from "./errors.ts";

/** How a home came to be used: named by its owner, met in an ancestor folder, or the default `~/.toolgrove`. */
export type HomeOrigin = "named" | "found" | "default";

/** Where a home is. Paths are absolute. */
export interface HomeLocation {
  readonly root: string;
  readonly origin: HomeOrigin;
}

/** One upstream server from `servers/mcp.json`, environment variables already expanded. */
export interface ServerEntry {
  readonly name: string;
  readonly transport:
    | {
        readonly kind: "stdio";
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, string>>;
        readonly cwd: string;
      }
    | { readonly kind: "http"; readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** Limit of one call in milliseconds; unset means the connection's default (60,000). */
  readonly timeoutMs?: number;
  /** How many calls may run at once, whatever they do; unset means reads in parallel and writes in order. */
  readonly concurrency?: number;
}

/** Limits of executions; `toolgrove.json` may change them under the key `limits`. */
const limitsSchema = z.object({
  /** Default time of one execution, in milliseconds. */
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
  /** Memory one execution may add to an idle sandbox, in mebibytes. */
  memoryMb: z.int().min(64).max(8_192).default(256),
  /** Characters of one answer; what is longer goes to a workspace file. */
  answerChars: z.int().min(1_000).max(49_000).default(10_000),
  /** Upstream calls one execution may make. */
  maxCalls: z.int().min(1).max(1_000_000).default(10_000),
});
const settingsSchema = z.object({ limits: limitsSchema.prefault({}) });

/** Everything `toolgrove.json` may set, defaults filled in. */
export type Settings = z.infer<typeof settingsSchema>;

/** A home that has been read. A broken file leaves its part empty and says so in `problems`. */
export interface Home extends HomeLocation {
  readonly serversDir: string;
  readonly skillsDir: string;
  readonly workspaceDir: string;
  readonly servers: readonly ServerEntry[];
  readonly settings: Settings;
  /** SHA-256 of the server entries as written: what a grant of trust refers to. */
  readonly fingerprint: string;
  /** One sentence each: the file, the line or key, and what to do. */
  readonly problems: readonly string[];
}

const entrySchema = z
  .object({
    command: z.string().min(1).optional(),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    cwd: z.string().optional(),
    url: z.url().optional(),
    headers: z.record(z.string(), z.string()).default({}),
    timeout: z.number().positive().optional(),
    concurrency: z.int().positive().optional(),
    disabled: z.boolean().default(false),
  })
  .refine((entry) => (entry.command === undefined) !== (entry.url === undefined), {
    message: 'needs either "command" (a program) or "url" (an HTTP server)',
  });

const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** The places a home may come from, in order of precedence. */
export interface HomeHints {
  /** `--home`. */
  readonly flag?: string | undefined;
  /** `TOOLGROVE_HOME`. */
  readonly env?: string | undefined;
  readonly cwd: string;
  readonly userHome: string;
}

/** Resolves the home: `--home`, else `TOOLGROVE_HOME`, else the nearest ancestor with `servers/mcp.json`, else `~/.toolgrove`. */
export function findHome(hints: HomeHints): HomeLocation {
  const named = hints.flag ?? hints.env;
  if (named) return { root: path.resolve(hints.cwd, named), origin: "named" };
  const fallback = path.join(hints.userHome, ".toolgrove");
  for (let folder = path.resolve(hints.cwd); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "servers", "mcp.json"))) {
      return { root: folder, origin: folder === fallback ? "default" : "found" };
    }
    if (folder === path.dirname(folder)) return { root: fallback, origin: "default" };
  }
}

/**
 * Reads a home's settings. Never throws for what a user wrote: each fault becomes a line of `problems`, and the rest
 * of the home still works.
 *
 * @param environment variables that `${NAME}` and `${NAME:-default}` in server entries may name;
 *   `TOOLGROVE_HOME` always means this home.
 */
export async function readHome(
  location: HomeLocation,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Home> {
  const problems: string[] = [];
  const variables = { ...environment, TOOLGROVE_HOME: location.root };
  const serversDir = path.join(location.root, "servers");
  const entries = await readEntries(path.join(serversDir, "mcp.json"), problems);
  return {
    ...location,
    serversDir,
    skillsDir: path.join(location.root, "skills"),
    workspaceDir: path.join(location.root, "workspace"),
    servers: toServers(entries, { root: location.root, variables, problems }),
    fingerprint: createHash("sha256").update(JSON.stringify(entries)).digest("hex"),
    settings: await readSettings(path.join(location.root, "toolgrove.json"), problems),
    problems,
  };
}

interface ReadContext {
  readonly root: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly problems: string[];
}

/** The entries of mcp.json as written; none when it is absent or broken. */
async function readEntries(file: string, problems: string[]): Promise<Record<string, unknown>> {
  const json = await readJson(file, problems);
  if (json === undefined) {
    if (!existsSync(file)) {
      problems.push(`${file} does not exist: write { "mcpServers": { … } } there to name your MCP servers.`);
    }
    return {};
  }
  const parsed = z.object({ mcpServers: z.record(z.string(), z.unknown()) }).safeParse(json);
  if (parsed.success) return parsed.data.mcpServers;
  problems.push(`${file}: ${firstIssue(parsed.error)}. It must hold { "mcpServers": { NAME: { … } } }.`);
  return {};
}

function toServers(entries: Readonly<Record<string, unknown>>, context: ReadContext): ServerEntry[] {
  return Object.entries(entries).flatMap(([name, raw]) => {
    try {
      return readEntry(name, raw, context);
    } catch (error) {
      context.problems.push(`servers/mcp.json: server "${name}": ${messageOf(error)}.`);
      return [];
    }
  });
}

function readEntry(name: string, raw: unknown, context: ReadContext): ServerEntry[] {
  if (!SERVER_NAME.test(name)) {
    throw new Error("its name must start with a letter or digit and hold only letters, digits, . _ and -");
  }
  const parsed = entrySchema.safeParse(raw);
  if (!parsed.success) throw new Error(firstIssue(parsed.error));
  const entry = parsed.data;
  if (entry.disabled) return [];
  const expand = (text: string): string => expandVariables(text, context.variables);
  const expandAll = (record: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, expand(value)]));
  const limits = {
    ...(entry.timeout === undefined ? {} : { timeoutMs: entry.timeout }),
    ...(entry.concurrency === undefined ? {} : { concurrency: entry.concurrency }),
  };
  if (entry.url !== undefined) {
    return [
      {
        name,
        transport: { kind: "http", url: expand(entry.url), headers: expandAll(entry.headers) },
        ...limits,
      },
    ];
  }
  const transport = {
    kind: "stdio",
    command: expand(entry.command ?? ""),
    args: entry.args.map(expand),
    env: expandAll(entry.env),
    cwd: path.resolve(context.root, expand(entry.cwd ?? ".")),
  } as const;
  return [{ name, transport, ...limits }];
}

/** Replaces `${NAME}` and `${NAME:-default}`; a variable that is neither set nor given a default is an error. */
export function expandVariables(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  return text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (_whole, name: string, fallback?: string) => {
      // As in a shell, `:-` also replaces a variable that is set but empty.
      const value = fallback === undefined ? variables[name] : variables[name] || fallback;
      if (value === undefined)
        throw new Error(`the environment variable ${name} is not set: set it, or write \${${name}:-default}`);
      return value;
    },
  );
}

async function readSettings(file: string, problems: string[]): Promise<Settings> {
  const parsed = settingsSchema.safeParse((await readJson(file, problems)) ?? {});
  if (parsed.success) return parsed.data;
  problems.push(`${file}: ${firstIssue(parsed.error)}. The defaults are in force.`);
  return settingsSchema.parse({});
}

/** The parsed file, or undefined when it is absent or broken (then `problems` has its line). Comments are allowed. */
async function readJson(file: string, problems: string[]): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      problems.push(`${file} cannot be read: ${messageOf(error)}`);
    return undefined;
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return value;
  const before = text.slice(0, first.offset).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  problems.push(
    `${file}:${before.length}:${column}: not valid JSON (${printParseErrorCode(first.error)}). Mend it and start again.`,
  );
  return undefined;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return "is not valid";
  const key = issue.path.join(".");
  return key ? `"${key}": ${issue.message}` : issue.message;
}
