// What an execution answers: console output, then the value; or what went wrong, where, and what had already been done.
// Long text goes to a file through `spill`, and the answer says where, how big and what shape.
import type { RunEnd, RunOutcome } from "./engine.ts";
import { cut, fit, type Spill } from "./fit.ts";
import type { ProgramModule } from "./program.ts";
import { homePlace, showPosition, userFrames } from "./positions.ts";

/** The plain-text answer of one execution. */
export interface ExecutionAnswer {
  readonly text: string;
  readonly isError: boolean;
  /** Completed upstream calls, by tool. */
  readonly calls: Readonly<Record<string, number>>;
  readonly end: ExecutionEnd;
}

/** How an execution ended; `nothing`: its program was not even begun. The message is that of an error. */
export interface ExecutionEnd {
  readonly how: RunEnd["kind"] | "nothing";
  readonly message?: string;
}

/** What the answer is made of. */
export interface AnswerParts {
  readonly outcome: RunOutcome;
  readonly module: ProgramModule;
  /** Source map of the script that ran. */
  readonly map: string;
  /** Completed upstream calls, by tool. */
  readonly calls: ReadonlyMap<string, number>;
  readonly maxChars: number;
  readonly spill: Spill;
  /** Why it was cancelled, where that is for the agent to know. */
  readonly cancelledFor?: string | undefined;
}

/** Composes the answer. */
export async function composeAnswer(parts: AnswerParts): Promise<ExecutionAnswer> {
  const { end } = parts.outcome;
  const message = end.kind === "error" ? { message: end.message } : {};
  return {
    ...(await composeText(parts)),
    calls: Object.fromEntries(parts.calls),
    end: { how: end.kind, ...message },
  };
}

/** The answer to a program that was not even begun; the text says so, and why. */
export function notRun(text: string): ExecutionAnswer {
  return { text, isError: true, calls: {}, end: { how: "nothing" } };
}

async function composeText(parts: AnswerParts): Promise<Pick<ExecutionAnswer, "text" | "isError">> {
  const { outcome, maxChars, spill } = parts;
  if (outcome.end.kind !== "value") {
    const problem = cut(describeFailure(outcome.end, parts), maxChars / 2);
    const logs = await fit(outcome.logs, {
      room: maxChars - problem.length - 1,
      kind: "log",
      shape: "console output",
      spill,
    });
    return { text: join(logs, problem), isError: true };
  }
  const { kind, text, shape } = outcome.end.value;
  // The value is what was asked for: console output gives way first, but keeps a fifth of the room.
  const logRoom = Math.max(maxChars - text.length - 1, maxChars / 5);
  const logs = await fit(outcome.logs, { room: logRoom, kind: "log", shape: "console output", spill });
  const valueKind = kind === "json" ? "json" : "txt";
  const value = await fit(text, { room: maxChars - logs.length - 1, kind: valueKind, shape, spill });
  return { text: join(logs, value) || emptyAnswer(kind, parts.calls), isError: false };
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}

function emptyAnswer(kind: "none" | "text" | "json", calls: ReadonlyMap<string, number>): string {
  const done = calls.size > 0 ? `${describeCalls(calls)}. ` : "";
  if (kind !== "none") return `${done}The value is an empty string.`;
  return `${done}No output: end with an expression, return a value, or print with console.log.`;
}

function describeFailure(end: Exclude<RunEnd, { kind: "value" }>, parts: AnswerParts): string {
  const done =
    parts.calls.size > 0 ? `Already done: ${describeCalls(parts.calls)}.` : "Nothing had been called.";
  switch (end.kind) {
    case "error":
      // A message without end must not push out the place and what had been done.
      return join(cut(`${end.name}: ${end.message}`, parts.maxChars / 4), errorPlace(end.stack, parts), done);
    case "limit":
      return join(`Stopped at the ${end.limit} limit. ${end.message} ${LIMIT_ADVICE[end.limit]}`, done);
    case "crashed":
      return join(`The sandbox ended before the code did: ${end.message}`, done);
    case "cancelled":
      return join(parts.cancelledFor ?? "Cancelled.", done);
  }
}

function errorPlace(stack: string, { module, map }: AnswerParts): string {
  const thrownIn = homePlace(stack, map);
  const inside = thrownIn === undefined ? "" : `in ${thrownIn}`;
  const [first, ...callers] = userFrames(stack, map);
  if (!first) return inside;
  const from = callers.slice(0, 4).map(({ line, column }) => `called from ${line}:${column}`);
  return join(inside, `at ${showPosition(module.source, first)}`, ...from);
}

const LIMIT_ADVICE = {
  time: "Pass a larger timeout_ms (at most 600000), do less at once, or look for a promise that never settles.",
  memory:
    "Work through the data in parts: workspace.rows(path) reads large files row by row, and writers take iterables.",
  call: "Split the work over several executions.",
};

/** `53 calls (memory.openNodes ×50, memory.readGraph ×3)`. */
function describeCalls(calls: ReadonlyMap<string, number>): string {
  const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
  const each = [...calls].map(([tool, count]) => `${tool} ×${count}`);
  const shown = each.length > 8 ? [...each.slice(0, 8), "…"] : each;
  return `${total} call${total === 1 ? "" : "s"} (${shown.join(", ")})`;
}
