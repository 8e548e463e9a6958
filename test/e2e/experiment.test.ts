// The programs of the experiment that started it all, word for word, on the real memory server.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect, memoryEntry, useHomes, type Peer, type TestHome } from "./world.ts";

const newHome = useHomes();
let home: TestHome;
let agent: Peer;

beforeAll(async () => {
  home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  agent = await connect(home);
});
afterAll(() => agent.close());

const LOAD = `
const stale = (await memory.readGraph()).entities.map((entity) => entity.name);
await memory.deleteEntities(stale);
await memory.createEntities(Array.from({ length: 50 }, (_, index) => ({
  name: 'Record_' + String(index + 1).padStart(3, '0'),
  entityType: 'record',
  observations: ['count: ' + index, index % 3 === 0 ? 'status: inactive' : 'status: active'],
})));`;

const FOUND = `const graph = await memory.readGraph();
console.log('Found', graph.entities.length, 'entities');`;

const ACTIVE = `const graph = await memory.readGraph();
let activeCount = 0;
for (const entity of graph.entities) {
  activeCount += entity.observations.filter((observation) => observation === "status: active").length;
}
console.log(\`Records with status: active = \${activeCount}\`)`;

const PROCESS = `const recordIds = (await memory.readGraph()).entities.map((entity) => entity.name);
for (const id of recordIds) { const record = await memory.openNodes([id]); await memory.addObservations([{ entityName: id, contents: ['status: processed'] }]); }`;

describe.each([
  ["without an import", ""],
  ["with the import of the experiment", "import * as memory from './servers/memory';\n"],
])("%s", (_title, head) => {
  beforeEach(async () => {
    const { text, isError } = await agent.execute(LOAD);
    if (isError) throw new Error(`the records could not be loaded: ${text}`);
  });

  test("reads the graph and counts", async () => {
    expect(await agent.execute(head + FOUND)).toEqual({ text: "Found 50 entities", isError: false });
  });

  test("filters inside the sandbox", async () => {
    expect(await agent.execute(head + ACTIVE)).toEqual({
      text: "Records with status: active = 33",
      isError: false,
    });
  });

  test("updates every record in a loop", async () => {
    const answer = await agent.execute(head + PROCESS);
    expect(answer).toEqual({
      text: expect.stringMatching(/^101 calls .*add_?observations ×50/i),
      isError: false,
    });
    expect(home.records()).toHaveLength(50);
    const processed = home
      .records()
      .filter(({ observations }) => observations.at(-1) === "status: processed");
    expect(processed).toHaveLength(50);
  });
});

describe("50 writes at once", () => {
  const observed = (): string[] =>
    home
      .records()
      .flatMap(({ observations }) => observations)
      .toSorted();
  const expected = Array.from({ length: 50 }, (_, index) => `note ${index}`).toSorted();
  const target = `
const numbers = Array.from({ length: 50 }, (_, index) => index);
await memory.deleteEntities((await memory.readGraph()).entities.map((entity) => entity.name));
await memory.createEntities([{ name: "Target", entityType: "record", observations: [] }]);
const add = (number) => memory.addObservations([{ entityName: "Target", contents: ["note " + number] }]);
`;

  test("under one Promise.all all arrive", async () => {
    const code = `${target} return (await Promise.all(numbers.map(add))).length`;
    expect(await agent.execute(code)).toEqual({ text: "50", isError: false });
    expect(observed()).toEqual(expected);
  });

  test("from forEach(async …), which nobody awaits, all arrive", async () => {
    const code = `${target} numbers.forEach(async (number) => { await add(number); });`;
    expect(await agent.execute(code)).toMatchObject({ isError: false });
    expect(observed()).toEqual(expected);
  });
});
