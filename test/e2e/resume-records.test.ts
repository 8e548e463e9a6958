// The experiment's 1,000 records on the real memory server: 200 of them updated by 40 calls, with Toolgrove killed during one.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { killDuring, listRuns, runId, useWorlds, type World } from "./resume-world.ts";
import { fixture, memoryEntry, memoryServer, type Entity, type Peer } from "./world.ts";

const CALLS = 40;
const KEPT = ["memory.jsonl", "workspace"];
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
let world: World;
let callsFile = "";
/** The files of the memory server and of the workspace as the first execution left them, and the records in them. */
let prepared = "";
let before: readonly Entity[];
/** The one that is alive. What it begins next is lost with it. */
let server: Peer;

beforeAll(async () => {
  world = newWorld(({ env, file }) => {
    callsFile = file("calls");
    prepared = file("prepared");
    // A proxy writes down each call that reaches the memory server.
    const proxied = fixture("withholding-proxy", callsFile, process.execPath, memoryServer);
    return { servers: { memory: { ...proxied, env: { ...env, ...memoryEntry.env } } }, wrappers: "memory" };
  });
  server = await world.connect();
  const kept = await server.execute(KEEP);
  if (kept.text !== "1000") throw new Error(`the records could not be kept: ${kept.text}`);
  before = world.home.records();
  for (const each of KEPT) cpSync(world.home.path(each), path.join(prepared, each), { recursive: true });
});

/** Makes the files of the home what they were before any update. */
function restore(): void {
  for (const each of KEPT) {
    rmSync(world.home.path(each), { recursive: true });
    cpSync(path.join(prepared, each), world.home.path(each), { recursive: true });
  }
  writeFileSync(callsFile, "");
}

/** The names that each call of add_observations was about which reached the server. */
function updates(): string[][] {
  interface Call {
    readonly name: string;
    readonly arguments: { readonly observations: readonly { readonly entityName: string }[] };
  }
  return readFileSync(callsFile, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Call)
    .filter(({ name }) => name === "add_observations")
    .map((call) => call.arguments.observations.map(({ entityName }) => entityName));
}

// First, last and between; each time the server has once done what the lost call asked for, and once never heard of it.
const CASES = [1, 20, 40].flatMap((nth) => [true, false].map((done) => ({ nth, done })));

test.each(CASES)(
  "killed during call $nth of 40, done: $done; in the end every update is there once",
  { timeout: 60_000 },
  async ({ nth, done }) => {
    const id = firsts[nth - 1] ?? "";
    restore();
    world.hold({ id, done });
    await killDuring(world, server, UPDATE);
    world.hold(undefined);
    expect(updates()).toHaveLength(done ? nth : nth - 1);

    const second = await world.connect();
    const told = await second.execute(`return (await workspace.rows("records.csv").next()).value.status`);
    expect(told.text).toMatch(/^inactive\nUnfinished since an earlier server ended: .*, 1 in doubt\)/);
    const resume = runId(told.text);
    const stopped = await second.call("execute_code", { resume });
    expect(stopped.isError).toBe(true);
    expect(stopped.text).toContain(
      `Stopped before memory.add_observations({"observations":[{"entityName":"${id}"`,
    );
    const ended = await second.call("execute_code", { resume, on_doubt: done ? "skip" : "retry" });
    expect(ended).toMatchObject({ text: expect.stringMatching(/^200\nResumed /) as string, isError: false });
    await second.close();

    server = await world.connect();
    expect(JSON.parse((await server.execute(CONFIRM)).text)).toEqual({
      inMemory: 200,
      counts: { inactive: 334, active: 466, processed: 200 },
    });
    expect(updates().flat()).toEqual(chosen);
    expect(world.home.records()).toEqual(before.map(updated));
    expect(world.home.read("workspace/log.txt").trim().split("\n")).toEqual(firsts);
  },
);

test("no journal is lost: each run is listed as finished", async () => {
  const states = (await listRuns(world)).map(({ state }) => state);
  expect(states).toEqual(states.map(() => "finished"));
  // One that keeps the records; for each case one that updates them, one that looks, and one that confirms.
  expect(states).toHaveLength(1 + 3 * CASES.length);
});

/** A record as it is to be afterwards. */
function updated({ observations, ...record }: Entity): Entity {
  const isChosen = chosen.includes(record.name);
  return { ...record, observations: isChosen ? [...observations, PROCESSED] : observations };
}
