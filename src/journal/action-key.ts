// When two actions are the same: the same tool with the same arguments, whatever the order of their keys.
import { createHash } from "node:crypto";
import type { Action } from "./run-state.ts";

/** The action in a few characters. */
export function keyOf({ server, tool, args }: Pick<Action, "server" | "tool" | "args">): string {
  return hashText(JSON.stringify([server, tool, args], sortKeys));
}

/** SHA-256 of a text. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
