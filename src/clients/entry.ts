// One server as `servers/mcp.json` holds it, read from an object whose keys have been translated already.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

const strings = z.record(z.string(), z.string());
const limits = {
  timeout: z.number().positive().optional(),
  startTimeout: z.number().positive().optional(),
  include: z.array(z.string()).optional(),
  exclude: z.array(z.string()).optional(),
  disabled: z.literal(true).optional(),
};
const programSchema = z.object({
  command: z.string().min(1),
  args: z.array(z.string()).optional(),
  env: strings.optional(),
  cwd: z.string().optional(),
  ...limits,
});
const remoteSchema = z.object({
  type: z.literal("sse").optional(),
  url: z.string().min(1),
  headers: strings.optional(),
  ...limits,
});

/** A program that is started and spoken to over its standard input and output. */
export type ProgramEntry = z.infer<typeof programSchema>;
/** A server that is reached by HTTP. */
export type RemoteEntry = z.infer<typeof remoteSchema>;
/** An entry of `servers/mcp.json`. Times are milliseconds; `include` and `exclude` are globs over tool names. */
export type HomeEntry = ProgramEntry | RemoteEntry;

/** An entry, and the keys that have no meaning in `servers/mcp.json`. */
export interface ReadEntry {
  readonly entry: HomeEntry;
  readonly dropped: readonly string[];
}

/** Keys without which a server would be another one, or would not start: its entry stays where it is. */
const INDISPENSABLE = ["envFile", "headersHelper", "oauth", "auth", "authProviderType"];

/** Reads one entry. Throws with the reason when it cannot be one of ours. */
export function readEntry(translated: Readonly<Record<string, unknown>>): ReadEntry {
  const given = withoutUnset(translated);
  const needed = INDISPENSABLE.find((key) => key in given);
  if (needed !== undefined) throw new Error(`Toolgrove cannot take over its "${needed}"`);
  const { type } = given;
  if (type === "ws") throw new Error("Toolgrove does not speak WebSocket");
  if (type !== "sse") delete given["type"];
  const schema = "command" in given ? programSchema : remoteSchema;
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new Error(reasonOf(parsed.error));
  const dropped = Object.keys(given).filter((key) => !(key in parsed.data) && key !== "type");
  return { entry: parsed.data, dropped };
}

/** Whether two entries say the same; empty lists and records say nothing. */
export function isSameEntry(a: object, b: object): boolean {
  return isDeepStrictEqual(withoutUnset(a), withoutUnset(b));
}

function withoutUnset(entry: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => isSet(value)));
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  const key = issue?.path.join(".") ?? "";
  if (key === "url") return 'it names neither a program ("command") nor an address ("url")';
  return `"${key}": ${issue?.message ?? "is not valid"}`;
}
