// Where a server's new definitions stand against its lock: what is taken over, and what a pin holds back. Pure.
import type { ToolDefinition } from "../tool.ts";
import { diffTools, type ToolChange } from "./lock-diff.ts";
import { lockTool, type LockedTool, type LockedTools } from "./lock.ts";
import { cutToSize } from "./shape-type.ts";
import { mergeLearned, type Learned } from "./shape.ts";

/** What is weighed. */
export interface StandingOptions {
  readonly definitions: readonly ToolDefinition[];
  /** The server's tools in the lock; undefined when it has never been synced, and then everything is taken over. */
  readonly locked: LockedTools | undefined;
  /** Whether a change to this tool is held back. */
  readonly holds: (tool: string) => boolean;
  /** What results look like, by tool; what the lock has learned is kept. `off` drops both. */
  readonly learned: ReadonlyMap<string, Learned> | "off";
}

/** One tool that differs from the lock; held when things stay as they were. */
export interface WeighedChange extends ToolChange {
  readonly held: boolean;
}

/** What becomes of the definitions. */
export interface Standing {
  /** Definitions that get a wrapper. */
  readonly definitions: readonly ToolDefinition[];
  /** Tools whose wrappers stay as they are. */
  readonly held: readonly string[];
  /** What the lock is to say. */
  readonly lock: LockedTools;
  /** Everything that differs from the lock. */
  readonly changes: readonly WeighedChange[];
}

/** Weighs a server's definitions against its lock. */
export function weigh({ definitions, locked, holds, learned }: StandingOptions): Standing {
  const live = lockAll(definitions);
  const changes = diffTools(locked ?? new Map(), live).map((change) => {
    return Object.assign(change, { held: locked !== undefined && holds(change.tool) });
  });
  const held = new Set(changes.filter((change) => change.held).map(({ tool }) => tool));
  const names = [...new Set([...live.keys(), ...held])];
  const lock = names.flatMap((name): [string, LockedTool][] => {
    const old = locked?.get(name);
    const tool = held.has(name) ? old : live.get(name);
    return tool
      ? [[name, withLearned(tool, old?.learned, learned === "off" ? learned : learned.get(name))]]
      : [];
  });
  return {
    definitions: definitions.filter(({ name }) => !held.has(name)),
    // A tool that was never accepted has no wrapper to keep, and may not take part in naming the others.
    held: [...held].filter((name) => locked?.has(name)),
    lock: new Map(lock),
    changes,
  };
}

function lockAll(definitions: readonly ToolDefinition[]): LockedTools {
  const live = new Map<string, LockedTool>();
  for (const definition of definitions) {
    try {
      if (!live.has(definition.name)) live.set(definition.name, lockTool(definition));
    } catch {
      // It gets no wrapper either, and there it is said why.
    }
  }
  return live;
}

function withLearned(
  tool: LockedTool,
  before: Learned | undefined,
  news: Learned | "off" | undefined,
): LockedTool {
  const { learned: _dropped, ...rest } = tool;
  if (news === "off" || Object.hasOwn(tool.parts, "output")) return rest;
  const both = before && news ? mergeLearned(before, news) : (before ?? news);
  return both ? { ...rest, learned: { ...both, shape: cutToSize(both.shape) } } : rest;
}
