// A session's report as plain text for a terminal. It adds no figure of its own.
import { figure } from "../report-text.ts";
import type { SessionReport } from "./session-report.ts";

/** The report in a few lines; says plainly when direct calls would have cost less. */
export function sessionText({ session, spent, inside, direct, counter }: SessionReport): string {
  const start = spent.definitions + spent.instructions;
  return [
    `Session ${session.id}, begun ${session.at}${session.isCut ? "; too long to be recorded to its end" : ""}`,
    "",
    `Spent: ${figure(spent.total)} tokens in the context: ${figure(start)} of definitions and instructions, ` +
      `${figure(spent.arguments)} sent and ${figure(spent.answers)} answered in ${figure(spent.roundTrips)} round trips.`,
    `Stayed inside: ${figure(inside.calls)} calls with ${figure(inside.arguments)} tokens of arguments and ${figure(inside.results)} of results.`,
    ...inside.byTool
      .slice(0, 10)
      .map(
        ({ server, tool, calls, tokens }) =>
          `  ${server}.${tool} ×${figure(calls)}: ${figure(tokens)} tokens`,
      ),
    ...(direct === null ? ["Run `toolgrove sync` to compare with direct use."] : directLines(direct, spent)),
    `Counted with ${counter.label}, an estimate for Claude. A result is counted as compact JSON, the least it can be.`,
  ].join("\n");
}

function directLines(direct: NonNullable<SessionReport["direct"]>, spent: SessionReport["spent"]): string[] {
  const saved = direct.total - spent.total;
  const verdict =
    saved >= 0
      ? `Toolgrove kept ${figure(saved)} tokens out of the context.`
      : `Direct use would have been cheaper by ${figure(-saved)} tokens.`;
  return [
    `The same calls made directly: ${figure(direct.total)} tokens (${figure(direct.definitions)} of definitions) in ${figure(direct.roundTrips)} round trips. ${verdict}`,
    `Input over all requests, context sent again with each: ${figure(spent.input.uncached)} against ${figure(direct.input.uncached)} directly; ` +
      `at the prices of a prompt cache, ${figure(spent.input.cached)} against ${figure(direct.input.cached)}.`,
  ];
}
