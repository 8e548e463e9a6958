// What is known of a run: the fold of its journal's lines. It knows no file.
import { broken, type ActionKind, type ClockTape, type EndKind, type Failure, type Line } from "./entry.ts";

/** A call of a tool, or an operation of the workspace (`server` null), as the program asked for it. */
export interface Action {
  readonly server: string | null;
  readonly tool: string;
  readonly args: unknown;
}

/** How an action stands. `open`: sent and never answered. `repeated`: another action has taken its place. */
export type Standing =
  | { readonly is: "open" }
  | { readonly is: "done"; readonly value: unknown }
  /** Done, but its answer was too large to be kept. */
  | { readonly is: "unkept"; readonly hash: string | undefined }
  | { readonly is: "failed"; readonly failure: Failure; readonly survived: boolean }
  | { readonly is: "skipped" }
  | { readonly is: "repeated" };

/** An action that was sent. */
export interface Recorded extends Action {
  readonly n: number;
  readonly kind: ActionKind;
  /** Its key, where its arguments were too large to be kept. */
  readonly key: string | undefined;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  standing: Standing;
}

/** A run. */
export interface RunState {
  readonly id: string;
  readonly begunAt: number;
  readonly seed: string;
  /** The program of the last attempt. */
  readonly code: string;
  readonly clock: ClockTape;
  /** In the order they were sent. */
  readonly actions: readonly Recorded[];
  /** How the last attempt ended; undefined while it runs and after its process died. */
  readonly end:
    | { readonly how: EndKind; readonly message?: string | undefined; readonly at: number }
    | undefined;
  /** Completed actions, also where their lines were let go. */
  readonly completed: number;
  readonly isTold: boolean;
}

/** Actions that were sent and never answered. */
export function inDoubt({ actions }: Pick<RunState, "actions">): Recorded[] {
  return actions.filter(({ standing, kind }) => standing.is === "open" && kind === "write");
}

/**
 * Folds lines into a state; undefined when not even the first was written. Throws `journal` for lines that cannot follow
 * each other. @param file names the journal in messages.
 */
export function foldLines(lines: readonly Line[], file: string): RunState | undefined {
  const [begin, ...rest] = lines;
  if (!begin) return undefined;
  if (begin.is !== "begin") throw broken(file, 1, "it must say how the run began");
  const fold = beginFold(begin);
  for (const [index, line] of rest.entries()) {
    const fault = add(fold, line);
    if (fault !== undefined) throw broken(file, index + 2, fault);
  }
  return toState(begin, fold);
}

/** What is known after some lines. */
interface Fold {
  readonly actions: Map<number, Recorded>;
  /** Actions that failed since the last one was sent. */
  readonly failures: number[];
  readonly date: number[];
  readonly performance: number[];
  code: string;
  end: RunState["end"];
  /** Completed actions whose lines were let go. */
  letGo: number;
  isTold: boolean;
}

type Begin = Extract<Line, { is: "begin" }>;

function beginFold({ code }: Begin): Fold {
  const lists = { failures: [], date: [], performance: [] };
  return { actions: new Map(), ...lists, code, end: undefined, letGo: 0, isTold: false };
}

function toState({ id, at: begunAt, seed }: Begin, fold: Fold): RunState {
  const { code, end, isTold, date, performance } = fold;
  const actions = [...fold.actions.values()];
  const completed = fold.letGo + actions.filter(({ standing }) => isCompleted(standing)).length;
  return { id, begunAt, seed, code, clock: { date, performance }, actions, end, completed, isTold };
}

/** Takes the next line; says what is wrong with it. */
function add(fold: Fold, line: Line): string | undefined {
  switch (line.is) {
    case "begin":
      return "the run had begun";
    case "resume":
      fold.code = line.code ?? fold.code;
      fold.end = undefined;
      return undefined;
    case "sent":
      return send(fold, line);
    case "done":
      return settle(fold, line.n, answerOf(line));
    case "failed":
      fold.failures.push(line.n);
      return settle(fold, line.n, { is: "failed", failure: line.failure, survived: false });
    case "skipped":
      return skip(fold.actions.get(line.n));
    case "end":
      return finish(fold, line);
    case "told":
      fold.isTold = true;
      return undefined;
  }
}

function send(fold: Fold, line: Extract<Line, { is: "sent" }>): string | undefined {
  const { actions, failures } = fold;
  if (actions.has(line.n)) return `action ${line.n} was sent before`;
  const earlier = line.again === undefined ? undefined : actions.get(line.again);
  if (line.again !== undefined && !earlier) return `action ${line.again} was never sent`;
  if (earlier) earlier.standing = { is: "repeated" };
  // Whoever asks for more has outlived the failures before.
  for (const failed of failures.splice(0)) markSurvived(actions.get(failed));
  const { n, at, server, tool, args, key, kind } = line;
  actions.set(n, { n, at, server, tool, args, key, kind, standing: { is: "open" } });
  if (line.clock) readClocks(fold, line.clock);
  return undefined;
}

/** One by one: an argument list has a limit. */
function readClocks({ date, performance }: Fold, clock: ClockTape): void {
  for (const reading of clock.date) date.push(reading);
  for (const reading of clock.performance) performance.push(reading);
}

/** Ends the standing of an action that is open. */
function settle({ actions }: Fold, n: number, standing: Standing): string | undefined {
  const action = actions.get(n);
  if (action?.standing.is !== "open") return `action ${n} was not open`;
  action.standing = standing;
  return undefined;
}

function answerOf({ left, hash, value }: Extract<Line, { is: "done" }>): Standing {
  return left ? { is: "unkept", hash } : { is: "done", value };
}

function finish(fold: Fold, { how, message, at, calls = 0 }: Extract<Line, { is: "end" }>): undefined {
  fold.end = { how, message, at };
  fold.letGo = calls;
  if (how !== "error") return;
  // What the program ended with it did not outlive, though other calls of it may have been on their way.
  for (const action of fold.actions.values()) markFatal(action, message);
}

function markSurvived(action: Recorded | undefined): void {
  if (action?.standing.is === "failed") action.standing = { ...action.standing, survived: true };
}

function markFatal(action: Recorded, message: string | undefined): void {
  const { standing } = action;
  if (standing.is === "failed" && standing.failure.message === message)
    action.standing = { ...standing, survived: false };
}

function skip(action: Recorded | undefined): string | undefined {
  if (action?.standing.is !== "open" && action?.standing.is !== "unkept") return "nothing was in doubt there";
  action.standing = { is: "skipped" };
  return undefined;
}

function isCompleted({ is }: Standing): boolean {
  return is === "done" || is === "unkept" || is === "skipped";
}
