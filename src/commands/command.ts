// What a command of the CLI is, and what it is given. Commands write through `out` and `note`; only cli.ts touches the process.
import type { Machine } from "../clients/locations.ts";
import type { Gateway } from "../gateway.ts";
import type { Home } from "../home.ts";

/** The flags any command may read; cli.ts fills them from the command line. */
export interface CommandFlags {
  readonly json?: boolean | undefined;
  readonly limit?: string | undefined;
  readonly server?: string | undefined;
  readonly detail?: string | undefined;
  readonly timeout?: string | undefined;
  readonly check?: boolean | undefined;
  readonly accept?: string | undefined;
  readonly write?: boolean | undefined;
  readonly all?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly client?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly env?: readonly string[] | undefined;
  readonly to?: string | undefined;
  readonly html?: string | undefined;
  readonly tools?: string | undefined;
  readonly counter?: string | undefined;
  readonly session?: string | undefined;
  readonly live?: boolean | undefined;
}

/** Everything a command works with. */
export interface CommandContext {
  readonly home: Home;
  readonly trusted: boolean;
  /** The gateway of the home, loaded and made on the first use; cli.ts closes it. */
  readonly gateway: () => Promise<Gateway>;
  readonly args: readonly string[];
  readonly flags: CommandFlags;
  readonly version: string;
  /** Remembers the home as trusted. */
  readonly trust: () => Promise<void>;
  /** Prints a result: stdout. */
  readonly out: (text: string) => void;
  /** Prints progress and advice: stderr. */
  readonly note: (text: string) => void;
  /** Asks a question that is answered with yes or no; absent where nobody can answer. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** What decides where other clients keep their configuration. */
  readonly machine: Machine;
  /** Shows a web page in the user's browser when there is one. */
  readonly openPage: (url: URL) => void;
  /** All of stdin as text. */
  readonly readStdin: () => Promise<string>;
  /** How Anthropic's API is reached, for counting; without a key it is not. */
  readonly anthropic: {
    readonly apiKey: string | undefined;
    readonly baseUrl: string | undefined;
    readonly model: string | undefined;
  };
  /** Aborts on SIGINT and SIGTERM, and, for `serve`, when stdin ends. */
  readonly signal: AbortSignal;
  /** The command line that starts this very CLI, for the demo's client. */
  readonly self: readonly string[];
}

/** 0: done. 1: what was asked for failed. 2: it was asked wrongly. */
export type ExitCode = 0 | 1 | 2;

/** One row of the table from which help, parsing and dispatch are made. */
export interface Command {
  readonly name: string;
  /** Arguments as help shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly (keyof CommandFlags)[];
  /** Whether the home is `~/.toolgrove` unless it is named; a home in an ancestor folder does not count. */
  readonly ownHomeOnly?: true;
  run(context: CommandContext): Promise<ExitCode>;
}

/** Thrown for a command line that cannot be meant; the message is shown with exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** A whole number from a flag. Throws `UsageError` naming the flag. */
export function readNumber(
  flag: string,
  text: string | undefined,
  range: { min: number; max: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw new UsageError(`--${flag} takes a whole number from ${range.min} to ${range.max}, not "${text}".`);
}
