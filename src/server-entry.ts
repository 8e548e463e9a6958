// One entry of `servers/mcp.json`: what it may say, and what becomes of it. It reads no file and starts nothing.
import path from "node:path";
import { z } from "zod";
import { messageOf } from "./errors.ts";

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
    | {
        readonly kind: "http";
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
        /** The transport of 2024, HTTP with SSE. Unset: Streamable HTTP, and SSE when the server knows only that. */
        readonly sse?: true;
        /** Who we are to its authorization server; unset means that we register ourselves. */
        readonly oauth?: OAuthClient;
      };
  /** Which protocol is spoken: `auto` asks the server; unset means `legacy` for a program and `auto` for a URL. */
  readonly protocol?: "legacy" | "auto" | "modern";
  /** Longest wait for the server to be ready, in milliseconds; unset means the connection's default (60,000). */
  readonly startTimeoutMs?: number;
  /** Limit of one call in milliseconds; unset means the connection's default (60,000). */
  readonly timeoutMs?: number;
  /** How many calls may run at once, whatever they do; unset means reads in parallel and writes in order. */
  readonly concurrency?: number;
  /** Globs over the server's tool names: only these tools exist for us; all by default. */
  readonly include?: readonly string[];
  /** Globs over the server's tool names: these tools do not exist for us, whatever `include` says. */
  readonly exclude?: readonly string[];
  /** A tool whose definition is not the one in `servers/lock.json` is refused until its owner accepts it. */
  readonly pinned?: boolean;
}

const oauthSchema = z.object({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  clientMetadataUrl: z.url({ protocol: /^https$/ }).optional(),
});

/** A client that an authorization server knows already: by its id, or by a document at an address of its own. */
export type OAuthClient = z.infer<typeof oauthSchema>;

/** Every way clients write it. */
const TYPES = ["stdio", "http", "streamable-http", "streamableHttp", "sse"] as const;

const entrySchema = z
  .object({
    command: z.string().min(1).optional(),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    cwd: z.string().optional(),
    // Whether it is an address shows only when its variables have been expanded.
    url: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).default({}),
    type: z.enum(TYPES).optional(),
    protocol: z.enum(["legacy", "auto", "modern"]).optional(),
    oauth: oauthSchema.optional(),
    startTimeout: z.number().positive().optional(),
    timeout: z.number().positive().optional(),
    concurrency: z.int().positive().optional(),
    include: z.array(z.string().min(1)).optional(),
    exclude: z.array(z.string().min(1)).optional(),
    pinned: z.boolean().optional(),
    disabled: z.boolean().default(false),
  })
  .refine((entry) => (entry.command === undefined) !== (entry.url === undefined), {
    message: 'needs either "command" (a program) or "url" (an HTTP server)',
  });

const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** What entries are read with. */
export interface EntryContext {
  /** The home: relative folders start there. */
  readonly root: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Takes one sentence for each entry that cannot be used. */
  readonly problems: string[];
}

/** The servers that the entries describe; one that is broken or disabled is left out. */
export function toServers(entries: Readonly<Record<string, unknown>>, context: EntryContext): ServerEntry[] {
  return Object.entries(entries).flatMap(([name, raw]) => {
    try {
      return readEntry(name, raw, context);
    } catch (error) {
      context.problems.push(`servers/mcp.json: server "${name}": ${messageOf(error)}.`);
      return [];
    }
  });
}

function readEntry(name: string, raw: unknown, context: EntryContext): ServerEntry[] {
  if (!SERVER_NAME.test(name)) {
    throw new Error("its name must start with a letter or digit and hold only letters, digits, . _ and -");
  }
  const parsed = entrySchema.safeParse(raw);
  if (!parsed.success) throw new Error(firstIssue(parsed.error));
  const entry = parsed.data;
  if (entry.disabled) return [];
  const expand = (text: string): string => expandVariables(text, context.variables);
  const expandAll = (record: Readonly<Record<string, string | undefined>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, expand(value)]])),
    );
  const options = withoutUndefined({
    protocol: entry.protocol,
    startTimeoutMs: entry.startTimeout,
    timeoutMs: entry.timeout,
    concurrency: entry.concurrency,
    include: entry.include,
    exclude: entry.exclude,
    pinned: entry.pinned,
  });
  if (entry.url !== undefined) {
    return [
      {
        name,
        transport: {
          kind: "http",
          url: readUrl(expand(entry.url)),
          headers: expandAll(entry.headers),
          ...(entry.type === "sse" && { sse: true }),
          ...(entry.oauth && { oauth: expandAll(entry.oauth) }),
        },
        ...options,
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
  return [{ name, transport, ...options }];
}

function readUrl(text: string): string {
  if (URL.canParse(text)) return text;
  throw new Error('"url": Invalid URL');
}

function withoutUndefined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const defined = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [K in keyof T]?: Exclude<T[K], undefined> };
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

/** A schema's first complaint, with the key it is about. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return "is not valid";
  const key = issue.path.join(".");
  return key ? `"${key}": ${issue.message}` : issue.message;
}
