// The lines of a ledger: counts of what crossed the model's boundary and of what stayed inside. Never a content.
import { createHash } from "node:crypto";
import path from "node:path";
import { z } from "zod";

const count = z.int().min(0);

/** One line of a session's file. Tokens are of `o200k_base`; times are in milliseconds. */
export const recordSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("session"),
    format: z.literal(1),
    id: z.string(),
    at: z.string(),
    home: z.string(),
    version: z.string(),
  }),
  /** What the client was told about our use. */
  z.object({ kind: z.literal("instructions"), tokens: count }),
  /** The definitions a client received. */
  z.object({ kind: z.literal("definitions"), tools: count, tokens: count }),
  /** A call of one of our tools: a round trip through the model. */
  z.object({
    kind: z.literal("call"),
    tool: z.string(),
    arguments: count,
    answer: count,
    bytes: count,
    ms: z.number().min(0),
    isError: z.boolean(),
  }),
  /** A call that code made to a server: what the model never saw. */
  z.object({
    kind: z.literal("inner"),
    server: z.string(),
    tool: z.string(),
    arguments: count,
    result: count,
    bytes: count,
    ms: z.number().min(0),
    isError: z.boolean(),
  }),
  /** Nothing was recorded from here on: the session is too long. */
  z.object({ kind: z.literal("cut") }),
]);

/** One line of a session's file. */
export type LedgerRecord = z.infer<typeof recordSchema>;

/** What a line is made of before it is counted: which texts are to be counted for which of its keys. */
export interface Uncounted {
  /** All but the counts. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

/** The folder with the sessions of a home. */
export function sessionsDir(stateDir: string, home: string): string {
  return path.join(stateDir, "sessions", createHash("sha256").update(home).digest("hex").slice(0, 16));
}
