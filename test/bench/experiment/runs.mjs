// The experiment's tasks on the real memory server, driven by a real MCP client: directly, and as one program by Toolgrove.
// Counts do not depend on the machine; times do, and come as ranges.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const memoryServer = path.join(repository, "node_modules/@modelcontextprotocol/server-memory/dist/index.js");
const cli = path.join(repository, "dist/cli.js");
const name = (number) => `Record_${String(number).padStart(3, "0")}`;

/** Records as the experiment describes them: count 0, every third inactive (34 of 50 are active), categories in turn. */
const records = (count) =>
  Array.from({ length: count }, (_, index) => ({
    name: name(index + 1),
    entityType: "record",
    observations: [
      "count: 0",
      `status: ${(index + 1) % 3 === 0 ? "inactive" : "active"}`,
      `category: ${"ABC"[index % 3]}`,
    ],
  }));
const tests = [1, 2, 3].map((nth) => ({
  name: `Test_${nth}`,
  entityType: "test",
  observations: ["status: active"],
}));

const SAMPLE_CODE = `import * as memory from "./servers/memory";
const graph = await memory.readGraph();
await memory.createEntities([1, 2, 3].map((nth) => ({ name: "Test_" + nth, entityType: "test", observations: ["status: active"] })));
const active = await memory.searchNodes("active");
await memory.addObservations([{ entityName: "Test_1", contents: ["status: processed"] }]);
await memory.deleteEntities(["Test_1", "Test_2", "Test_3"]);
return \`\${graph.entities.length} records, \${active.entities.length} active\`;`;

const updateCode = (count) => `import * as memory from "./servers/memory";
let updated = 0;
for (let number = 1; number <= ${count}; number++) {
  const id = "Record_" + String(number).padStart(3, "0");
  const { entities: [record] } = await memory.openNodes([id]);
  const before = Number(record.observations.findLast((text) => text.startsWith("count: ")).slice(7));
  await memory.addObservations([{ entityName: id, contents: ["count: " + (before + 1)] }]);
  updated++;
}
return updated + " records updated";`;

/** Runs everything \`rounds\` times and gives counts of the last round, which are checked to be those of the others. */
export async function measureRuns(sizes, rounds) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "toolgrove-experiment-"));
  try {
    const sample = await repeat(rounds, () => compare(folder, 50, sampleSteps, SAMPLE_CODE));
    const updates = [];
    for (const size of sizes)
      updates.push({
        records: size,
        ...(await repeat(size > 100 ? 1 : rounds, () =>
          compare(folder, Math.max(50, size), updateSteps(size), updateCode(size)),
        )),
      });
    return {
      counts: {
        sample: sample.counts,
        updates: updates.map(({ records: count, counts }) => Object.assign({ records: count }, counts)),
      },
      times: {
        sample: sample.times,
        updates: updates.map(({ records: count, times }) => Object.assign({ records: count }, times)),
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function repeat(rounds, run) {
  const times = { direct: [], code: [] };
  let counts;
  for (let round = 0; round < rounds; round++) {
    const result = await run();
    if (counts && JSON.stringify(counts) !== JSON.stringify(result.counts))
      throw new Error("the counts of two rounds differ");
    counts = result.counts;
    times.direct.push(result.ms.direct);
    times.code.push(result.ms.code);
  }
  return { counts, times };
}

async function compare(folder, count, steps, code) {
  const home = path.join(folder, "home");
  await rm(home, { recursive: true, force: true });
  await makeHome(home);
  const direct = await runDirect(path.join(folder, "direct.jsonl"), count, steps);
  const byCode = await runCode(home, count, code);
  return {
    counts: { direct: direct.counts, code: byCode.counts },
    ms: { direct: direct.ms, code: byCode.ms },
  };
}

async function makeHome(home) {
  const entry = {
    command: process.execPath,
    args: [memoryServer],
    env: { MEMORY_FILE_PATH: path.join(home, "memory.jsonl") },
  };
  await mkdir(path.join(home, "skills"), { recursive: true });
  await cp(path.join(repository, "servers"), path.join(home, "servers"), { recursive: true });
  await writeFile(path.join(home, "servers", "mcp.json"), JSON.stringify({ mcpServers: { memory: entry } }));
}

async function runDirect(file, count, steps) {
  await rm(file, { force: true });
  const client = await connect([memoryServer], { MEMORY_FILE_PATH: file });
  try {
    await load(client, count);
    const taken = { calls: 0, arguments: 0, results: 0, bytes: 0 };
    const started = performance.now();
    await steps(async (tool, args) => {
      const result = await client.callTool({ name: tool, arguments: args });
      if (result.isError) throw new Error(`${tool}: ${result.content[0].text}`);
      // What Claude Code shows of it: structured content, compact. The text of this server is longer.
      const shown = JSON.stringify(result.structuredContent ?? result.content[0].text);
      taken.calls += 1;
      taken.arguments += countTokens(JSON.stringify(args));
      taken.results += countTokens(shown);
      taken.bytes += JSON.stringify(args).length + shown.length;
      return result.structuredContent;
    });
    return { counts: taken, ms: performance.now() - started };
  } finally {
    await client.close();
  }
}

async function load(client, count) {
  const all = records(count);
  for (let from = 0; from < count; from += 10)
    await client.callTool({ name: "create_entities", arguments: { entities: all.slice(from, from + 10) } });
}

async function sampleSteps(call) {
  await call("read_graph", {});
  await call("create_entities", { entities: tests });
  await call("search_nodes", { query: "active" });
  await call("add_observations", {
    observations: [{ entityName: "Test_1", contents: ["status: processed"] }],
  });
  await call("delete_entities", { entityNames: tests.map((each) => each.name) });
}

const updateSteps = (size) => async (call) => {
  for (let number = 1; number <= size; number++) {
    const { entities } = await call("open_nodes", { names: [name(number)] });
    const before = entities[0].observations.findLast((text) => text.startsWith("count: ")).slice(7);
    const observations = [{ entityName: name(number), contents: [`count: ${Number(before) + 1}`] }];
    await call("add_observations", { observations });
  }
};

async function runCode(home, count, code) {
  const file = path.join(home, "memory.jsonl");
  const filler = await connect([memoryServer], { MEMORY_FILE_PATH: file });
  await load(filler, count);
  await filler.close();
  const env = {
    HOME: home,
    XDG_CACHE_HOME: path.join(home, ".cache"),
    XDG_STATE_HOME: path.join(home, ".state"),
  };
  const client = await connect([cli, "serve", "--home", home], env);
  try {
    // What an agent does first as well; it starts the servers and fills the pool.
    await client.callTool({
      name: "execute_code",
      arguments: { code: "return (await memory.openNodes([])).entities.length" },
    });
    const args = { code, timeout_ms: 600_000 };
    const started = performance.now();
    const result = await client.callTool({ name: "execute_code", arguments: args }, { timeout: 600_000 });
    const ms = performance.now() - started;
    const [{ text }] = result.content;
    if (result.isError) throw new Error(text);
    const inside = Object.values(result._meta["toolgrove/calls"]).reduce((sum, calls) => sum + calls, 0);
    const sent = JSON.stringify({ code });
    return {
      counts: {
        calls: 1,
        arguments: countTokens(sent),
        results: countTokens(text),
        bytes: sent.length + text.length,
        inside,
      },
      ms,
    };
  } finally {
    await client.close();
  }
}

async function connect(args, env) {
  const client = new Client({ name: "experiment", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args,
      env: { PATH: process.env.PATH, ...env },
      stderr: "ignore",
    }),
  );
  return client;
}
