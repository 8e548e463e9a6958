// Turns among real processes: one at a time, also where each of them dies in its turn and all others find it left.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inTurn } from "../src/turn.ts";

const repository = path.resolve(import.meta.dirname, "..");
const program = path.join(repository, "test/fixtures/processes/die-in-turn.mjs");
const turns = pathToFileURL(path.join(repository, "dist/turn.js")).href;
/** No process has it: systems give smaller numbers. */
const NO_PID = 2 ** 31 - 2;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "turn-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("processes that die in their turn are followed by one another, one at a time", async () => {
  const [folder, log] = [path.join(root, "skills"), path.join(root, "log")];
  const children = Array.from({ length: 12 }, () =>
    spawn(process.execPath, [program, turns, folder, log], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  await Promise.all(children.map(({ stdout }) => once(stdout, "data")));
  const ended = Promise.all(children.map((child) => once(child, "exit")));
  for (const { stdin } of children) stdin.write("go\n");
  await ended;
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  const inOrder = lines.flatMap((line) => (line.startsWith("in ") ? [line, line.replace("in", "out")] : []));
  expect(lines).toHaveLength(2 * children.length);
  expect(lines).toEqual(inOrder);
});

test("a turn that is over leaves nothing behind, also when the work failed", async () => {
  expect(await inTurn(root, async () => readdirSync(root))).toEqual([".turn"]);
  const failed = inTurn(root, () => Promise.reject(new Error("no room")));
  await expect(failed).rejects.toThrow("no room");
  expect(readdirSync(root)).toEqual([]);
});

test.each([
  ["of a process that is gone", `${NO_PID}-a`, 0],
  ["of a process that has been in it for longer than any save takes", `${process.pid}-a`, 31],
])("a turn %s is over", async (_what, name, ageSeconds) => {
  mkdirSync(path.join(root, ".turn"));
  const file = path.join(root, ".turn", name);
  writeFileSync(file, "");
  const then = Date.now() / 1_000 - ageSeconds;
  utimesSync(file, then, then);
  expect(await inTurn(root, async () => readdirSync(path.join(root, ".turn")))).toEqual([
    expect.stringMatching(new RegExp(`^${process.pid}-.{36}$`)),
  ]);
  expect(readdirSync(root)).toEqual([]);
});
