import { readFile } from "node:fs/promises";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, test } from "vitest";
import { clientInfo, context, entry, memoryServer, useWorld } from "./world.ts";

const world = useWorld();
const ref = (tool: string) => ({ server: "timing", tool });
const COUNT = 50;
const numbers = Array.from({ length: COUNT }, (_, index) => index);
const person = { entities: [{ name: "Ada", entityType: "person", observations: [] }] };
const observation = (index: number) => ({
  observations: [{ entityName: "Ada", contents: [`fact ${index}`] }],
});

async function observationsIn(file: string): Promise<string[]> {
  const [line = "{}"] = (await readFile(file, "utf8")).split("\n");
  return (JSON.parse(line) as { observations: string[] }).observations;
}

describe("fifty writes at once to the memory server", () => {
  test("with the bare client, fewer are kept than were reported as done", async () => {
    const file = world.file("bare.jsonl");
    const client = new Client(clientInfo);
    const command = { command: process.execPath, args: [memoryServer], env: { MEMORY_FILE_PATH: file } };
    await client.connect(new StdioClientTransport({ ...command, stderr: "ignore" }));
    await client.callTool({ name: "create_entities", arguments: person });
    const results = await Promise.all(
      numbers.map((index) => client.callTool({ name: "add_observations", arguments: observation(index) })),
    );
    await client.close();
    const successes = results.filter((result) => result.isError !== true).length;
    const kept = await observationsIn(file).catch(() => []);
    expect(kept.length).toBeLessThan(COUNT);
    expect(kept.length).toBeLessThan(successes);
  });

  test("ours keeps all of them, in the order of the calls", async () => {
    const file = world.file("ours.jsonl");
    const upstreams = world.open([entry("memory", memoryServer, { env: { MEMORY_FILE_PATH: file } })]);
    const call = (tool: string, args: object) =>
      upstreams.callTool({ server: "memory", tool }, { ...args }, context());
    await call("create_entities", person);
    await Promise.all(numbers.map((index) => call("add_observations", observation(index))));
    expect(await observationsIn(file)).toEqual(numbers.map((index) => `fact ${index}`));
  });
});

describe("the order of calls", () => {
  test("reads run together, writes alone and in order", async () => {
    const { upstreams, events } = world.timing();
    const call = (tool: string, id: string) => upstreams.callTool(ref(tool), { id, ms: 30 }, context());
    await Promise.all([
      call("read", "r1"),
      call("read", "r2"),
      call("write", "w1"),
      call("write", "w2"),
      call("read", "r3"),
    ]);
    const seen = (await events()).filter((line) => line !== "started");
    expect(seen.slice(0, 2)).toEqual(["begin r1", "begin r2"]);
    expect(seen.slice(4)).toEqual(["begin w1", "end w1", "begin w2", "end w2", "begin r3", "end r3"]);
  });

  test("many calls may share one signal without a warning of Node", async () => {
    const { upstreams } = world.timing();
    const shared = context();
    const warnings: Error[] = [];
    const hear = (warning: Error): void => void warnings.push(warning);
    process.on("warning", hear);
    await Promise.all(
      numbers.map((id) => upstreams.callTool(ref("read"), { id: String(id), ms: 1 }, shared)),
    );
    process.off("warning", hear);
    expect(warnings).toEqual([]);
  });

  test("concurrency in the entry replaces it", async () => {
    const { upstreams } = world.timing({ concurrency: 3 });
    const ids = ["a", "b", "c", "d", "e", "f"];
    await Promise.all(ids.map((id) => upstreams.callTool(ref("write"), { id, ms: 60 }, context())));
    expect(await upstreams.callTool(ref("most_running"), {}, context())).toBe(3);
  });
});
