// What lasts, through the built server: records kept in a file by one process, changed by another, confirmed by a third.
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { connect, memoryEntry, useHomes, type Answer, type TestHome } from "./world.ts";

const newHome = useHomes();

/** Runs one program in a server process of its own. */
async function inNewServer(home: TestHome, code: string): Promise<Answer> {
  const peer = await connect(home);
  try {
    return await peer.execute(code);
  } finally {
    await peer.close();
  }
}

test("1,000 records of the memory server live on in a file", { timeout: 90_000 }, async () => {
  const home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  const kept = await inNewServer(
    home,
    `await memory.createEntities(Array.from({ length: 1000 }, (_, index) => ({
       name: "Record_" + String(index + 1).padStart(4, "0"),
       entityType: "record",
       observations: ["count: " + index, index % 3 === 0 ? "status: inactive" : "status: active"],
     })));
     const { entities } = await memory.readGraph();
     const rows = entities.map(({ name, entityType, observations }) => ({
       name,
       entityType,
       count: observations.find((text) => text.startsWith("count: ")).slice(7),
       status: observations.find((text) => text.startsWith("status: ")).slice(8),
     }));
     await workspace.writeCsv("records.csv", rows);
     return rows.length`,
  );
  expect(kept).toEqual({ text: "1000", isError: false });
  expect(home.read("workspace/records.csv").split("\n").slice(0, 3)).toEqual([
    "name,entityType,count,status",
    "Record_0001,record,0,inactive",
    "Record_0002,record,1,active",
  ]);

  const updated = await inNewServer(
    home,
    `const rows = await workspace.readCsv("records.csv", { typed: true });
     const chosen = rows.filter((row) => row.status === "active").slice(0, 200);
     await memory.addObservations(chosen.map(({ name }) => ({ entityName: name, contents: ["status: processed"] })));
     for (const row of chosen) row.status = "processed";
     await workspace.writeCsv("records.csv", rows);
     return { read: rows.length, highest: Math.max(...rows.map((row) => row.count)), updated: chosen.length }`,
  );
  expect(JSON.parse(updated.text)).toEqual({ read: 1000, highest: 999, updated: 200 });

  const confirmed = await inNewServer(
    home,
    `const counts = {};
     for await (const { status } of workspace.rows("records.csv")) counts[status] = (counts[status] ?? 0) + 1;
     const { entities } = await memory.readGraph();
     return { counts, inMemory: entities.filter(({ observations }) => observations.includes("status: processed")).length }`,
  );
  expect(JSON.parse(confirmed.text)).toEqual({
    counts: { inactive: 334, active: 466, processed: 200 },
    inMemory: 200,
  });
});

test("read_tool shows what there is and how code reaches it", async () => {
  const home = newHome({ servers: {} });
  const peer = await connect(home);
  const read = async (path: string): Promise<Answer> => peer.call("read_tool", { path });
  expect((await read("workspace")).text).toMatch(/^type Pieces[^]*readCsv<[^]*workspace\/ is empty\.$/);
  mkdirSync(home.path("workspace/reports"), { recursive: true });
  for (let n = 0; n < 100; n++) writeFileSync(home.path(`workspace/reports/${n}.json`), "{}");
  writeFileSync(home.path("workspace/records.csv"), `name,count\n${"Record,1\n".repeat(500)}`);
  writeFileSync(home.path("workspace/photo.png"), Buffer.from([0x89, 0x50, 0, 1]));
  const root = await read("./workspace/");
  expect(root.text).toContain("workspace/: 102 files, 4,715 bytes of 4,096 MB");
  expect(root.text).toContain("reports/  100 files, 200 bytes");
  expect(root.text).toMatch(/records\.csv {2}4,511 bytes, \d{4}-/);
  expect(root.text.length).toBeLessThan(4_000);
  const folder = await read("workspace/reports");
  expect(folder.text).toContain("… and 40 more");
  const file = await read("workspace/records.csv");
  expect(file.text).toMatch(
    /^workspace\/records\.csv: 4,511 bytes, changed \d{4}-.*Z, 501 lines\nname,count\nRecord,1\n/,
  );
  expect(file.text.length).toBeLessThan(400);
  expect((await read("workspace/photo.png")).text).toContain("Not text.");
  expect((await read("workspace/**/*.csv")).text).toMatch(/^1 file:\nrecords\.csv {2}/);
  expect((await read("workspace/record.csv")).text).toBe(
    "There is no workspace/record.csv. Did you mean workspace/records.csv?",
  );
  expect((await read("workspace/../servers/mcp.json")).text).toContain('it contains ".."');
  await peer.close();
});

test("limits of the workspace come from toolgrove.json", async () => {
  const home = newHome({ servers: {} });
  writeFileSync(home.path("toolgrove.json"), `{ "workspace": { "maxMb": 1 } }`);
  const answer = await inNewServer(
    home,
    `await workspace.writeText("a.txt", "x".repeat(900_000));
     await workspace.writeText("b.txt", "x".repeat(900_000))`,
  );
  expect(answer.isError).toBe(true);
  expect(answer.text).toContain("The workspace is full: it holds 0.9 MB of 1 MB");
  // An answer that finds no room is still given as far as it fits.
  const long = await inNewServer(home, `return "y".repeat(900_000)`);
  expect(long).toMatchObject({ isError: false });
  expect(long.text).toContain("the rest is lost: The workspace is full");
});
