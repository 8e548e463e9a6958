// What tools cost a model's context in each of three ways of loading them. Pure sums: it counts nothing and reads nothing.

import { rereading } from "./rereading.ts";

/**
 * The three ways.
 *
 * - `direct`: every definition and the servers' instructions from the start. Codex CLI 0.169 and Gemini CLI 0.61 do this.
 * - `deferred`: each tool's name, and the instructions, from the start; definitions when the client's own search found them.
 *   Claude Code 2.1 does this by default.
 * - `toolgrove`: three definitions and their instructions; then a search, a read and one program.
 */
export type Way = "direct" | "deferred" | "toolgrove";

/** Tokens in each way. */
export type Ways = Readonly<Record<Way, number>>;

/** What a server's tools weigh, in tokens. */
export interface ToolWeights {
  readonly tools: number;
  readonly definitions: number;
  readonly instructions: number;
  /** The names as a client lists them. */
  readonly names: number;
}

/** What Toolgrove weighs, in tokens. */
export interface OwnWeights {
  readonly definitions: number;
  readonly instructions: number;
  /** A search's answer; the mean over the sample. */
  readonly search: number;
  /** One tool read; the mean over the sample. */
  readonly read: number;
}

/**
 * What no measurement of definitions can know. The defaults are of the experiment's find-and-update on the memory server
 * (`npm run experiment`), rounded: its calls, and the program that replaces them.
 */
export interface Assumptions {
  /** Tools one task needs. */
  readonly toolsOfTask: number;
  readonly callArguments: number;
  readonly callResult: number;
  /** Arguments of a search, ours or the client's. */
  readonly searchArguments: number;
  readonly readArguments: number;
  readonly program: number;
  readonly programAnswer: number;
}

export const ASSUMPTIONS: Assumptions = {
  toolsOfTask: 2,
  callArguments: 25,
  callResult: 45,
  searchArguments: 15,
  readArguments: 20,
  program: 120,
  programAnswer: 20,
};

/** A task of so many calls: what enters the context, each thing once, from the start of a session. */
export interface TaskCost {
  readonly calls: number;
  readonly tokens: Ways;
  /** Input over all requests without a prompt cache: each round trip sends the context again. */
  readonly input: Ways;
  /** Requests to the model that the calls cause. */
  readonly roundTrips: Ways;
  /** By `input`. */
  readonly cheapest: Way;
}

/** Where direct use stops being cheaper, by the input over all requests. `null`: Toolgrove costs less from the first call on. */
export interface BreakEven {
  /** Direct is cheaper up to this many calls in a session. */
  readonly directUpToCalls: number | null;
  readonly deferredUpToCalls: number | null;
  /** With one call, direct is cheaper up to this many tools of the same mean size. */
  readonly directUpToTools: number;
}

/** What stands in the context before anything is asked for. */
export function standing(weights: ToolWeights, own: OwnWeights): Ways {
  return {
    direct: weights.definitions + weights.instructions,
    deferred: weights.names + weights.instructions,
    toolgrove: own.definitions + own.instructions,
  };
}

/** A task's tokens: what stands, how the tools are found, and the calls, one after another. */
export function taskCost(weights: ToolWeights, own: OwnWeights, calls: number): TaskCost {
  const start = standing(weights, own);
  const found = finding(weights, own);
  const { callArguments, callResult, program, programAnswer } = ASSUMPTIONS;
  const made = Array.from({ length: calls }, () => callArguments + callResult);
  const steps: Readonly<Record<Way, readonly number[]>> = {
    direct: made,
    deferred: [...found.deferred, ...made],
    toolgrove: [...found.toolgrove, program + programAnswer],
  };
  const each = (pick: (way: Way) => number): Ways => ({
    direct: pick("direct"),
    deferred: pick("deferred"),
    toolgrove: pick("toolgrove"),
  });
  const input = each((way) => rereading(start[way], steps[way]).uncached);
  return {
    calls,
    tokens: each((way) => steps[way].reduce((sum, tokens) => sum + tokens, start[way])),
    input,
    roundTrips: each((way) => steps[way].length),
    cheapest: cheapestOf(input),
  };
}

/** Tokens of each round trip until the definitions that a task needs are known. */
function finding(
  { tools, definitions }: ToolWeights,
  own: OwnWeights,
): Record<"deferred" | "toolgrove", number[]> {
  const { searchArguments, readArguments, toolsOfTask } = ASSUMPTIONS;
  const needed = Math.min(toolsOfTask, tools);
  const mean = tools === 0 ? 0 : definitions / tools;
  return {
    // The client's search may load up to five; it is taken to load only those that are needed.
    deferred: [Math.round(searchArguments + needed * mean)],
    toolgrove: [searchArguments + own.search, readArguments + needed * own.read],
  };
}

const MOST_CALLS = 1_000;

/** The calls and tools up to which Toolgrove costs more. */
export function breakEven(weights: ToolWeights, own: OwnWeights): BreakEven {
  const upTo = (way: Way): number | null => {
    let calls = 0;
    while (calls < MOST_CALLS && isCheaper(way, taskCost(weights, own, calls + 1))) calls += 1;
    return calls === 0 ? null : calls;
  };
  const { tools, definitions, instructions } = weights;
  const mean = tools === 0 ? 0 : definitions / tools;
  const { input } = taskCost(weights, own, 1);
  // One call makes two requests, and both hold every definition.
  const room = (input.toolgrove - ASSUMPTIONS.callArguments - ASSUMPTIONS.callResult) / 2 - instructions;
  return {
    directUpToCalls: upTo("direct"),
    deferredUpToCalls: upTo("deferred"),
    directUpToTools: mean === 0 ? 0 : Math.max(0, Math.ceil(room / mean) - 1),
  };
}

function isCheaper(way: Way, { input }: TaskCost): boolean {
  return input[way] < input.toolgrove;
}

function cheapestOf(tokens: Ways): Way {
  const order: readonly Way[] = ["direct", "deferred", "toolgrove"];
  return order.reduce((best, way) => (tokens[way] < tokens[best] ? way : best));
}
