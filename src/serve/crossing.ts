// Tells what crosses between client and server, out of the messages that go to and fro. It knows no transport and counts nothing.
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Crossing } from "../measure/ledger/ledger.ts";

const callSchema = z.object({ name: z.string(), arguments: z.unknown() });
const resultSchema = z.object({
  instructions: z.string().optional(),
  tools: z
    .array(
      z.object({ name: z.string(), description: z.string(), inputSchema: z.record(z.string(), z.unknown()) }),
    )
    .optional(),
  content: z.array(z.object({ text: z.string().optional() })).optional(),
  isError: z.boolean().optional(),
});

/** Calls of which nobody wants to hear any more must not be remembered for ever. */
const MAX_OPEN = 1_000;

interface OpenCall {
  readonly tool: string;
  readonly arguments: unknown;
  readonly started: number;
}

/** Takes every message of one connection. */
export interface CrossingListener {
  /** One of the client, before it is answered. */
  received(message: JSONRPCMessage): void;
  /** One of ours, once it is on its way. */
  sent(message: JSONRPCMessage): void;
}

/** Tells instructions, definitions, and each call when its answer is sent. */
export function hearCrossings(tell: (crossing: Crossing) => void): CrossingListener {
  const calls = new Map<string | number, OpenCall>();
  return {
    received(message) {
      if (!("method" in message) || !("id" in message) || message.method !== "tools/call") return;
      const parsed = callSchema.safeParse(message.params);
      if (!parsed.success || calls.size >= MAX_OPEN) return;
      const { name, arguments: sent } = parsed.data;
      calls.set(message.id, { tool: name, arguments: sent, started: performance.now() });
    },
    sent(message) {
      if (!("result" in message)) return;
      const { id } = message;
      const call = id === undefined ? undefined : calls.get(id);
      if (id !== undefined) calls.delete(id);
      const parsed = resultSchema.safeParse(message.result);
      if (parsed.success) for (const crossing of toCrossings(parsed.data, call)) tell(crossing);
    },
  };
}

function toCrossings(
  { instructions, tools, content, isError = false }: z.infer<typeof resultSchema>,
  call: OpenCall | undefined,
): Crossing[] {
  if (call) {
    const { started, ...made } = call;
    const answer = (content ?? []).flatMap(({ text }) => text ?? []);
    return [{ kind: "call", ...made, answer, isError, ms: performance.now() - started }];
  }
  return [
    ...(instructions === undefined ? [] : [{ kind: "instructions", text: instructions } as const]),
    ...(tools === undefined ? [] : [{ kind: "definitions", tools } as const]),
  ];
}
