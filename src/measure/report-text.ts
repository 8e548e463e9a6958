// A report as plain text for a terminal. It adds no figure of its own.
import type { BreakEven, Way } from "./costs.ts";
import type { CostRow, MeasureReport } from "./report.ts";

const NAMES: Readonly<Record<Way, string>> = {
  direct: "loading every definition",
  deferred: "the client's own tool search",
  toolgrove: "Toolgrove",
};

/** The report in lines of at most about 110 columns. */
export function reportText(report: MeasureReport): string {
  const { all, servers } = report;
  const head = ["", "tools", "direct", "deferred", "Toolgrove", "direct is cheaper"];
  const rows = servers.map((row) => [row.server, ...cells(row)]);
  const table = [head, ...rows, ...(servers.length > 1 ? [["all", ...cells(all)]] : [])];
  return [
    "Tokens in the context before any work, if only this server were connected:",
    "",
    ...aligned(table),
    "",
    ...sentences(report),
  ].join("\n");
}

function cells({ tools, standing, breakEven }: CostRow): string[] {
  return [...[tools, standing.direct, standing.deferred, standing.toolgrove].map(figure), upTo(breakEven)];
}

function upTo({ directUpToCalls }: BreakEven): string {
  return directUpToCalls === null ? "never" : `up to ${plural(directUpToCalls, "call")}`;
}

/** What the figures say, for people; also where Toolgrove is not worth it. */
export function sentences({
  all,
  toolgrove,
  counter,
  contextTokens,
  unmeasured,
  assumed,
  servers,
}: MeasureReport): string[] {
  const percent = (way: Way): string => `${(all.share[way] * 100).toFixed(1)} %`;
  const standingLine =
    `Of a context of ${figure(contextTokens)} tokens, direct takes ${percent("direct")}, deferred ${percent("deferred")}, ` +
    `Toolgrove ${percent("toolgrove")}. Then Toolgrove takes ${figure(toolgrove.search)} for a search and ${figure(toolgrove.read)} to read ` +
    `one tool (means of ${toolgrove.samples}).`;
  const tasks = all.tasks.map(
    ({ calls, input, cheapest }) =>
      `${plural(calls, "call")}: direct ${figure(input.direct)}, deferred ${figure(input.deferred)}, Toolgrove ${figure(input.toolgrove)}. Cheapest: ${NAMES[cheapest]}.`,
  );
  return [
    ...(servers.length === 0
      ? []
      : [
          standingLine,
          "",
          "A whole task with all servers connected, input tokens over all its requests, which send the context again each time:",
          ...tasks,
          "",
          verdict(all),
        ]),
    ...(servers.length > 0
      ? [
          `Assumed, not measured: a call of ${assumed.callArguments} + ${assumed.callResult} tokens, ${assumed.toolsOfTask} tools a task, a program of ${assumed.program}.`,
        ]
      : []),
    `Counted with ${counter.label}${counter.isEstimate ? ": an estimate for Claude, whose tokenizer is not public" : ""}.`,
    ...unmeasured.map(({ server, reason }) => `Not measured: ${server}: ${reason}`),
  ];
}

/** When direct use, or the client's search, costs less; said plainly. */
export function verdict({ breakEven, tools }: CostRow): string {
  const { directUpToCalls, deferredUpToCalls, directUpToTools } = breakEven;
  const direct =
    directUpToCalls === null
      ? `With these ${plural(tools, "tool")}, direct use is never cheaper; with ${directUpToTools} of their mean size or fewer, and one call, it is.`
      : `Direct use is cheaper for up to ${plural(directUpToCalls, "call")} in a session: you do not need Toolgrove for that.`;
  const deferred =
    deferredUpToCalls === null
      ? "A client's own tool search is never cheaper here."
      : `A client's own tool search is cheaper for up to ${plural(deferredUpToCalls, "call")}; beyond that, calls and results that stay inside pay.`;
  return `${direct} ${deferred}`;
}

/** Digits in groups of three. */
export function figure(value: number): string {
  return value.toLocaleString("en-US");
}

function plural(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Columns as wide as their widest cell: the first to the left, the others to the right. */
function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
}
