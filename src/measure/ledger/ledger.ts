// The ledger of a session: hears what crosses the model's boundary and what stays inside, and lets a thread of its own count.
// Counts are kept, contents are not; an answer never waits for it.
import { messageOf } from "../../errors.ts";
import type { CallTool, ToolDefinition } from "../../tool.ts";
import { sentText } from "../token-counter.ts";
import { createCounting, type CountingOptions } from "./counting.ts";
import type { Uncounted } from "./records.ts";

/** Something that crossed between the model and us. */
export type Crossing =
  | { readonly kind: "instructions"; readonly text: string }
  | { readonly kind: "definitions"; readonly tools: readonly ToolDefinition[] }
  | {
      readonly kind: "call";
      readonly tool: string;
      readonly arguments: unknown;
      /** The text blocks of the answer. */
      readonly answer: readonly string[];
      readonly isError: boolean;
      readonly ms: number;
    };

/**
 * The ledger of one session. Its file begins with the first call. What is noted is counted and written when nothing more was
 * for two seconds, after ten at the latest; a process that is killed before loses that much of it.
 */
export interface Ledger {
  crossed(crossing: Crossing): void;
  /** Notes each call, whatever becomes of it. */
  watch(callTool: CallTool): CallTool;
  /** Resolves when all is counted and written, or after three seconds. */
  close(): Promise<void>;
}

/** Opens nothing before something is noted. */
export function openLedger(options: CountingOptions): Ledger {
  const counting = createCounting(options);
  return {
    crossed: (crossing) => counting.add(toUncounted(crossing)),
    watch: (callTool) => async (ref, args, context) => {
      const started = performance.now();
      const note = (result: unknown, isError: boolean): void => {
        const texts = { arguments: [asJson(args)], result: [asText(result)] };
        const facts = {
          kind: "inner",
          server: ref.server,
          tool: ref.tool,
          bytes: bytesOf(texts),
          ms: since(started),
          isError,
        };
        counting.add({ facts, texts });
      };
      try {
        const value = await callTool(ref, args, context);
        note(value, false);
        return value;
      } catch (error) {
        note(messageOf(error), true);
        throw error;
      }
    },
    close: counting.close,
  };
}

function toUncounted(crossing: Crossing): Uncounted {
  if (crossing.kind === "instructions")
    return { facts: { kind: "instructions" }, texts: { tokens: [crossing.text] } };
  if (crossing.kind === "definitions") {
    const { kind, tools } = crossing;
    return { facts: { kind, tools: tools.length }, texts: { tokens: tools.map(sentText) } };
  }
  const { kind, tool, isError, ms, answer } = crossing;
  const texts = { arguments: [asJson(crossing.arguments)], answer };
  return { facts: { kind, tool, bytes: bytesOf(texts), ms: Math.round(ms), isError }, texts };
}

/** A value as a client would show it to a model: text as it is, anything else as compact JSON. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : asJson(value);
}

function asJson(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

function bytesOf(texts: Uncounted["texts"]): number {
  return Object.values(texts)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 100) / 100;
}
