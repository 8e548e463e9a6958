// What a session spent, and what the same calls would have cost directly. Pure sums over the lines of a ledger.
import { rereading, type Rereading } from "../rereading.ts";
import type { LedgerRecord } from "./records.ts";

type Kind<K extends LedgerRecord["kind"]> = Extract<LedgerRecord, { kind: K }>;

/** A session in tokens, as `--json` prints it. */
export interface SessionReport {
  readonly format: 1;
  readonly counter: { readonly label: "o200k_base"; readonly isEstimate: true };
  readonly session: {
    readonly id: string;
    readonly at: string;
    readonly version: string;
    readonly isCut: boolean;
  };
  /** What crossed the model's boundary. */
  readonly spent: {
    readonly definitions: number;
    readonly instructions: number;
    readonly arguments: number;
    readonly answers: number;
    readonly total: number;
    readonly roundTrips: number;
    /** Milliseconds in our tools; the model's own time is not known here. */
    readonly ms: number;
    readonly input: Rereading;
  };
  /** Arguments and results of calls that code made: the model saw none of them. */
  readonly inside: {
    readonly calls: number;
    readonly arguments: number;
    readonly results: number;
    readonly byTool: readonly ToolUse[];
  };
  /** The same calls made directly, one after another; `null` where the servers' definitions are not known. */
  readonly direct: {
    readonly definitions: number;
    readonly arguments: number;
    readonly results: number;
    readonly total: number;
    readonly roundTrips: number;
    readonly input: Rereading;
  } | null;
}

/** The calls of one upstream tool. */
export interface ToolUse {
  readonly server: string;
  readonly tool: string;
  readonly calls: number;
  readonly tokens: number;
}

/**
 * Sums a session.
 *
 * @param directDefinitions tokens of all definitions of the home's servers, if they are known
 */
export function sessionReport(
  records: readonly LedgerRecord[],
  directDefinitions: number | undefined,
): SessionReport {
  const session = of(records, "session")[0];
  const calls = of(records, "call");
  const inner = of(records, "inner");
  // A client may ask twice; its model's context holds them once.
  const definitions = of(records, "definitions").at(-1)?.tokens ?? 0;
  const instructions = of(records, "instructions").at(-1)?.tokens ?? 0;
  const sent = sum(calls, (call) => call.arguments);
  const answers = sum(calls, (call) => call.answer);
  return {
    format: 1,
    counter: { label: "o200k_base", isEstimate: true },
    session: {
      id: session?.id ?? "",
      at: session?.at ?? "",
      version: session?.version ?? "",
      isCut: of(records, "cut").length > 0,
    },
    spent: {
      definitions,
      instructions,
      arguments: sent,
      answers,
      total: definitions + instructions + sent + answers,
      roundTrips: calls.length,
      ms: Math.round(sum(calls, (call) => call.ms)),
      input: rereading(
        definitions + instructions,
        calls.map((call) => call.arguments + call.answer),
      ),
    },
    inside: {
      calls: inner.length,
      arguments: sum(inner, (call) => call.arguments),
      results: sum(inner, (call) => call.result),
      byTool: usesOf(inner),
    },
    direct: directDefinitions === undefined ? null : directly(inner, directDefinitions),
  };
}

function directly(
  inner: readonly Kind<"inner">[],
  definitions: number,
): NonNullable<SessionReport["direct"]> {
  const sent = sum(inner, (call) => call.arguments);
  const results = sum(inner, (call) => call.result);
  return {
    definitions,
    arguments: sent,
    results,
    total: definitions + sent + results,
    roundTrips: inner.length,
    input: rereading(
      definitions,
      inner.map((call) => call.arguments + call.result),
    ),
  };
}

function usesOf(inner: readonly Kind<"inner">[]): ToolUse[] {
  const uses = new Map<string, ToolUse>();
  for (const { server, tool, arguments: sent, result } of inner) {
    const key = JSON.stringify([server, tool]);
    const { calls, tokens } = uses.get(key) ?? { calls: 0, tokens: 0 };
    uses.set(key, { server, tool, calls: calls + 1, tokens: tokens + sent + result });
  }
  return [...uses.values()].toSorted((a, b) => b.tokens - a.tokens);
}

function of<K extends LedgerRecord["kind"]>(records: readonly LedgerRecord[], kind: K): Kind<K>[] {
  return records.filter((record): record is Kind<K> => record.kind === kind);
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
