// The contract of a sandbox engine: a place where one program runs, once, away from this process.
// Implementers: a program must not be able to touch files, network, environment or processes; every limit is enforced
// from outside; whatever a guest sends is data. `test/contract/engine.ts` is the suite each engine must pass.

/** One request from guest code: a tool call or a workspace operation. Nothing in it can be trusted. */
export type GuestRequest =
  | { readonly op: "tool"; readonly server: string; readonly tool: string; readonly args: unknown }
  | { readonly op: "workspace"; readonly method: string; readonly args: readonly unknown[] };

/** Answers one guest request with JSON text. A rejection reaches the guest as an error it can catch. */
export type GuestBridge = (request: GuestRequest, signal: AbortSignal) => Promise<string>;

/** The limits of one run. */
export interface RunLimits {
  /** Wall-clock time, in milliseconds. */
  readonly timeoutMs: number;
  /** Memory the run may add to an idle sandbox, in mebibytes. */
  readonly memoryMb: number;
  /** Requests the run may make. */
  readonly maxCalls: number;
}

/** Readings of the two clocks in order, run-length coded: value, how often, value, how often, … */
export interface ClockReadings {
  /** Of `Date`: milliseconds since 1970. */
  readonly date: readonly number[];
  /** Of `performance.now`. */
  readonly performance: readonly number[];
}

/** What makes a run see the same randomness and the same times again. */
export interface Repeatability {
  /** All randomness of the program comes from this: 64 hexadecimal digits. */
  readonly seed: string;
  /** What its clocks give before they give the real time. */
  readonly clock: ClockReadings;
  /**
   * Hears what the real clocks gave, before the request that followed. What comes is data, of bounded size: beyond some
   * 10,000 distinct readings of a clock nothing is noted.
   */
  readonly onClock: (readings: ClockReadings) => void;
}

/** What to run, under which limits, and who answers its requests. */
export interface RunOptions {
  readonly limits: RunLimits;
  readonly bridge: GuestBridge;
  /** Without it the run has randomness of its own and the real time. */
  readonly repeat?: Repeatability | undefined;
  /** Cancels the run: its pending requests first, then the process. */
  readonly signal: AbortSignal;
}

/** A value the program gave, already text. `kind` says how to read it; `shape` describes it in a few words. */
export interface GuestValue {
  readonly kind: "none" | "text" | "json";
  readonly text: string;
  readonly shape: string;
}

/** How a run ended. A limit, a crash or a cancellation is an outcome, not an exception: its logs still count. */
export type RunEnd =
  | { readonly kind: "value"; readonly value: GuestValue }
  | { readonly kind: "error"; readonly name: string; readonly message: string; readonly stack: string }
  | { readonly kind: "limit"; readonly limit: "time" | "memory" | "call"; readonly message: string }
  | { readonly kind: "crashed"; readonly message: string }
  | { readonly kind: "cancelled" };

/** Everything a run left behind. */
export interface RunOutcome {
  readonly end: RunEnd;
  /** Console output, capped; the cut is announced in its last line. */
  readonly logs: string;
}

/** What stands between guest code and the machine, for people to read. */
export interface IsolationReport {
  readonly engine: string;
  /** In force, strongest first. */
  readonly layers: readonly string[];
  /** Not in force: what, why, and what would change it. */
  readonly missing: readonly string[];
}

/** Runs programs. Made by `create…Engine`, ended by `close`. */
export interface Engine {
  /**
   * Fills the warm pool in the background; `run` also works without it. Resolves when a first place is ready or cannot be
   * had, which the next run tells.
   */
  warm(): Promise<void>;
  /**
   * Runs `program`, the text of a script that evaluates to an async function, in a place of its own.
   *
   * Resolves for everything the program can do; rejects with code `engine` only when no sandbox can be started.
   */
  run(program: string, options: RunOptions): Promise<RunOutcome>;
  isolation(): Promise<IsolationReport>;
  /** Kills every process. Resolves when they are gone. */
  close(): Promise<void>;
}

/** The name under which bundled programs appear in stack traces. */
export const PROGRAM_URL = "toolgrove-program.js";

/** What a program's text starts with, on the line of its first statement; positions on that line are shifted by it. */
export const SCRIPT_PREFIX = "(() => {";
