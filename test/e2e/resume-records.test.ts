// The experiment's 1,000 records on the real memory server: 200 of them updated by 40 calls, with Toolgrove killed during one.
import { cpSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { killDuring, listRuns, runId, useWorlds, type World } from "./resume-world.ts";
import { fixture, memoryEntry, memoryServer, type Entity, type TestHome } from "./world.ts";

const CALLS = 40;
const PROCESSED = "status: processed";

/** One execution queries the records and keeps them in a file. */
const KEEP = `
await memory.createEntities(Array.from({ length: 1000 }, (_, index) => ({
  name: "Record_" + String(index + 1).padStart(4, "0"),
  entityType: "record",
  observations: [index % 3 === 0 ? "status: inactive" : "status: active"],
})));
const { entities } = await memory.readGraph();
const rows = entities.map(({ name, observations }) => ({ name, status: observations[0].slice(8) }));
await workspace.writeCsv("records.csv", rows);
return rows.length;`;

/** Another reads the file, filters it and updates 200 of the records, five a call. Every step leaves its mark in a file, too. */
const UPDATE = `
const rows = await workspace.readCsv("records.csv");
const chosen = rows.filter(({ status }) => status === "active").slice(0, 200);
for (let call = 0; call < ${CALLS}; call++) {
  const five = chosen.slice(call * 5, call * 5 + 5);
  await memory.addObservations(five.map(({ name }) => ({ entityName: name, contents: ["${PROCESSED}"] })));
  await workspace.appendText("log.txt", five[0].name + "\\n");
  for (const row of five) row.status = "processed";
}
await workspace.writeCsv("records.csv", rows);
return chosen.length;`;

/** A third confirms. */
const CONFIRM = `
const { entities } = await memory.readGraph();
const inMemory = entities.filter(({ observations }) => observations.includes("${PROCESSED}")).length;
const counts = {};
for await (const { status } of workspace.rows("records.csv")) counts[status] = (counts[status] ?? 0) + 1;
return { inMemory, counts };`;

/** What the active records are called, in order, and the first of each call's five. */
const active = Array.from({ length: 1000 }, (_, index) => index)
  .filter((index) => index % 3 !== 0)
  .map((index) => `Record_${String(index + 1).padStart(4, "0")}`);
const chosen = active.slice(0, 200);
const firsts = chosen.filter((_name, index) => index % 5 === 0);

const newWorld = useWorlds();
let prepared: TestHome;
let before: readonly Entity[];

/** The memory server behind a proxy that writes down each call which reaches it. */
function makeWorld(): World & { readonly updates: () => string[][] } {
  let calls = "";
  const world = newWorld(({ env, file }) => {
    calls = file("calls");
    const proxied = fixture("withholding-proxy", calls, process.execPath, memoryServer);
    return {
      servers: { memory: { ...proxied, env: { ...env, ...memoryEntry.env } } },
      wrappers: "memory",
    };
  });
  return { ...world, updates: () => updatesIn(readFileSync(calls, "utf8")) };
}

/** The names that each call of add_observations was about. */
function updatesIn(lines: string): string[][] {
  interface Call {
    readonly name: string;
    readonly arguments: { readonly observations: readonly { readonly entityName: string }[] };
  }
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Call)
    .filter(({ name }) => name === "add_observations")
    .map((call) => call.arguments.observations.map(({ entityName }) => entityName));
}

beforeAll(async () => {
  const world = makeWorld();
  const peer = await world.connect();
  expect(await peer.execute(KEEP)).toEqual({ text: "1000", isError: false });
  await peer.close();
  prepared = world.home;
  before = prepared.records();
});

// First, last and between; each time the server has once done what the lost call asked for, and once never heard of it.
test.each(
  [1, 2, 21, 39, 40].flatMap((nth) =>
    [true, false].map((done) => ({ nth, done, id: firsts[nth - 1] ?? "" })),
  ),
)("killed during call $nth of 40, done: $done; every update is there once", async ({ nth, done, id }) => {
  const world = makeWorld();
  for (const each of ["memory.jsonl", "workspace"])
    cpSync(prepared.path(each), world.home.path(each), { recursive: true });
  world.hold({ id, done });
  await killDuring(world, await world.connect(), UPDATE);
  world.hold(undefined);
  expect(world.updates()).toHaveLength(done ? nth : nth - 1);

  const peer = await world.connect();
  const told = await peer.execute(`return (await workspace.rows("records.csv").next()).value.status`);
  expect(told.text).toMatch(/^inactive\nUnfinished since an earlier server ended: .*, 1 in doubt\)/);
  const resume = runId(told.text);
  const stopped = await peer.call("execute_code", { resume });
  expect(stopped.isError).toBe(true);
  expect(stopped.text).toContain(
    `Stopped before memory.addObservations({"observations":[{"entityName":"${id}"`,
  );
  const ended = await peer.call("execute_code", { resume, on_doubt: done ? "skip" : "retry" });
  expect(ended).toMatchObject({ text: expect.stringMatching(/^200\nResumed /) as string, isError: false });
  await peer.close();

  const third = await world.connect();
  expect(JSON.parse((await third.execute(CONFIRM)).text)).toEqual({
    inMemory: 200,
    counts: { inactive: 334, active: 466, processed: 200 },
  });
  await third.close();
  expect(world.updates().flat()).toEqual(chosen);
  expect(world.home.records()).toEqual(before.map(updated));
  expect(world.home.read("workspace/log.txt").trim().split("\n")).toEqual(firsts);
  expect((await listRuns(world)).map(({ state }) => state)).toEqual(["finished", "finished", "finished"]);
});

/** A record as it is to be afterwards. */
function updated({ observations, ...record }: Entity): Entity {
  const isChosen = chosen.includes(record.name);
  return { ...record, observations: isChosen ? [...observations, PROCESSED] : observations };
}
