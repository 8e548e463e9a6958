// One attempt of a run: every action of its program is answered from the journal or done now and written down. It knows
// neither servers nor files of the workspace: what is done now is handed in.
import { ToolError, ToolgroveError } from "../errors.ts";
import { hashText, keyOf } from "./action-key.ts";
import { doubtMessage, type AttemptReport } from "./answer-lines.ts";
import type { ActionKind, ClockTape, EndKind } from "./entry.ts";
import type { Replay } from "./replay.ts";
import type { Action, Recorded, RunState, Standing } from "./run-state.ts";
import type { Writer } from "./writer.ts";

/** What becomes of actions in doubt; undefined stops the run there. */
export type OnDoubt = "retry" | "skip" | undefined;

/** One attempt of a run. */
export interface Run {
  readonly id: string;
  /** The program: given, or that of the attempt before. */
  readonly code: string;
  /** For the sandbox: what makes the program see the same randomness and times again. */
  readonly seed: string;
  readonly clock: ClockTape;
  readonly onClock: (readings: ClockTape) => void;
  /** Actions that the journal may answer. */
  readonly recorded: number;
  /** Aborts, with the reason, when the run stops at an action in doubt. */
  readonly stopped: AbortSignal;
  /** Answers an action. `live` does it now and says when it leaves, and of which kind it is. */
  perform(action: Action, live: (onSend: (kind: ActionKind) => void) => Promise<unknown>): Promise<unknown>;
  readonly isResumed: boolean;
  /** Why the journal is incomplete; undefined while it is not. */
  problem(): string | undefined;
  report(): AttemptReport;
  /** The attempt is over; nothing is written any more. `nothing` when the program was not even begun. */
  end(how: EndKind | "nothing", message?: string): Promise<void>;
}

/** What an attempt is made from. */
export interface RunOptions {
  readonly state: Pick<RunState, "id" | "code" | "seed" | "clock" | "actions">;
  readonly replay: Replay;
  readonly isResumed: boolean;
  readonly onDoubt: OnDoubt;
  readonly writer: Writer;
  readonly onEnd: (how: EndKind | "nothing") => Promise<void>;
}

/** Characters of one line with arguments, with the answer of a tool, and with that of a workspace operation. */
const MAX_CHARS = { args: 262_144, tool: 4_194_304, workspace: 262_144 };

/** An attempt as it goes on. */
interface Attempt {
  readonly options: RunOptions;
  readonly stop: AbortController;
  readonly report: {
    replayed: number;
    failures: number;
    firstLive: Action | undefined;
    readonly sentAgain: Action[];
    readonly changed: Action[];
  };
  /** The number of the next action. */
  next: number;
  /** Readings of the clocks that no line holds yet, and how many more there may be. */
  unwritten: ClockTape | undefined;
  clockRoom: number;
  stopReason: string | undefined;
  inFlight: number;
}

type Live = Parameters<Run["perform"]>[1];

/** Makes the attempt; it writes nothing before the first action. */
export function createRun(options: RunOptions): Run {
  const { state, replay, isResumed, writer } = options;
  const attempt = beginAttempt(options);
  return {
    id: state.id,
    code: state.code,
    seed: state.seed,
    clock: state.clock,
    onClock(readings) {
      attempt.clockRoom -= readings.date.length + readings.performance.length;
      // A gap in the middle would give wrong times; the end may be missing.
      if (attempt.clockRoom >= 0) attempt.unwritten = join(attempt.unwritten, readings);
    },
    recorded: state.actions.length,
    stopped: attempt.stop.signal,
    perform: async (action, live) => {
      try {
        return await perform(attempt, action, live);
      } catch (error) {
        return attempt.stopReason === undefined ? Promise.reject(error) : never();
      }
    },
    isResumed,
    problem: writer.problem,
    report: () => ({ ...attempt.report, unasked: replay.unasked() }),
    async end(how, message) {
      if (how !== "nothing" && (isResumed || writer.isOpen()))
        writer.append({ is: "end", at: Date.now(), how, message });
      writer.close();
      await options.onEnd(how);
    },
  };
}

function beginAttempt(options: RunOptions): Attempt {
  const { actions, clock } = options.state;
  return {
    options,
    stop: new AbortController(),
    report: { replayed: 0, failures: 0, firstLive: undefined, sentAgain: [], changed: [] },
    next: actions.reduce((most, { n }) => Math.max(most, n + 1), 0),
    unwritten: undefined,
    clockRoom: MAX_CLOCK_NUMBERS - clock.date.length - clock.performance.length,
    stopReason: undefined,
    inFlight: 0,
  };
}

async function perform(attempt: Attempt, action: Action, live: Live): Promise<unknown> {
  const { replay, onDoubt, writer } = attempt.options;
  if (attempt.stopReason !== undefined) return never();
  const verdict = replay.next(action);
  if (verdict.is === "replay") {
    const isRepeated = onDoubt === "retry" && verdict.record.standing.is === "failed";
    if (!isRepeated) return recall(attempt, verdict.record);
  }
  if (verdict.is === "doubt" && onDoubt === undefined) return stopAt(attempt, verdict.record);
  if (verdict.is === "doubt" && onDoubt === "skip") {
    writer.append({ is: "skipped", n: verdict.record.n });
    verdict.record.standing = { is: "skipped" };
    return recall(attempt, verdict.record);
  }
  const again = verdict.is === "live" ? verdict.again : verdict.record;
  const value = await goLive(attempt, { action, again, live });
  // What comes after a stop must not move the program on.
  return attempt.stopReason === undefined ? value : never();
}

/** The recorded answer. */
function recall({ report }: Attempt, record: Recorded): unknown {
  report.replayed += 1;
  const { standing } = record;
  if (standing.is !== "failed") return standing.is === "done" ? standing.value : undefined;
  report.failures += 1;
  throw toError(record, standing.failure);
}

/** Stops the program here. Calls on their way are waited for: cut off, they would be in doubt as well. */
function stopAt(attempt: Attempt, record: Recorded): Promise<never> {
  attempt.stopReason ??= doubtMessage(record);
  stopWhenQuiet(attempt);
  return never();
}

function stopWhenQuiet({ stop, stopReason, inFlight }: Attempt): void {
  if (stopReason !== undefined && inFlight === 0) stop.abort(new ToolgroveError("cancelled", stopReason));
}

/** An action that is done now; `again` is the record it takes the place of. */
interface LiveAction {
  readonly action: Action;
  readonly again: Recorded | undefined;
  readonly live: Live;
}

/** Does the action now. Nothing of it is written unless it leaves. */
async function goLive(attempt: Attempt, { action, again, live }: LiveAction): Promise<unknown> {
  attempt.report.firstLive ??= action;
  const lost = again?.standing;
  let sent: number | undefined;
  const onSend = (kind: ActionKind): void => {
    if (attempt.stopReason !== undefined) throw new ToolgroveError("cancelled", attempt.stopReason);
    sent = send(attempt, { action, kind, again });
    attempt.inFlight += 1;
  };
  try {
    const value = await live(onSend);
    if (sent !== undefined) keep(attempt, sent, action, value);
    noteLost(attempt, lost, action, value);
    return value;
  } catch (error) {
    if (sent !== undefined) noteFailure(attempt, sent, action, error);
    throw error;
  } finally {
    if (sent !== undefined) attempt.inFlight -= 1;
    stopWhenQuiet(attempt);
  }
}

interface Leaving {
  readonly action: Action;
  readonly kind: ActionKind;
  readonly again: Recorded | undefined;
}

/** Writes that the action leaves; gives its number. */
function send(attempt: Attempt, { action, kind, again }: Leaving): number {
  const { writer, replay } = attempt.options;
  const n = attempt.next++;
  const common = { is: "sent", n, at: Date.now(), server: action.server, tool: action.tool, kind } as const;
  const { unwritten } = attempt;
  const line = { ...common, ...(again && { again: again.n }), ...(unwritten && { clock: unwritten }) };
  attempt.unwritten = undefined;
  writer.append(
    { ...line, args: action.args },
    { maxChars: MAX_CHARS.args, line: () => ({ ...line, key: keyOf(action) }) },
  );
  if (again) again.standing = { is: "repeated" };
  if (kind !== "read") replay.wentLive();
  return n;
}

function keep({ options: { writer } }: Attempt, n: number, { server }: Action, value: unknown): void {
  const maxChars = server === null ? MAX_CHARS.workspace : MAX_CHARS.tool;
  writer.append(
    { is: "done", n, value },
    { maxChars, line: () => ({ is: "done", n, left: "large", hash: hashValue(value) }) },
  );
}

/** Notes what an answer says of the one that had been lost. */
function noteLost({ report }: Attempt, lost: Standing | undefined, action: Action, value: unknown): void {
  if (lost?.is === "unkept" && lost.hash !== hashValue(value)) report.changed.push(action);
  if (lost?.is === "open") report.sentAgain.push(action);
}

function noteFailure({ options: { writer } }: Attempt, n: number, action: Action, error: unknown): void {
  if (!isCertain(action, error)) return;
  const { name, code, message } = error;
  writer.append({ is: "failed", n, failure: { name, code, message } });
}

/** Numbers noted of both clocks in one run: more than an honest guest sends. */
const MAX_CLOCK_NUMBERS = 40_000;

function join(before: ClockTape | undefined, { date, performance }: ClockTape): ClockTape {
  if (!before) return { date, performance };
  return {
    date: [...before.date, ...date],
    performance: [...before.performance, ...performance],
  };
}

/** Whether an action that was sent certainly failed; after a timeout or a lost connection nobody knows. */
function isCertain({ server }: Action, error: unknown): error is ToolgroveError {
  if (!(error instanceof ToolgroveError)) return false;
  return error.isAnswer || (server === null && error.code === "workspace");
}

function toError({ server, tool }: Action, { code, message }: { code: string; message: string }): Error {
  if (server === null) return new ToolgroveError("workspace", message);
  if (code === "tool_failed") return new ToolError(server, tool, message);
  return new ToolgroveError("upstream_protocol", message, { isAnswer: true });
}

function hashValue(value: unknown): string {
  return hashText(JSON.stringify(value) ?? "");
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
