// What Toolgrove costs beside a bare SDK client and server, as ratios within one run: machines differ, ratios less so.
// Run by `npm run bench`. Real processes over stdio: the built CLI, the real memory server, an SDK echo server.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const memoryServer = path.join(repository, "node_modules/@modelcontextprotocol/server-memory/dist/index.js");
const echoServer = path.join(repository, "test/bench/echo-server.mjs");
const cli = path.join(repository, "dist/cli.js");
const RECORDS = 50;

const home = await mkdtemp(path.join(os.tmpdir(), "toolgrove-bench-"));
try {
  await makeHome();
  const figures = [...(await measureStart()), ...(await measureWarm())];
  for (const { name, ours, bare, aim } of figures) {
    const ratio = bare === undefined ? "" : `${(ours / bare).toFixed(2)} ×`;
    const against =
      bare === undefined ? `${ours.toFixed(1)}` : `${ours.toFixed(2)} ms against ${bare.toFixed(2)} ms`;
    console.log(`${name.padEnd(62)}${ratio.padStart(9)}   ${against}   (aim: ${aim})`);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}

async function makeHome() {
  const entry = {
    command: process.execPath,
    args: [memoryServer],
    env: { MEMORY_FILE_PATH: path.join(home, "workspace", "memory.jsonl") },
  };
  await Promise.all(["skills", "workspace"].map((folder) => mkdir(path.join(home, folder))));
  await cp(path.join(repository, "servers"), path.join(home, "servers"), { recursive: true });
  await writeFile(path.join(home, "servers", "mcp.json"), JSON.stringify({ mcpServers: { memory: entry } }));
  const entities = Array.from({ length: RECORDS }, (_, index) => ({
    name: `Record_${String(index + 1).padStart(3, "0")}`,
    entityType: "record",
    observations: [`count: ${index}`, "status: active", "category: A"],
  }));
  const client = await connectMemory();
  await client.callTool({ name: "create_entities", arguments: { entities } });
  await client.close();
}

function connect(args, env) {
  const client = new Client({ name: "bench", version: "1" });
  return client
    .connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" }))
    .then(() => client);
}

function connectMemory() {
  return connect([memoryServer], { MEMORY_FILE_PATH: path.join(home, "workspace", "memory.jsonl") });
}

function connectToolgrove() {
  return connect([cli, "serve", "--home", home], { HOME: home, XDG_CACHE_HOME: path.join(home, ".cache") });
}

async function execute(client, code) {
  const result = await client.callTool({ name: "execute_code", arguments: { code, timeout_ms: 120_000 } });
  if (result.isError) throw new Error(result.content[0].text);
  return result.content[0].text;
}

/** Starts, in turns, so that a busy moment hits both. The first round warms the disk and is dropped. */
async function measureStart() {
  const initialize = { ours: [], bare: [] };
  const firstCall = { ours: [], bare: [] };
  const read = (client) => client.callTool({ name: "read_graph", arguments: {} });
  const readByCode = (client) => execute(client, "return (await memory.readGraph()).entities.length");
  for (let round = 0; round < 8; round++) {
    const drop = round === 0;
    await startOnce(() => connect([echoServer]), undefined, drop ? [] : initialize.bare);
    await startOnce(connectToolgrove, undefined, drop ? [] : initialize.ours);
    await startOnce(connectMemory, read, drop ? [] : firstCall.bare);
    await startOnce(connectToolgrove, readByCode, drop ? [] : firstCall.ours);
  }
  return [
    row("start to the answer of initialize, against a bare SDK server", initialize, "no aim"),
    row("start to the first code with one upstream call", firstCall, "at most 3"),
  ];
}

async function startOnce(open, work, times) {
  const started = performance.now();
  const client = await open();
  await work?.(client);
  times.push(performance.now() - started);
  await client.close();
}

async function measureWarm() {
  const [ours, bare, echo] = await Promise.all([connectToolgrove(), connectMemory(), connect([echoServer])]);
  try {
    await execute(ours, "return 1+1");
    return [
      row(
        "return 1+1, against one call of a bare SDK echo tool",
        await measureTrivial(ours, echo),
        "single-digit ms",
      ),
      row("a read, of 1,000 in sequence (per call)", await measureReads(ours, bare), "at most 1.5"),
      row(
        "find and update, of 100 in sequence (per record)",
        await measureUpdates(ours, bare),
        "at most 1.3",
      ),
      await measureTokens(ours),
    ];
  } finally {
    await Promise.all([ours.close(), bare.close(), echo.close()]);
  }
}

async function measureTrivial(ours, echo) {
  const times = { ours: [], bare: [] };
  for (let round = 0; round < 30; round++) {
    // An agent thinks between two executions; the pool refills in that time.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await timed(times.ours, () => execute(ours, "return 1+1"));
    await timed(times.bare, () => echo.callTool({ name: "echo", arguments: { text: "2" } }));
  }
  return times;
}

async function measureReads(ours, bare) {
  const times = { ours: [], bare: [] };
  const code = `for (let n = 0; n < 1000; n++) await memory.openNodes(["Record_001"]);`;
  for (let round = 0; round < 3; round++) {
    await timed(times.bare, async () => {
      for (let n = 0; n < 1000; n++)
        await bare.callTool({ name: "open_nodes", arguments: { names: ["Record_001"] } });
    });
    await timed(times.ours, () => execute(ours, code));
  }
  return perItem(times, 1000);
}

async function measureUpdates(ours, bare) {
  const times = { ours: [], bare: [] };
  const code = `for (let n = 0; n < 100; n++) {
    const id = \`Record_\${String((n % ${RECORDS}) + 1).padStart(3, "0")}\`;
    await memory.openNodes([id]);
    await memory.deleteObservations([{ entityName: id, observations: ["note"] }]);
    await memory.addObservations([{ entityName: id, contents: ["note"] }]);
  }`;
  for (let round = 0; round < 5; round++) {
    await timed(times.bare, async () => {
      for (let n = 0; n < 100; n++) {
        const id = `Record_${String((n % RECORDS) + 1).padStart(3, "0")}`;
        await bare.callTool({ name: "open_nodes", arguments: { names: [id] } });
        const deletions = [{ entityName: id, observations: ["note"] }];
        await bare.callTool({ name: "delete_observations", arguments: { deletions } });
        const observations = [{ entityName: id, contents: ["note"] }];
        await bare.callTool({ name: "add_observations", arguments: { observations } });
      }
    });
    await timed(times.ours, () => execute(ours, code));
  }
  return perItem(times, 100);
}

async function measureTokens(ours) {
  const text = await execute(ours, `return (await memory.openNodes(["Record_001"])).entities[0]`);
  const extra = countTokens(text) - countTokens(JSON.stringify(JSON.parse(text)));
  return { name: "tokens of one returned record beyond its compact JSON", ours: extra, aim: "at most 8" };
}

async function timed(times, work) {
  const started = performance.now();
  await work();
  times.push(performance.now() - started);
}

function perItem({ ours, bare }, count) {
  return { ours: ours.map((time) => time / count), bare: bare.map((time) => time / count) };
}

function row(name, { ours, bare }, aim) {
  return { name, ours: median(ours), bare: median(bare), aim };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
