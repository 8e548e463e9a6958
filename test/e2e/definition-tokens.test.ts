// What Toolgrove costs an agent's context: definitions and instructions before any work, and a record's way out.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createO200kCounter, type OfflineCounter } from "../../src/measure/tokens.ts";
import { connect, memoryEntry, MODERN, useHomes, type Peer } from "./world.ts";

const MOST_FOR_DEFINITIONS = 600;
const MOST_AROUND_A_RECORD = 8;

const newHome = useHomes();
let counter: OfflineCounter;
const peers: Peer[] = [];

beforeAll(async () => {
  counter = await createO200kCounter();
  const home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  peers.push(await connect(home), await connect(home, { pin: MODERN }));
});
afterAll(() => Promise.all(peers.map((peer) => peer.close())));

test.each([
  ["2025", 0],
  ["2026", 1],
])("the three definitions and the instructions, whole, as clients of %s get them", async (era, index) => {
  const client = peers[index]?.client;
  const { tools = [] } = (await client?.listTools()) ?? {};
  const instructions = client?.getInstructions() ?? "";
  const definitions = tools.reduce((sum, tool) => sum + counter.count(JSON.stringify(tool)), 0);
  const total = definitions + counter.count(instructions);
  console.info(
    `${era}: ${definitions} tokens of definitions, ${total} with the instructions (${counter.label})`,
  );
  expect(tools).toHaveLength(3);
  expect(instructions.length).toBeGreaterThan(100);
  expect(definitions).toBeGreaterThan(100);
  expect(total).toBeLessThanOrEqual(MOST_FOR_DEFINITIONS);
});

test("a record that code returns costs hardly more than its compact JSON", async () => {
  const record = {
    name: "Record_001",
    entityType: "record",
    observations: ["count: 1", "status: active", "category: A"],
  };
  const code = `await memory.createEntities([${JSON.stringify(record)}]); return await memory.openNodes(["Record_001"]);`;
  const answer = await peers[0]?.execute(code);
  expect(JSON.parse(answer?.text ?? "")).toEqual({ entities: [record], relations: [] });
  const compact = JSON.stringify({ entities: [record], relations: [] });
  expect(counter.count(answer?.text ?? "")).toBeLessThanOrEqual(
    counter.count(compact) + MOST_AROUND_A_RECORD,
  );
});
