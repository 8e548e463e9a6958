// What tools cost a model's context in each of three ways of loading them. Pure sums: it counts nothing and reads nothing.

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
  /** Requests to the model that the calls cause. */
  readonly roundTrips: Ways;
  readonly cheapest: Way;
}

/** Where direct use stops being cheaper. `null`: Toolgrove costs less from the first call on. */
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

/** A task's tokens: what stands, how the tools are found, and the calls. */
export function taskCost(weights: ToolWeights, own: OwnWeights, calls: number): TaskCost {
  const start = standing(weights, own);
  const found = finding(weights, own);
  const { callArguments, callResult, program, programAnswer } = ASSUMPTIONS;
  const made = calls * (callArguments + callResult);
  const tokens = {
    direct: start.direct + found.direct + made,
    deferred: Math.round(start.deferred + found.deferred + made),
    toolgrove: Math.round(start.toolgrove + found.toolgrove + program + programAnswer),
  };
  const roundTrips = { direct: calls, deferred: calls + 1, toolgrove: 3 };
  return { calls, tokens, roundTrips, cheapest: cheapestOf(tokens) };
}

/** Tokens until the definitions that a task needs are known. */
function finding({ tools, definitions }: ToolWeights, own: OwnWeights): Ways {
  const { searchArguments, readArguments, toolsOfTask } = ASSUMPTIONS;
  const needed = Math.min(toolsOfTask, tools);
  const mean = tools === 0 ? 0 : definitions / tools;
  return {
    direct: 0,
    // The client's search may load up to five; it is taken to load only those that are needed.
    deferred: searchArguments + needed * mean,
    toolgrove: searchArguments + own.search + readArguments + needed * own.read,
  };
}

/** The calls and tools below which Toolgrove costs more. */
export function breakEven(weights: ToolWeights, own: OwnWeights): BreakEven {
  const { tokens } = taskCost(weights, own, 0);
  const perCall = ASSUMPTIONS.callArguments + ASSUMPTIONS.callResult;
  const upTo = (other: number): number | null => {
    const calls = Math.ceil((tokens.toolgrove - other) / perCall) - 1;
    return calls >= 1 ? calls : null;
  };
  const mean = weights.tools === 0 ? 0 : weights.definitions / weights.tools;
  const room = tokens.toolgrove - weights.instructions - perCall;
  return {
    directUpToCalls: upTo(tokens.direct),
    deferredUpToCalls: upTo(tokens.deferred),
    directUpToTools: mean === 0 ? 0 : Math.max(0, Math.ceil(room / mean) - 1),
  };
}

function cheapestOf(tokens: Ways): Way {
  const order: readonly Way[] = ["direct", "deferred", "toolgrove"];
  return order.reduce((best, way) => (tokens[way] < tokens[best] ? way : best));
}
