// Says why a server could not be started: which one, what happened, what to do next.
import { existsSync } from "node:fs";
import { ToolgroveError, messageOf } from "../errors.ts";
import type { ServerEntry } from "../home.ts";
import { httpStatus, rootMessage } from "./sdk-errors.ts";
import type { Evidence } from "./stdio-transport.ts";

/** The facts around a start that failed. */
interface StartTrouble {
  readonly error: unknown;
  /** What the process left behind; undefined for HTTP servers. */
  readonly evidence: Evidence | undefined;
  /** The start limit in milliseconds when it was what ended the start. */
  readonly expiredMs: number | undefined;
}

/** Why the server could not be started. The command's arguments stay out of it: they may hold secrets. */
export function startFailure(entry: ServerEntry, trouble: StartTrouble): ToolgroveError {
  const [cause, advice] =
    entry.transport.kind === "stdio"
      ? processCause(entry.transport, trouble)
      : httpCause(withoutSecrets(entry.transport.url), trouble);
  const tail = trouble.evidence?.stderr.trim();
  const heard = tail ? `\nIts stderr ends with:\n${tail}` : "";
  const message = `Server "${entry.name}" could not be started: ${cause}. ${advice} Its entry is in servers/mcp.json.${heard}`;
  return new ToolgroveError("upstream_start", message, { cause: trouble.error });
}

type Cause = readonly [cause: string, advice: string];
type Program = Extract<ServerEntry["transport"], { kind: "stdio" }>;

function processCause({ command, cwd }: Program, { error, evidence, expiredMs }: StartTrouble): Cause {
  if (isSpawnError(error)) return spawnCause(command, cwd, error.code);
  let what = `broke the protocol (${messageOf(error)})`;
  if (expiredMs !== undefined) what = `did not answer within ${expiredMs} ms`;
  else if (evidence?.exit !== undefined) what = `ended at once (${evidence.exit})`;
  if (evidence?.stray === undefined) {
    return [`"${command}" ${what}`, "Run the command by hand to see what it needs."];
  }
  return [
    `"${command}" ${what} and prints text that is not MCP on stdout: "${evidence.stray}"`,
    "An MCP server may log to stderr only: run the command by hand, and silence what it prints.",
  ];
}

function spawnCause(command: string, cwd: string, code: string): Cause {
  if (!existsSync(cwd)) return [`its folder ${cwd} does not exist`, 'Correct "cwd".'];
  if (code !== "ENOENT")
    return [`the command "${command}" cannot be run (${code})`, "Check its permissions."];
  return [
    `the command "${command}" was not found`,
    'Install it, or correct "command" (an absolute path always works).',
  ];
}

function httpCause(url: string, { error, expiredMs }: StartTrouble): Cause {
  if (expiredMs !== undefined)
    return [`${url} did not answer within ${expiredMs} ms`, "Check that it is up."];
  const status = httpStatus(error);
  if (status === 401 || status === 403)
    return [`${url} refused us (HTTP ${status})`, 'Set "headers" with valid credentials.'];
  if (status !== undefined) return [`${url} answered HTTP ${status}`, 'Correct "url".'];
  return [`${url} cannot be reached (${rootMessage(error)})`, 'Check that it is up and that "url" is right.'];
}

/** An error of `spawn` itself, as opposed to one of the process it started. */
function isSpawnError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn");
}

function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
