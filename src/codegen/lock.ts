// What a server said of its tools when its owner last looked: a hash a tool, and enough beside it to tell what changed.
import { z } from "zod";
import type { ToolDefinition } from "../tool.ts";
import { canonicalJson, hashOf } from "./canonical-json.ts";
import { showInvisible } from "./safe-text.ts";
import { keywordsOf, listOf } from "./schema.ts";
import { learnedSchema, type Learned } from "./shape.ts";

/** One tool in the lock. */
export interface LockedTool {
  /** SHA-256 of the definition's canonical JSON: keys sorted, nothing left out. */
  readonly sha256: string;
  /** The description's beginning, with what nobody sees written out. */
  readonly description?: string | undefined;
  /** Short hashes of the definition's parts: `description`, `annotations`, `input`, `input.path` and so on. */
  readonly parts: Readonly<Record<string, string>>;
  /** What its results look like, where the server does not say. No part of the hash. */
  readonly learned?: Learned | undefined;
}

/** A server's tools in the lock, by upstream name. */
export type LockedTools = ReadonlyMap<string, LockedTool>;

/** One tool as it stands in the file. */
export const lockedToolSchema: z.ZodType<LockedTool> = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  description: z.string().optional(),
  parts: z.record(z.string(), z.string()),
  learned: learnedSchema.optional(),
});

/** So much of a description is kept to be shown when it changes; the rest is told by its hash alone. */
export const MAX_DESCRIPTION = 2_000;

const SHORT = 12;

/** The lock of one definition. */
export function lockTool(definition: ToolDefinition): LockedTool {
  const { title, description, annotations, inputSchema, outputSchema } = definition;
  const parts = [
    ...wholePart("title", title),
    ...wholePart("description", description),
    ...wholePart("annotations", annotations),
    ...schemaParts("input", inputSchema),
    ...schemaParts("output", outputSchema),
  ];
  return {
    sha256: hashDefinition(definition),
    ...(description !== undefined && { description: showInvisible(description.slice(0, MAX_DESCRIPTION)) }),
    parts: Object.fromEntries(parts.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The hash of all that a definition says; whatever else the object may carry does not count. */
export function hashDefinition(definition: ToolDefinition): string {
  const { name, title, description, inputSchema, outputSchema, annotations } = definition;
  return hashOf({ name, title, description, inputSchema, outputSchema, annotations });
}

type Part = readonly [name: string, hash: string];

function wholePart(name: string, value: unknown): Part[] {
  return value === undefined ? [] : [[name, hashOf(value).slice(0, SHORT)]];
}

/** Each property with whether it is required, and the rest of the schema. */
function schemaParts(name: string, schema: unknown): Part[] {
  const keywords = keywordsOf(schema);
  if (!keywords) return wholePart(name, schema);
  const properties = keywordsOf(keywords["properties"]) ?? {};
  const required = new Set(listOf(keywords["required"]).map(canonicalJson));
  const own = Object.entries(properties).flatMap(([key, property]) => {
    const isRequired = required.delete(canonicalJson(key));
    return wholePart(`${name}.${showInvisible(key)}`, { property, isRequired });
  });
  const { properties: _properties, required: _required, ...rest } = keywords;
  return [...wholePart(name, { ...rest, required: [...required].toSorted() }), ...own];
}
