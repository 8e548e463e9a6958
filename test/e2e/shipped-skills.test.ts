// The skills that come with this repository, on the real memory server: what they are for, and what bad input does to them.
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  connect,
  memoryEntry,
  repository,
  useHomes,
  type Answer,
  type Peer,
  type TestHome,
} from "./world.ts";

const GRAPH = [
  { type: "entity", name: "Task_1", entityType: "task", observations: ["status: open"] },
  { type: "entity", name: "Task_2", entityType: "task", observations: ["status: done"] },
  { type: "entity", name: "Note_1", entityType: "note", observations: ["status: open"] },
  { type: "relation", from: "Task_1", to: "Task_2", relationType: "follows" },
]
  .map((each) => JSON.stringify(each))
  .join("\n");

/** What `backupAllEntities` returns. */
interface Backup {
  readonly path: string;
  readonly entities: number;
  readonly relations: number;
}

const newHome = useHomes();
let home: TestHome;
let agent: Peer;
beforeAll(async () => {
  home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  cpSync(path.join(repository, "skills"), home.path("skills"), { recursive: true });
  mkdirSync(home.path("workspace"));
  agent = await connect(home);
});
afterAll(() => agent.close());

/** The memory server reads its file at each call. */
const setGraph = (text: string): void => writeFileSync(home.path("memory.jsonl"), text);
beforeEach(() => {
  rmSync(home.path("workspace/backups"), { recursive: true, force: true });
  setGraph(GRAPH);
});

const run = (code: string): Promise<Answer> =>
  agent.execute(
    `import { backupAllEntities, restoreFromBackup, tagWhere } from "./skills/memory";\nreturn ${code}`,
  );

/** The value of a program, which must not fail. */
async function valueOf(code: string): Promise<unknown> {
  const { text, isError } = await run(code);
  expect({ text, isError }).toEqual({ text, isError: false });
  return JSON.parse(text.split("\n")[0] ?? "");
}

/** The message of a program that must fail, and must not change the graph. */
async function failureOf(code: string, graph = GRAPH): Promise<string> {
  const { text, isError } = await run(code);
  expect({ text, isError }).toEqual({ text, isError: true });
  expect(home.read("memory.jsonl")).toBe(graph);
  return text;
}

describe("backupAllEntities", () => {
  const today = (): string => `backups/memory-${new Date().toISOString().slice(0, 10)}.json`;

  test("keeps every entity and relation in a file named by the day", async () => {
    const before = today();
    const { path: file, ...counts } = (await valueOf("backupAllEntities()")) as Backup;
    expect([before, today()]).toContain(file);
    expect(counts).toEqual({ entities: 3, relations: 1 });
    expect(JSON.parse(home.read("workspace", file))).toMatchObject({
      entities: [{ name: "Task_1" }, { name: "Task_2" }, { name: "Note_1" }],
      relations: [{ from: "Task_1", to: "Task_2", relationType: "follows" }],
    });
  });

  test("of an empty graph is a backup of nothing, which restores nothing", async () => {
    rmSync(home.path("memory.jsonl"));
    const [kept, restored] = (await valueOf(
      "[await backupAllEntities(), await restoreFromBackup((await backupAllEntities()).path)]",
    )) as [Backup, unknown];
    expect(kept).toMatchObject({ entities: 0, relations: 0 });
    expect(restored).toEqual({ entities: 0, observations: 0, relations: 0 });
    expect(JSON.parse(home.read("workspace", kept.path))).toEqual({ entities: [], relations: [] });
  });

  test("fails when the server cannot read its graph, and leaves no file", async () => {
    setGraph('{"type":"entity"');
    expect(await failureOf("backupAllEntities()", '{"type":"entity"')).toMatch(/^ToolError: .*JSON/);
    expect(existsSync(home.path("workspace", "backups"))).toBe(false);
  });

  test("goes nowhere outside the workspace", async () => {
    expect(await failureOf('backupAllEntities("../outside")')).toContain('it contains ".."');
    expect(existsSync(home.path("outside"))).toBe(false);
  });
});

describe("restoreFromBackup", () => {
  test("brings back what was lost and touches nothing else, once", async () => {
    const value = await valueOf(`(async () => {
      const { path } = await backupAllEntities();
      const before = await memory.readGraph();
      await memory.deleteEntities(["Task_1"]);
      await memory.deleteObservations([{ entityName: "Task_2", observations: ["status: done"] }]);
      await memory.addObservations([{ entityName: "Note_1", contents: ["added since"] }]);
      const restored = [await restoreFromBackup(path), await restoreFromBackup(path)];
      const after = await memory.readGraph();
      const shown = (graph) => graph.entities.map(({ name, observations }) => name + ": " + observations).sort();
      return { restored, before: shown(before), after: shown(after), relations: after.relations.length };
    })()`);
    expect(value).toEqual({
      restored: [
        { entities: 1, observations: 1, relations: 1 },
        { entities: 0, observations: 0, relations: 0 },
      ],
      before: ["Note_1: status: open", "Task_1: status: open", "Task_2: status: done"],
      after: ["Note_1: status: open,added since", "Task_1: status: open", "Task_2: status: done"],
      relations: 1,
    });
  });

  test("fills an empty graph", async () => {
    await valueOf("backupAllEntities()");
    const names = home.records();
    rmSync(home.path("memory.jsonl"));
    expect(await valueOf('restoreFromBackup((await workspace.list("backups/*"))[0])')).toEqual({
      entities: 3,
      observations: 0,
      relations: 1,
    });
    expect(home.records()).toEqual(names);
  });

  test("names a file that is not there", async () => {
    expect(await failureOf('restoreFromBackup("backups/none.json")')).toContain("backups/none.json");
  });

  test.each([
    ["text that is no JSON", '{"entities": [', "bad.json"],
    ["nothing", "", "bad.json"],
    ["null", "null", "is no backup"],
    ["a list", "[]", "is no backup"],
    ["an object without entities", '{"relations":[]}', "is no backup"],
    [
      "entities without relations",
      '{"entities":[{"name":"New","entityType":"task","observations":[]}]}',
      "is no backup",
    ],
    ["relations that are no list", '{"entities":[],"relations":{}}', "is no backup"],
    ["entities that are not ones", '{"entities":[{"name":"New"}],"relations":[]}', "is no backup"],
    [
      "a known entity without observations",
      '{"entities":[{"name":"Task_1","entityType":"task"}],"relations":[]}',
      "is no backup",
    ],
  ])("changes nothing for a file with %s", async (_what, text, expected) => {
    writeFileSync(home.path("workspace/bad.json"), text);
    expect(await failureOf('restoreFromBackup("bad.json")')).toContain(expected);
  });
});

describe("tagWhere", () => {
  test("tags all records that match, once", async () => {
    const where = '{ observation: "status: open", entityType: "task" }';
    expect(
      await valueOf(`[await tagWhere(${where}, "tag: urgent"), await tagWhere(${where}, "tag: urgent")]`),
    ).toEqual([["Task_1"], []]);
    const tagged = home.records().filter(({ observations }) => observations.includes("tag: urgent"));
    expect(tagged.map(({ name }) => name)).toEqual(["Task_1"]);
  });

  test.each([
    ["text in the name", '{ nameIncludes: "_1" }', ["Task_1", "Note_1"]],
    ["text in the name that all names hold", '{ nameIncludes: "" }', ["Task_1", "Task_2", "Note_1"]],
  ])("goes by %s", async (_what, where, names) => {
    expect(await valueOf(`tagWhere(${where}, "seen")`)).toEqual(names);
  });

  test.each(["{}", "{ entityType: [].pop() }"])(
    "refuses to tag every record by mistake: %s",
    async (where) => {
      expect(await failureOf(`tagWhere(${where}, "seen")`)).toMatch(/^Error: No condition is given/);
    },
  );

  test.each([
    ["an observation nobody has", '{ observation: "status: lost" }'],
    ["part of an observation", '{ observation: "status" }'],
    ["a type nobody is of", '{ entityType: "person" }'],
    ["two conditions that none meets at once", '{ entityType: "note", nameIncludes: "Task" }'],
  ])("gives no names and writes nothing when none matches: %s", async (_what, where) => {
    expect(await valueOf(`tagWhere(${where}, "seen")`)).toEqual([]);
    expect(home.read("memory.jsonl")).toBe(GRAPH);
  });

  test("tags nothing in an empty graph", async () => {
    rmSync(home.path("memory.jsonl"));
    expect(await valueOf('tagWhere({ entityType: "task" }, "seen")')).toEqual([]);
    expect(existsSync(home.path("memory.jsonl"))).toBe(false);
  });

  test("fails when the server cannot read its graph", async () => {
    setGraph("{");
    expect(await failureOf('tagWhere({ entityType: "task" }, "seen")', "{")).toMatch(/^ToolError: .*JSON/);
  });
});

test.each([
  ["keep a copy of every record", "backupAllEntities"],
  ["recover records that were lost", "restoreFromBackup"],
  ["label many records at once", "tagWhere"],
])("are found by their purpose: %s", async (query, name) => {
  expect((await agent.search(query)).split("\n").slice(0, 3).join("\n")).toContain(`skills/memory/${name}(`);
});
