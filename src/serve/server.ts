// The MCP server: three tools, the workspace's files and the skills onto the gateway, in both protocol eras. It holds no logic of its own.
import { McpServer, type CallToolResult } from "@modelcontextprotocol/server";
import type { Gateway } from "../gateway.ts";
import { messageOf, ToolgroveError } from "../errors.ts";
import { progressTo } from "./progress.ts";
import { offerPrompts } from "./prompts.ts";
import { offerResources } from "./resources.ts";
import { offerSkills, tellOfSkills } from "./skills.ts";
import type { Watching } from "./watching.ts";
import { DEFINITIONS, INSTRUCTIONS } from "./definitions.ts";

/** One connection's server. */
export interface Serving {
  readonly server: McpServer;
  readonly watching: Watching;
}

/** Makes one server instance; the SDK asks for one per connection. All instances share the gateway. */
export function createServer(gateway: () => Promise<Gateway>, version: string): Serving {
  const server = new McpServer(
    { name: "toolgrove", title: "Toolgrove", version },
    { instructions: INSTRUCTIONS },
  );
  server.registerTool("search_tools", DEFINITIONS.search_tools, ({ query, limit, server: only, detail }) =>
    answer(async () => ({ text: await (await gateway()).search(query, { limit, server: only, detail }) })),
  );
  server.registerTool("read_tool", DEFINITIONS.read_tool, ({ path }) =>
    answer(async () => (await gateway()).read(path)),
  );
  server.registerTool("execute_code", DEFINITIONS.execute_code, (input, context) =>
    answer(async () =>
      (await gateway()).execute({
        code: input.code,
        timeoutMs: input.timeout_ms,
        resume: input.resume,
        onDoubt: input.on_doubt,
        saveAs: input.save_as,
        signal: context.mcpReq.signal,
        onProgress: progressTo(context),
      }),
    ),
  );
  offerSkills(server, gateway);
  offerPrompts(server, gateway);
  const watching = offerResources(server, gateway);
  const stopTelling = tellOfSkills(server, gateway);
  return {
    server,
    watching: {
      ...watching,
      close() {
        stopTelling();
        watching.close();
      },
    },
  };
}

interface Answer {
  readonly text: string;
  readonly isError?: boolean;
  readonly calls?: Readonly<Record<string, number>>;
}

/** Plain text, never `structuredContent`: some clients would show that instead of the text. */
async function answer(produce: () => Promise<Answer>): Promise<CallToolResult> {
  try {
    const { text, isError = false, calls = {} } = await produce();
    // In `_meta` the calls cost no context: clients show it to programs, not to the model.
    const meta = Object.keys(calls).length > 0 ? { _meta: { "toolgrove/calls": calls } } : {};
    return { content: [{ type: "text", text }], ...(isError ? { isError } : {}), ...meta };
  } catch (error) {
    const code = error instanceof ToolgroveError ? error.code : "internal";
    return {
      content: [{ type: "text", text: `Toolgrove failed (${code}): ${messageOf(error)}` }],
      isError: true,
    };
  }
}
