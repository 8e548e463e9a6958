// The report of `toolgrove measure`: what the tools of a home cost, server by server and in all. It is given definitions and
// samples, and a counter; it reads no disk and starts nothing.
import {
  ASSUMPTIONS,
  breakEven,
  standing,
  taskCost,
  type Assumptions,
  type BreakEven,
  type OwnWeights,
  type TaskCost,
  type ToolWeights,
  type Ways,
} from "./costs.ts";
import type { Sent } from "./definition-memory.ts";
import type { TokenCounter } from "./token-counter.ts";

/** A server's definitions, and where they come from. */
export interface MeasuredServer extends Sent {
  readonly server: string;
  /** `sync`: as the last sync saw them. `live`: asked for now. `file`: a `tools/list` result on disk. */
  readonly source: "sync" | "live" | "file";
  /** When they were asked for, ISO 8601; unknown of a file. */
  readonly at?: string | undefined;
}

/** A server that could not be measured, and why. */
export interface Unmeasured {
  readonly server: string;
  readonly reason: string;
}

/** What is to be measured. */
export interface ReportInput {
  readonly servers: readonly MeasuredServer[];
  readonly unmeasured: readonly Unmeasured[];
  /** Our own definitions and instructions. */
  readonly own: Sent;
  /** Answers of our search and our read of one tool, for tools of the servers. */
  readonly samples: { readonly searches: readonly string[]; readonly reads: readonly string[] };
}

/** One server, or all of them. All numbers are tokens but `tools`, shares and counts of calls. */
export interface CostRow extends ToolWeights {
  readonly standing: Ways;
  /** Share of the context, 0 to 1. */
  readonly share: Ways;
  readonly tasks: readonly TaskCost[];
  readonly breakEven: BreakEven;
}

/** One server's row. */
export interface ServerRow extends CostRow {
  readonly server: string;
  readonly source: MeasuredServer["source"];
  readonly at?: string | undefined;
}

/** The whole report, as `--json` prints it. */
export interface MeasureReport {
  readonly format: 1;
  readonly counter: { readonly label: string; readonly isEstimate: boolean };
  readonly contextTokens: number;
  readonly tools: number;
  /** Tokens in the context before any work. */
  readonly totals: Ways & Pick<ToolWeights, "definitions" | "instructions" | "names">;
  readonly toolgrove: OwnWeights & { readonly samples: number };
  readonly assumed: Assumptions;
  readonly all: CostRow;
  /** The largest first. */
  readonly servers: readonly ServerRow[];
  readonly unmeasured: readonly Unmeasured[];
}

export const CONTEXT_TOKENS = 200_000;
const TASK_CALLS = [1, 5, 50] as const;

/** Counts and sums. Rejects as the counter does. */
export async function makeReport(input: ReportInput, counter: TokenCounter): Promise<MeasureReport> {
  const own = await weighOwn(input, counter);
  const rows: ServerRow[] = [];
  for (const { server, source, at, ...sent } of input.servers) {
    const weights = await weigh(server, sent, counter);
    rows.push({ server, source, ...(at !== undefined && { at }), ...toRow(weights, own) });
  }
  const all = toRow(sumOf(rows), own);
  const { definitions, instructions, names } = all;
  return {
    format: 1,
    counter: { label: counter.label, isEstimate: counter.isEstimate },
    contextTokens: CONTEXT_TOKENS,
    tools: all.tools,
    totals: { ...all.standing, definitions, instructions, names },
    toolgrove: { ...own, samples: input.samples.reads.length },
    assumed: ASSUMPTIONS,
    all,
    servers: rows.toSorted((a, b) => b.definitions - a.definitions || a.server.localeCompare(b.server)),
    unmeasured: input.unmeasured,
  };
}

/**
 * How Claude Code names a deferred tool: `mcp__SERVER__TOOL` on a line of its own. Measured with Claude Code 2.1.330:
 * 9, 39, 113 and 513 tools added 97, 730, 1,231 and 5,631 tokens, the instructions of the servers included.
 */
export function deferredName(server: string, tool: string): string {
  return `mcp__${server}__${tool}\n`;
}

/** What each name costs beyond its text, fitted to the first of those figures; test/e2e/measure.test.ts says how far off the others are. */
export const DEFERRED_NAME_EXTRA = 2;

/** Claude Code cuts a server's instructions here, and other clients show them whole. */
const INSTRUCTION_CHARS = 4_096;

async function weigh(
  server: string,
  { definitions, instructions = "" }: Sent,
  counter: TokenCounter,
): Promise<ToolWeights> {
  return {
    tools: definitions.length,
    definitions: await counter.countTools(definitions),
    instructions: await counter.countTexts([instructions.slice(0, INSTRUCTION_CHARS)]),
    names:
      (await counter.countTexts(definitions.map(({ name }) => deferredName(server, name)))) +
      definitions.length * DEFERRED_NAME_EXTRA,
  };
}

async function weighOwn({ own, samples }: ReportInput, counter: TokenCounter): Promise<OwnWeights> {
  const mean = async (texts: readonly string[]): Promise<number> =>
    texts.length === 0 ? 0 : Math.round((await counter.countTexts(texts)) / texts.length);
  return {
    definitions: await counter.countTools(own.definitions),
    instructions: await counter.countTexts([own.instructions ?? ""]),
    search: await mean(samples.searches),
    read: await mean(samples.reads),
  };
}

function toRow(weights: ToolWeights, own: OwnWeights): CostRow {
  const before = standing(weights, own);
  const { tools, definitions, instructions, names } = weights;
  return {
    tools,
    definitions,
    instructions,
    names,
    standing: before,
    share: {
      direct: share(before.direct),
      deferred: share(before.deferred),
      toolgrove: share(before.toolgrove),
    },
    tasks: TASK_CALLS.map((calls) => taskCost(weights, own, calls)),
    breakEven: breakEven(weights, own),
  };
}

/** Of the context, to a hundredth of a per cent. */
function share(tokens: number): number {
  return Math.round((tokens / CONTEXT_TOKENS) * 10_000) / 10_000;
}

function sumOf(rows: readonly ToolWeights[]): ToolWeights {
  const sum = (pick: (row: ToolWeights) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    tools: sum((row) => row.tools),
    definitions: sum((row) => row.definitions),
    instructions: sum((row) => row.instructions),
    names: sum((row) => row.names),
  };
}
