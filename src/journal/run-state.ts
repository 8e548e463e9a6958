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
  const fold = createFold(begin);
  for (const [index, line] of rest.entries()) {
    const fault = fold.add(line);
    if (fault !== undefined) throw broken(file, index + 2, fault);
  }
  return fold.state();
}

interface Fold {
  /** Takes the next line; says what is wrong with it. */
  add(line: Line): string | undefined;
  state(): RunState;
}

function createFold(begin: Extract<Line, { is: "begin" }>): Fold {
  const actions = new Map<number, Recorded>();
  /** Actions that failed since the last one was sent. */
  const failures: number[] = [];
  const date: number[] = [];
  const performance: number[] = [];
  let { code } = begin;
  let end: RunState["end"];
  let letGo = 0;
  let isTold = false;

  /** Ends the standing of an action that is open. */
  function settle(n: number, standing: Standing): string | undefined {
    const action = actions.get(n);
    if (action?.standing.is !== "open") return `action ${n} was not open`;
    action.standing = standing;
    return undefined;
  }

  function send(line: Extract<Line, { is: "sent" }>): string | undefined {
    if (actions.has(line.n)) return `action ${line.n} was sent before`;
    const earlier = line.again === undefined ? undefined : actions.get(line.again);
    if (line.again !== undefined && !earlier) return `action ${line.again} was never sent`;
    if (earlier) earlier.standing = { is: "repeated" };
    // Whoever asks for more has outlived the failures before.
    for (const failed of failures) markSurvived(actions.get(failed));
    failures.length = 0;
    const { n, at, server, tool, args, key, kind, clock } = line;
    actions.set(n, { n, at, server, tool, args, key, kind, standing: { is: "open" } });
    // One by one: an argument list has a limit.
    for (const reading of clock?.date ?? []) date.push(reading);
    for (const reading of clock?.performance ?? []) performance.push(reading);
    return undefined;
  }

  return {
    add(line) {
      switch (line.is) {
        case "begin":
          return "the run had begun";
        case "resume":
          code = line.code ?? code;
          end = undefined;
          return undefined;
        case "sent":
          return send(line);
        case "done":
          return settle(
            line.n,
            line.left ? { is: "unkept", hash: line.hash } : { is: "done", value: line.value },
          );
        case "failed":
          failures.push(line.n);
          return settle(line.n, { is: "failed", failure: line.failure, survived: false });
        case "skipped":
          return skip(actions.get(line.n));
        case "end":
          end = { how: line.how, message: line.message, at: line.at };
          letGo = line.calls ?? 0;
          // What the program ended with it did not outlive, though other calls of it may have been on their way.
          for (const action of actions.values()) {
            if (line.how === "error") markFatal(action, line.message);
          }
          return undefined;
        case "told":
          isTold = true;
          return undefined;
      }
    },
    state: () => {
      const all = [...actions.values()];
      const completed = letGo + all.filter(({ standing }) => isCompleted(standing)).length;
      const { id, at: begunAt, seed } = begin;
      return { id, begunAt, seed, code, clock: { date, performance }, actions: all, end, completed, isTold };
    },
  };
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
