// Reads a server's tool list: all pages, each tool on its own, so that one bad definition costs only itself.
import { z } from "zod";
import { ToolgroveError } from "../errors.ts";
import type { JsonSchema, ToolAnnotations, ToolDefinition } from "../tool.ts";

/** What is wrong with one tool's definition, and what was done about it. */
interface ToolWarning {
  readonly tool: string;
  readonly reason: string;
}

/** A server's tools in the order it lists them. */
export interface ToolListing {
  readonly definitions: readonly ToolDefinition[];
  readonly warnings: readonly ToolWarning[];
  /** What the server tells every client about its use, if it does. */
  readonly instructions?: string;
}

/** One page of `tools/list`; the tools themselves are checked one by one. */
export const toolPageSchema = z.looseObject({
  tools: z.array(z.unknown()),
  nextCursor: z.string().nullish(),
});

type ReadPage = (cursor: string | undefined) => Promise<z.infer<typeof toolPageSchema>>;

const MAX_PAGES = 100;

/**
 * Reads every page and every tool that has a name. Throws `upstream_protocol` when a cursor comes twice or the list
 * does not end within 100 pages.
 */
export async function readToolList(server: string, readPage: ReadPage): Promise<ToolListing> {
  const raw: unknown[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    raw.push(...page.tools);
    // Some servers end their list with an empty cursor instead of none.
    cursor = page.nextCursor || undefined;
    if (cursor === undefined) break;
    if (cursors.has(cursor)) throw endless(server, `it gave the cursor "${cursor}" twice`);
    cursors.add(cursor);
  } while (cursors.size < MAX_PAGES);
  if (cursor !== undefined) throw endless(server, `it goes on after ${MAX_PAGES} pages`);
  return readDefinitions(raw);
}

function endless(server: string, what: string): ToolgroveError {
  const advice = `Report it to the makers of the server, or set "disabled": true for "${server}" in servers/mcp.json.`;
  return new ToolgroveError(
    "upstream_protocol",
    `The tool list of server "${server}" does not end: ${what}. ${advice}`,
  );
}

const nameSchema = z.looseObject({ name: z.string().min(1) });

function readDefinitions(raw: readonly unknown[]): ToolListing {
  const definitions = new Map<string, ToolDefinition>();
  const warnings: ToolWarning[] = [];
  for (const [index, item] of raw.entries()) {
    const parsed = nameSchema.safeParse(item);
    if (!parsed.success) {
      warnings.push({ tool: `#${index + 1}`, reason: "it has no name, so it was left out" });
    } else if (definitions.has(parsed.data.name)) {
      warnings.push({ tool: parsed.data.name, reason: "it is listed twice; the first definition was kept" });
    } else {
      definitions.set(parsed.data.name, readDefinition(parsed.data, warnings));
    }
  }
  return { definitions: [...definitions.values()], warnings };
}

const textSchema = z.string();
const objectSchema = z.record(z.string(), z.unknown());
const schemaSchema = z.union([
  z.boolean(),
  z.record(z.string(), z.unknown()),
]) satisfies z.ZodType<JsonSchema>;

/** Keeps the fields that are what they should be; each of the others gets a warning. Schemas are never compiled. */
function readDefinition(tool: z.infer<typeof nameSchema>, warnings: ToolWarning[]): ToolDefinition {
  const field = <T>(key: string, schema: z.ZodType<T>): T | undefined => {
    if (tool[key] === undefined || tool[key] === null) return undefined;
    const parsed = schema.safeParse(tool[key]);
    if (parsed.success) return parsed.data;
    warnings.push({ tool: tool.name, reason: `its ${key} is not valid and was ignored` });
    return undefined;
  };
  const title = field("title", textSchema);
  const description = field("description", textSchema);
  const outputSchema = field("outputSchema", schemaSchema);
  const annotations = field("annotations", objectSchema);
  return {
    name: tool.name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    inputSchema: field("inputSchema", schemaSchema) ?? { type: "object" },
    ...(outputSchema !== undefined && { outputSchema }),
    ...(annotations !== undefined && { annotations: readHints(annotations) }),
  };
}

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

function readHints(annotations: Readonly<Record<string, unknown>>): ToolAnnotations {
  const hints: { -readonly [hint in keyof ToolAnnotations]: ToolAnnotations[hint] } = {};
  for (const hint of HINTS) {
    const value = annotations[hint];
    if (typeof value === "boolean") hints[hint] = value;
  }
  return hints;
}
