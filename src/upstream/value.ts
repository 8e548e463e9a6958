// Turns what an upstream tool answered into the value the agent's code sees. It calls nothing and keeps no file.
import { z } from "zod";
import { ToolError, type ToolgroveError } from "../errors.ts";
import type { ToolRef } from "../tool.ts";

/** What `tools/call` answers, read leniently: a block of an unknown type or a result that misses its schema still arrives. */
export const toolResultSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).nullish(),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().nullish(),
});

/** A tool's answer as it came over the wire. */
export type ToolResult = z.infer<typeof toolResultSchema>;

/** One block of an answer, with its fields as sent. */
export interface ContentBlock {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The value of an answer that holds more than text: its text, when there is some, and its other blocks in order. */
interface BlocksValue {
  readonly text?: string;
  readonly blocks: readonly ContentBlock[];
}

/**
 * The one rule, the first line that fits. "Blocks" are what is not text; their contents are in files by now.
 *
 * 1. `isError` → throws `ToolError` with the answer's text.
 * 2. `structuredContent` (not null) and no blocks → that. Texts beside it are the same again, for clients that read no
 *    structure: so the specification has it.
 * 3. `structuredContent` beside blocks → that, with all content in order under one more key, `_blocks`; when it is no
 *    object or has such a key itself, `{ value, _blocks }`.
 * 4. No content → `null`.
 * 5. Blocks → `{ text?, blocks }`, nothing dropped, nothing parsed.
 * 6. One text → the object, array, number, boolean or null it is as JSON, else the text itself. A JSON string stays as
 *    written, and so does a whole number too large to be exact.
 * 7. Several texts → joined by line ends.
 */
export function toValue(ref: ToolRef, result: ToolResult): unknown {
  if (result.isError) throw failure(ref, result);
  const content = result.content ?? [];
  const blocks = content.filter((block) => textOf(block).length === 0);
  const structured = result.structuredContent ?? undefined;
  if (structured !== undefined) return blocks.length > 0 ? besides(structured, content) : structured;
  const texts = content.flatMap(textOf);
  if (blocks.length > 0)
    return { ...(texts.length > 0 && { text: texts.join("\n") }), blocks } satisfies BlocksValue;
  const [first] = texts;
  if (first === undefined) return null;
  return texts.length === 1 ? parseText(first) : texts.join("\n");
}

function besides(structured: unknown, content: readonly ContentBlock[]): object {
  const isOpen =
    typeof structured === "object" &&
    !Array.isArray(structured) &&
    !Object.hasOwn(structured ?? {}, "_blocks");
  return isOpen ? { ...structured, _blocks: content } : { value: structured, _blocks: content };
}

function textOf(block: ContentBlock): string[] {
  return block.type === "text" && typeof block["text"] === "string" ? [block["text"]] : [];
}

function parseText(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const isInexact = typeof value === "number" && /^-?\d+$/.test(text.trim()) && !Number.isSafeInteger(value);
  return typeof value === "string" || isInexact ? text : value;
}

function failure(ref: ToolRef, result: ToolResult): ToolgroveError {
  const text = (result.content ?? []).flatMap(textOf).join("\n");
  const detail = text || (result.structuredContent ? JSON.stringify(result.structuredContent) : "");
  return new ToolError(
    ref.server,
    ref.tool,
    detail || `${ref.server}.${ref.tool} reported a failure and gave no reason.`,
  );
}
