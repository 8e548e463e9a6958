// Finds the home and reads its two settings files. It starts nothing and knows no capability.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { z } from "zod";
import { messageOf } from "./errors.ts";
import { firstIssue, toServers, type ServerEntry } from "./server-entry.ts";

export type { ServerEntry };

/** How a home came to be used: named by its owner, met in an ancestor folder, or the default `~/.toolgrove`. */
export type HomeOrigin = "named" | "found" | "default";

/** Where a home is. Paths are absolute. */
export interface HomeLocation {
  readonly root: string;
  readonly origin: HomeOrigin;
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
/** What the workspace may hold; `toolgrove.json` may change it under the key `workspace`. */
const workspaceSchema = z.object({
  /** All files together, in mebibytes. */
  maxMb: z.int().min(1).max(1_048_576).default(4_096),
  /** One file, in mebibytes. */
  maxFileMb: z.int().min(1).max(1_048_576).default(1_024),
  maxFiles: z.int().min(1).max(10_000_000).default(100_000),
});
/** What is kept of executions, so that they can be taken up again; under the key `journal`. */
const journalSchema = z.object({
  /** Days after which a run's journal is removed. */
  days: z.int().min(1).max(365).default(7),
  /** Journals kept; the oldest go first. */
  runs: z.int().min(1).max(10_000).default(200),
  /** Mebibytes of one journal; beyond, results are not recorded. */
  megabytes: z.int().min(1).max(1_024).default(64),
});
const settingsSchema = z.object({
  limits: limitsSchema.prefault({}),
  workspace: workspaceSchema.prefault({}),
  journal: journalSchema.prefault({}),
  /**
   * Output types of tools whose server gives none are learned from results: written by `sync`, also after calls
   * (`auto`), or never (`off`).
   */
  learnTypes: z.enum(["sync", "auto", "off"]).default("sync"),
  /** Whether a session's token counts are kept for `measure --session`. */
  recordSessions: z.boolean().default(true),
});

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
  const named = hints.flag || hints.env;
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
