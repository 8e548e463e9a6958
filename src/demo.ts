// The demonstration: the real memory server in a throw-away home, our own MCP server, and a real client that plays the
// loop an agent plays. Everything it prints was measured while it ran, or is labelled otherwise.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { ToolgroveError } from "./errors.ts";
import { createO200kCounter, type OfflineCounter } from "./measure/tokens.ts";

/** What the demonstration needs from the door. */
export interface DemoOptions {
  /** The command line that starts this CLI. */
  readonly self: readonly string[];
  readonly version: string;
  readonly print: (text: string) => void;
}

const SENT = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string(), inputSchema: z.looseObject({}) })),
});
const RECORDS = 50;
const MEMORY_PACKAGE = "@modelcontextprotocol/server-memory";

const LOAD = `import * as memory from "./servers/memory";
const entities = Array.from({ length: ${RECORDS} }, (_, index) => ({
  name: \`Record_\${String(index + 1).padStart(3, "0")}\`,
  entityType: "record",
  observations: [
    \`count: \${index}\`,
    \`status: \${index % 3 === 0 ? "inactive" : "active"}\`,
    \`category: \${"ABCDE"[index % 5]}\`,
  ],
}));
const created = await memory.createEntities(entities);
return \`\${created.entities.length} records created\`;`;

const increment = (records: number): string => `import * as memory from "./servers/memory";
let updated = 0;
for (let number = 1; number <= ${records}; number++) {
  const id = \`Record_\${String(number).padStart(3, "0")}\`;
  const { entities: [record] } = await memory.openNodes([id]);
  const before = record.observations.find((text) => text.startsWith("count: "));
  await memory.deleteObservations([{ entityName: id, observations: [before] }]);
  await memory.addObservations([{ entityName: id, contents: [\`count: \${Number(before.slice(7)) + 1}\`] }]);
  updated++;
}
return \`\${updated} records updated\`;`;

const COUNT = `import * as memory from "./servers/memory";
const graph = await memory.readGraph();
const active = graph.entities.filter((entity) => entity.observations.includes("status: active"));
return \`\${active.length} of \${graph.entities.length} records are active\`;`;

/** Plays the demonstration. Rejects when any step fails; the throw-away home is removed either way. */
export async function playDemo(options: DemoOptions): Promise<void> {
  const home = await mkdtemp(path.join(os.tmpdir(), "toolgrove-demo-"));
  try {
    await makeHome(home);
    await play(home, options);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function makeHome(home: string): Promise<void> {
  const entry = {
    command: process.execPath,
    args: [memoryServer()],
    env: { MEMORY_FILE_PATH: "${TOOLGROVE_HOME}/workspace/memory.jsonl" },
  };
  await Promise.all(["servers", "skills", "workspace"].map((folder) => mkdir(path.join(home, folder))));
  await writeFile(path.join(home, "servers", "mcp.json"), JSON.stringify({ mcpServers: { memory: entry } }));
}

function memoryServer(): string {
  try {
    const require = createRequire(import.meta.url);
    return path.join(path.dirname(require.resolve(`${MEMORY_PACKAGE}/package.json`)), "dist", "index.js");
  } catch (error) {
    throw new ToolgroveError(
      "bad_input",
      `The demo needs the real memory server: npm install ${MEMORY_PACKAGE}`,
      {
        cause: error,
      },
    );
  }
}

async function play(home: string, { self, version, print }: DemoOptions): Promise<void> {
  const [command = "", ...args] = self;
  const transport = new StdioClientTransport({
    command,
    args: [...args, "serve", "--home", home],
    stderr: "inherit",
  });
  const client = new Client({ name: "toolgrove-demo", version }, { versionNegotiation: { mode: "auto" } });
  const started = performance.now();
  await client.connect(transport);
  print(
    `1. A client connects to Toolgrove over stdio: ${since(started)}. Toolgrove starts the real memory server and`,
  );
  print("   writes a typed wrapper for each of its tools.\n");
  try {
    const ask = createAsker(client, print);
    await wrappersReady(client);
    await ask("2. search_tools", "search_tools", { query: "add facts to an existing entity", limit: 3 });
    await ask("3. read_tool", "read_tool", { path: "servers/memory/addObservations" });
    await ask(`4. execute_code: load ${RECORDS} records`, "execute_code", { code: LOAD });
    await ask("5. execute_code: find and update 5 records", "execute_code", { code: increment(5) });
    await ask(`6. execute_code: find and update all ${RECORDS}`, "execute_code", {
      code: increment(RECORDS),
    });
    await ask("7. execute_code: count the active ones", "execute_code", { code: COUNT });
    await printTokens(client, print);
  } finally {
    await client.close();
  }
}

/** Searches until the generated wrappers are there; a minute at most. */
async function wrappersReady(client: Client): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if ((await call(client, "read_tool", { path: "servers/memory/readGraph" })).text.startsWith("import"))
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new ToolgroveError("upstream_start", "The memory server's wrappers did not appear within a minute.");
}

interface Answer {
  readonly text: string;
  /** Upstream calls an execution made, by tool. */
  readonly calls: Readonly<Record<string, number>>;
}

async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Answer> {
  const result = await client.callTool({ name, arguments: args });
  const text = result.content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
  if (result.isError) throw new ToolgroveError("tool_failed", `${name} failed: ${text}`);
  return { text, calls: (result._meta?.["toolgrove/calls"] ?? {}) as Record<string, number> };
}

function createAsker(
  client: Client,
  print: (text: string) => void,
): (title: string, name: string, args: Record<string, unknown>) => Promise<void> {
  return async (title, name, args) => {
    const started = performance.now();
    const { text, calls } = await call(client, name, args);
    const inner = Object.entries(calls).map(([tool, count]) => `${tool} ×${count}`);
    print(`${title} (${since(started)})`);
    for (const line of text.split("\n")) print(`   ${line}`);
    print(
      inner.length > 0 ? `   calls made inside, none of them through the model: ${inner.join(", ")}\n` : "",
    );
  };
}

/** The tokens an agent's context always holds: the nine definitions of the memory server against our three. */
async function printTokens(client: Client, print: (text: string) => void): Promise<void> {
  const counter = await createO200kCounter();
  const direct = new Client({ name: "toolgrove-demo", version: "1" });
  await direct.connect(
    new StdioClientTransport({ command: process.execPath, args: [memoryServer()], stderr: "ignore" }),
  );
  const nine = await definitionTokens(direct, counter);
  await direct.close();
  const ours = await definitionTokens(client, counter);
  const instructions = counter.count(client.getInstructions() ?? "");
  print("8. What the context holds before any work, in tokens");
  print(`   the memory server's ${nine.tools} definitions, loaded directly: ${nine.tokens}`);
  print(
    `   Toolgrove's ${ours.tools} definitions: ${ours.tokens}, and its instructions: ${instructions}; the same for any number of tools`,
  );
  print(
    "\nMeasured here: times (this machine, now), calls, and tokens of name, description and input schema as JSON,",
  );
  print(`counted with ${counter.label}: an estimate for Claude, whose tokenizer is not public.`);
  print(
    "Not measured here: a model. A client that calls tools directly passes each of the calls above, and each result,",
  );
  print(
    "through the model; how long and how costly that is depends on the model. With nine tools Toolgrove's three",
  );
  print("definitions save little; calls and results that stay inside are where it pays.");
}

/** As the server sends them: a client's own copy may have other keys first, which costs other tokens. */
async function definitionTokens(
  client: Client,
  counter: OfflineCounter,
): Promise<{ tools: number; tokens: number }> {
  const { tools } = await client.request({ method: "tools/list", params: {} }, SENT);
  return { tools: tools.length, tokens: await counter.countTools(tools) };
}

function since(started: number): string {
  return `${Math.round(performance.now() - started)} ms`;
}
