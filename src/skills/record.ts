// `skill.json`: what was known when a skill was proven, so that a change of its tools is seen. It reads text only.
import { createHash } from "node:crypto";
import { z } from "zod";
import { moduleFile } from "./names.ts";

/** The state of a skill of which only the name was recorded. */
export const UNKNOWN_STATE = "";

const toolSchema = z.object({
  /** The definition's hash in the servers' lock. */
  sha256: z.string(),
  /** Short hashes of its parts, to tell what changed. */
  parts: z.record(z.string(), z.string()),
});

const recordSchema = z.object({
  version: z.int().min(1),
  /** When this version was saved, as ISO 8601. */
  created: z.string(),
  /** Of the code as it was last found to fit its tools. */
  sha256: z.string(),
  /** The tools it uses, by `server/tool`. */
  tools: z.record(z.string(), toolSchema),
  /** Other modules of `skills/` it uses, by path in the home, with the state each was in. */
  skills: z.union([z.record(z.string(), z.string()), z.array(z.string()).transform(unknownStates)]),
  /** That it no longer fits: the state that was found so, and the difference in words. */
  stale: z.object({ state: z.string(), reason: z.string() }).optional(),
});

/** One skill's record. */
export type SkillRecord = z.infer<typeof recordSchema>;

/** A tool as a record remembers it. */
export type RecordedTool = z.infer<typeof toolSchema>;

/** Undefined for anything that is no record. */
export function parseRecord(text: string): SkillRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The record as it stands in the file. */
export function recordText(record: SkillRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Records used to name skills as `group/name` only: which state they were in is not known. */
function unknownStates(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((one) => {
      const [group = "", name = ""] = one.split("/");
      return [moduleFile({ group, name }), UNKNOWN_STATE];
    }),
  );
}

/** A hash of text. */
export function hashText(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}

/** One text for the state of a skill: its code and what it uses, by name, as they are now. */
export function stateOf(code: string, used: Iterable<readonly [string, string | undefined]>): string {
  const pairs = [...used].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hashText(JSON.stringify([hashText(code), pairs])).slice(0, 16);
}
