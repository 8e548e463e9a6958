// What an agent's context always holds: three definitions and the instructions. Constant texts: anything that changed
// with the catalog would throw away the client's prompt cache. Every word is paid for in every session.
import type { ToolAnnotations } from "@modelcontextprotocol/server";
import { z } from "zod";

/** How to use the three tools. */
export const INSTRUCTIONS: string = `The user's MCP servers are typed TypeScript functions here. Do a whole job in one program:
1. search_tools in your own words.
2. read_tool for exact types.
3. execute_code: loop, filter and join inside it; only what you print or return comes back.
Example: import * as memory from "./servers/memory";
const { entities } = await memory.readGraph();
return entities.length;
Files: the global workspace: read/write/append of Text, Csv, Jsonl; read/writeJson; rows(path) streams; list(glob); read_tool "workspace" shows all. No network, no packages.`;

/** Claude Code would hide the three behind its own tool search without this key. */
const META = { "anthropic/alwaysLoad": true };

const READS: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
const WRITES: ToolAnnotations = { readOnlyHint: false, destructiveHint: true, openWorldHint: true };

const searchInput = z.object({
  query: z.string(),
  limit: z.int().min(1).max(100).optional().describe("Default 10"),
  server: z.string().optional(),
  detail: z.enum(["name", "summary", "full"]).optional().describe("full adds types"),
});
const readInput = z.object({
  path: z
    .string()
    .describe('"" lists all; a folder, a file or a glob: servers/memory/{createEntities,openNodes}'),
});
const executeInput = z.object({
  code: z.string().optional().describe("TypeScript; top-level await and return work"),
  timeout_ms: z.int().min(1).max(600_000).optional().describe("Default 60000"),
  resume: z.string().optional().describe("Run to go on with; code: mended or none"),
  on_doubt: z.enum(["retry", "skip"]).optional().describe("Calls whose answer was lost"),
  save_as: z.string().optional().describe("Keep exported functions as a skill: group/name"),
});

/** The three tools. */
export const DEFINITIONS = {
  search_tools: {
    title: "Search tools",
    description: "Find functions of the connected MCP servers, and saved skills.",
    inputSchema: searchInput,
    annotations: READS,
    _meta: META,
  },
  read_tool: {
    title: "Read a tool",
    description: "Show import line, docs and types of functions, or list a folder.",
    inputSchema: readInput,
    annotations: READS,
    _meta: META,
  },
  execute_code: {
    title: "Execute code",
    description: "Run a program that calls those functions, sandboxed. Answers its output and value.",
    inputSchema: executeInput,
    annotations: WRITES,
    _meta: META,
  },
} as const;
