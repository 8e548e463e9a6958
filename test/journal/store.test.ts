import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { openJournal, type Journal } from "../../src/journal/journal.ts";
import { createLocks } from "../../src/journal/lock.ts";

const ID = "20260101-0000-aaaaaa";
const never = new AbortController().signal;

function world(limits: Partial<{ days: number; runs: number; megabytes: number }> = {}) {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), "journal-"));
  const journal = openJournal({
    stateDir,
    home: "/home",
    limits: { days: 7, runs: 200, megabytes: 64, ...limits },
    kindOf: () => "write",
    log: () => undefined,
  });
  const folder = (): string => path.join(stateDir, "runs", readdirSync(path.join(stateDir, "runs"))[0] ?? "");
  return { stateDir, journal, folder, file: (id = ID) => path.join(folder(), `${id}.jsonl`) };
}

/** Makes a call of the run through the journal; the tool answers with `value`. */
function call(
  journal: Journal,
  n: number,
  value: unknown = n,
  kind: "read" | "write" = "write",
): Promise<unknown> {
  const callTool = journal.watchCalls(async (_ref, _args, { onSend }) => {
    onSend?.(kind);
    return value;
  });
  return callTool({ server: "s", tool: "t" }, { n }, { signal: never, executionId: ID });
}

async function resumed(journal: Journal) {
  const opened = await journal.resume(ID, { code: undefined, onDoubt: undefined });
  if ("problem" in opened) throw new Error(opened.problem);
  return opened.run;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

test("files and folders are the user's alone, and a run without calls leaves none", async () => {
  const { stateDir, journal, folder, file } = world();
  const idle = journal.begin(ID, "code");
  await idle.end("error", "no");
  expect(readdirSync(stateDir)).toEqual([]);
  const run = journal.begin(ID, "code");
  await call(journal, 1);
  await run.end("error", "no");
  expect([statSync(file()).mode & 0o777, statSync(folder()).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(readdirSync(folder())).toEqual([`${ID}.jsonl`]);
});

test("a torn line is cut, and the run goes on in the same file", async () => {
  const { journal, file } = world();
  const run = journal.begin(ID, "code");
  await call(journal, 1);
  await call(journal, 2);
  await run.end("crashed");
  const { size } = statSync(file());
  // Into the line of the end, and into the answer of the second call.
  truncateSync(file(), size - 5);
  const again = await resumed(journal);
  expect(await call(journal, 1, "new")).toBe(1);
  expect(await call(journal, 3)).toBe(3);
  await again.end("error", "x");
  expect((await journal.read(ID))?.actions.map(({ args, standing }) => [args, standing.is])).toEqual([
    [{ n: 1 }, "done"],
    [{ n: 2 }, "done"],
    [{ n: 3 }, "done"],
  ]);
});

test("a broken journal is told for that run alone", async () => {
  const { journal, folder } = world();
  const run = journal.begin(ID, "code");
  await call(journal, 1);
  await run.end("error", "x");
  const other = "20260101-0001-bbbbbb";
  writeFileSync(path.join(folder(), `${other}.jsonl`), "nonsense\n");
  expect(await journal.resume(other, { code: undefined, onDoubt: undefined })).toEqual({
    problem: expect.stringContaining("is broken at line 1"),
  });
  expect((await journal.all()).map((one) => [one.id, "problem" in one])).toEqual([
    [other, true],
    [ID, false],
  ]);
});

test("a full journal keeps what must not happen twice, and says that an answer is missing", async () => {
  const { journal, file } = world({ megabytes: 1 });
  const run = journal.begin(ID, "code");
  const large = "x".repeat(900_000);
  await call(journal, 1, large);
  await call(journal, 2, large);
  await run.end("error", "x");
  expect(statSync(file()).size).toBeLessThan(1_100_000);
  const again = await resumed(journal);
  expect(await call(journal, 1)).toBe(large);
  void call(journal, 2);
  await aborted(again.stopped);
  expect(String(again.stopped.reason)).toContain("its answer was too large for the journal");
  await again.end("stopped");
});

test("calls on their way are waited for before a run stops", async () => {
  const { journal } = world();
  const run = journal.begin(ID, "code");
  const lost = journal.watchCalls(async (_ref, _args, { onSend }) => {
    onSend?.("write");
    throw new Error("connection lost");
  });
  const context = { signal: never, executionId: ID };
  await lost({ server: "s", tool: "t" }, { n: 1 }, context).catch(() => undefined);
  await run.end("error", "connection lost");

  const again = await resumed(journal);
  let answer: () => void = () => undefined;
  const slow = journal.watchCalls((_ref, _args, { onSend }) => {
    onSend?.("write");
    return new Promise((resolve) => (answer = () => resolve("late")));
  });
  void slow({ server: "s", tool: "t" }, { n: 2 }, context);
  void call(journal, 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(again.stopped.aborted).toBe(false);
  answer();
  await aborted(again.stopped);
  await again.end("stopped");
  expect((await journal.read(ID))?.actions.map(({ standing }) => standing.is)).toEqual(["open", "done"]);
});

test("the lock of a dead process, and one that nobody has touched for long, are taken over by one alone", async () => {
  const { journal, folder } = world();
  const run = journal.begin(ID, "code");
  await call(journal, 1);
  expect(createLocks(folder()).take(ID)).toEqual({ holder: `process ${process.pid}` });
  const dead = spawn(process.execPath, ["-e", ""]);
  await once(dead, "exit");
  const lock = path.join(folder(), `${ID}.0.lock`);
  writeFileSync(lock, JSON.stringify({ pid: dead.pid, host: os.hostname() }));
  const taken = createLocks(folder()).take(ID);
  expect("release" in taken).toBe(true);
  expect(createLocks(folder()).take(ID)).toEqual({ holder: `process ${process.pid}` });
  // Our own pid, but no living holder: it was given to another process.
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(path.join(folder(), `${ID}.1.lock`), long, long);
  const next = createLocks(folder()).take(ID);
  if ("release" in next) next.release();
  if ("release" in taken) taken.release();
  await run.end("error", "x");
  expect(readdirSync(folder())).toEqual([`${ID}.jsonl`]);
});

test("old and surplus journals go, never one that is being written", async () => {
  const { journal, folder } = world({ runs: 2 });
  const run = journal.begin(ID, "code");
  await call(journal, 1);
  const ids = [
    "20260102-0000-aaaaaa",
    "20260103-0000-aaaaaa",
    "20260104-0000-aaaaaa",
    "20260105-0000-aaaaaa",
  ];
  for (const id of ids) writeFileSync(path.join(folder(), `${id}.jsonl`), "");
  const old = new Date(Date.now() - 8 * 86_400_000);
  utimesSync(path.join(folder(), "20260105-0000-aaaaaa.jsonl"), old, old);
  await journal.clean();
  expect(readdirSync(folder()).filter((name) => name.endsWith(".jsonl"))).toEqual([
    `${ID}.jsonl`,
    "20260104-0000-aaaaaa.jsonl",
  ]);
  await run.end("error", "x");
});

test("a run that ended well keeps its code and how much it did, not what", async () => {
  const { journal, file } = world();
  const run = journal.begin(ID, "the code");
  await call(journal, 1, "private");
  await run.end("value");
  expect(await journal.read(ID)).toMatchObject({ code: "the code", completed: 1, actions: [] });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(await journal.resume(ID, { code: "other", onDoubt: undefined })).toEqual({
    problem: expect.stringContaining("ended well"),
  });
});
