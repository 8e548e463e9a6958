// One server, four kinds of clients: the old SDK, the new one in both protocol eras, and the Inspector.
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  childEnv,
  cli,
  connect,
  memoryEntry,
  MODERN,
  repository,
  run,
  toolgrove,
  useHomes,
  type TestHome,
} from "./world.ts";

/** What the three SDK clients have in common. */
interface AnyClient {
  listTools(): Promise<{ tools: { readonly [key: string]: unknown }[] }>;
  callTool(params: {
    name: string;
    arguments: { [name: string]: unknown };
  }): Promise<{ [key: string]: unknown }>;
  getInstructions(): string | undefined;
  getServerVersion(): { readonly name: string; readonly version: string } | undefined;
  close(): Promise<void>;
}

const newHome = useHomes();
let home: TestHome;
const open = new Map<string, AnyClient>();

async function connectOld(): Promise<AnyClient> {
  const client = new OldClient({ name: "old", version: "1.0.0" });
  const args = [cli, "serve", "--home", home.root];
  await client.connect(
    new OldTransport({ command: process.execPath, args, env: childEnv(), stderr: "ignore" }),
  );
  return client;
}

beforeAll(async () => {
  home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  open.set("v1 SDK", await connectOld());
  open.set("v2 SDK, 2025", (await connect(home)).client);
  open.set("v2 SDK, 2026", (await connect(home, { pin: MODERN })).client);
});
afterAll(() => Promise.all([...open.values()].map((client) => client.close())));

const reads = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
const writes = { readOnlyHint: false, destructiveHint: true, openWorldHint: true };
const contract = [
  {
    name: "search_tools",
    annotations: reads,
    inputs: ["query", "limit", "server", "detail"],
    required: ["query"],
  },
  { name: "read_tool", annotations: reads, inputs: ["path"], required: ["path"] },
  {
    name: "execute_code",
    annotations: writes,
    // Each may be left out: what is missing is answered with what to do.
    inputs: ["code", "timeout_ms", "resume", "on_doubt", "save_as"],
    required: undefined,
  },
];

describe.each(["v1 SDK", "v2 SDK, 2025", "v2 SDK, 2026"])("%s", (kind) => {
  const client = (): AnyClient => {
    const found = open.get(kind);
    if (!found) throw new Error(`${kind} is not connected`);
    return found;
  };

  test("sees exactly the three tools of the contract", async () => {
    const { tools } = await client().listTools();
    const seen = tools.map(({ name, annotations, inputSchema }) => {
      const schema = inputSchema as { properties: object; required: string[] };
      return { name, annotations, inputs: Object.keys(schema.properties), required: schema.required };
    });
    expect(seen).toEqual(contract);
  });

  test("is told to load them always, and of no output schema", async () => {
    const { tools } = await client().listTools();
    expect(tools.map(({ _meta }) => _meta)).toEqual(contract.map(() => ({ "anthropic/alwaysLoad": true })));
    expect(tools.filter((tool) => "outputSchema" in tool)).toEqual([]);
  });

  test("gets instructions and descriptions that no client cuts", async () => {
    const { tools } = await client().listTools();
    const texts = [client().getInstructions(), ...tools.map(({ description }) => description)].map(String);
    for (const text of texts) expect(text.length).toBeLessThan(4_096);
    expect(texts[0]).toMatch(/search_tools[^]*read_tool[^]*execute_code/);
    expect(client().getServerVersion()).toMatchObject({ name: "toolgrove" });
  });

  test("finds, reads and calls a tool; every answer is one text block and nothing else", async () => {
    const answers = [
      await client().callTool({
        name: "search_tools",
        arguments: { query: "add facts to an entity", limit: 1 },
      }),
      await client().callTool({ name: "read_tool", arguments: { path: "servers/memory/readGraph" } }),
      await client().callTool({
        name: "execute_code",
        arguments: { code: "return (await memory.readGraph()).entities" },
      }),
    ];
    const [found, read, done] = answers.map(({ content }) => content);
    expect(found).toEqual([
      { type: "text", text: expect.stringMatching(/^servers\/memory\/addObservations\(/) },
    ]);
    expect(read).toEqual([
      { type: "text", text: expect.stringMatching(/^import \{ readGraph \} from "\.\/servers\/memory";\n/) },
    ]);
    expect(done).toEqual([{ type: "text", text: "[]" }]);
    for (const answer of answers) expect(answer).not.toHaveProperty("structuredContent");
    for (const answer of answers) expect(answer).not.toHaveProperty("isError", true);
  });

  test("is told what a failed program did wrong", async () => {
    const answer = await client().callTool({ name: "execute_code", arguments: { code: "null.x" } });
    expect(answer).toMatchObject({
      isError: true,
      content: [{ type: "text", text: expect.stringMatching(/^TypeError: /) }],
    });
  });
});

test("the two eras are really spoken", async () => {
  const [legacy, modern] = await Promise.all([connect(home), connect(home, { pin: MODERN })]);
  const eras = [legacy, modern].map(({ client }) => [
    client.getProtocolEra(),
    client.getNegotiatedProtocolVersion(),
  ]);
  await Promise.all([legacy.close(), modern.close()]);
  expect(eras).toEqual([
    ["legacy", "2025-11-25"],
    ["modern", MODERN],
  ]);
});

test("definitions and instructions do not depend on the catalog, the connection or what was called", async () => {
  const [client] = [open.get("v2 SDK, 2025")];
  const bare = await connect(newHome());
  const mine = JSON.stringify([await client?.listTools(), client?.getInstructions()]);
  const theirs = JSON.stringify([await bare.client.listTools(), bare.client.getInstructions()]);
  await bare.close();
  expect(mine).toContain("search_tools");
  expect(theirs).toBe(mine);
});

describe("the MCP Inspector", () => {
  const inspector = path.join(repository, "node_modules/.bin/mcp-inspector");
  const inspect = async (...args: readonly string[]): Promise<{ [key: string]: unknown }> => {
    const target = [process.execPath, cli, "serve", "--home", home.root];
    const { stdout, stderr, code } = await run(process.execPath, [inspector, "--cli", ...target, ...args]);
    if (code !== 0) throw new Error(`the Inspector failed: ${stderr}`);
    return JSON.parse(stdout) as { [key: string]: unknown };
  };
  const call = (tool: string, ...args: readonly string[]) =>
    inspect("--method", "tools/call", "--tool-name", tool, ...args.flatMap((arg) => ["--tool-arg", arg]));

  test("lists the three tools", async () => {
    const { tools } = await inspect("--method", "tools/list");
    expect((tools as { name: string }[]).map(({ name }) => name)).toEqual(contract.map(({ name }) => name));
  });

  test("calls each of them", async () => {
    const answers = await Promise.all([
      call("search_tools", "query=read the whole graph", "limit=1"),
      call("read_tool", "path=servers/memory"),
      call("execute_code", "code=6 * 7", "timeout_ms=5000"),
    ]);
    expect(answers).toEqual([
      { content: [{ type: "text", text: expect.stringMatching(/^servers\/memory\/readGraph\(/) }] },
      { content: [{ type: "text", text: expect.stringContaining("openNodes") }] },
      { content: [{ type: "text", text: "42" }] },
    ]);
  });
});

test("serve is the command that runs when none is named", async () => {
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2024-11-05", capabilities: {}, clientInfo: { name: "raw", version: "0" } },
  };
  const { stdout, code } = await toolgrove(["--home", home.root], {
    input: `${JSON.stringify(initialize)}\n`,
  });
  expect(JSON.parse(stdout)).toMatchObject({
    id: 1,
    result: { protocolVersion: "2024-11-05", serverInfo: { name: "toolgrove" } },
  });
  expect(code).toBe(0);
});
