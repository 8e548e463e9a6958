// Room in the workspace: what is refused, with which words, and that counting stays cheap and true.
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { createWorkspace, type Workspace } from "../../src/workspace/workspace.ts";
import { temporaryFolder } from "../sandbox/world.ts";

const top = temporaryFolder("quota");
const root = path.join(top, "workspace");
const MEGABYTE = "x".repeat(1_048_576);
let workspace: Workspace;

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  workspace = createWorkspace(root, { maxMb: 5, maxFileMb: 3, maxFiles: 8 });
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const write = (name: string, text: string): Promise<unknown> => workspace.perform("writeText", [name, text]);

it("a full workspace says how full it is and what to do", async () => {
  await write("a.txt", MEGABYTE.repeat(3));
  await write("b.txt", MEGABYTE);
  await expect(write("c.txt", MEGABYTE.repeat(2))).rejects.toThrow(
    "The workspace is full: it holds 4 MB of 5 MB and has no room for 2 MB more (workspace.maxMb). Remove files you no longer need; its owner can raise the limit in toolgrove.json.",
  );
  await expect(workspace.perform("appendText", ["b.txt", MEGABYTE])).resolves.toBeNull();
  await expect(workspace.keep("kept.txt", "x")).rejects.toThrow("The workspace is full");
  await workspace.perform("remove", ["a.txt"]);
  await write("c.txt", MEGABYTE.repeat(2));
  expect(readdirSync(path.join(root, ".drafts"))).toEqual([]);
});

it("one file that is too large, also by pieces, copies and appending", async () => {
  const words = "3 MB is the most for one (workspace.maxFileMb in toolgrove.json)";
  await expect(write("a.txt", MEGABYTE.repeat(4))).rejects.toThrow(words);
  await write("b.txt", `${MEGABYTE.repeat(2)}and more`);
  await expect(workspace.perform("appendText", ["b.txt", MEGABYTE])).rejects.toThrow(words);
  const token = await workspace.perform("beginWrite", ["c.txt"]);
  await workspace.perform("writePiece", [token, 0, MEGABYTE, "utf8"]);
  await expect(
    workspace.perform("writePiece", [token, 1_048_576, MEGABYTE.repeat(3), "utf8"]),
  ).rejects.toThrow(words);
});

it("too many files", async () => {
  for (let n = 0; n < 8; n++) await write(`${n}.txt`, "x");
  await expect(write("9.txt", "x")).rejects.toThrow(
    "it holds 8 files, and 8 is the most (workspace.maxFiles)",
  );
  await write("1.txt", "replaced");
  await workspace.perform("remove", ["0.txt"]);
  await write("1.txt", "y");
  await write("9.txt", "x");
});

it("what others put in or take away is seen", async () => {
  await write("a.txt", "x");
  mkdirSync(path.join(root, "others"));
  writeFileSync(path.join(root, "others/big.bin"), MEGABYTE.repeat(4));
  const second = createWorkspace(root, { maxMb: 5, maxFileMb: 3, maxFiles: 8 });
  await expect(second.perform("writeText", ["b.txt", MEGABYTE.repeat(2)])).rejects.toThrow("is full");
  rmSync(path.join(root, "others"), { recursive: true });
  // A count that refuses is made anew once it is a second old.
  const deadline = performance.now() + 5_000;
  let done = false;
  while (!done && performance.now() < deadline)
    done = await second.perform("writeText", ["b.txt", MEGABYTE.repeat(2)]).then(
      () => true,
      () => false,
    );
  expect(done).toBe(true);
});

it("the count follows every operation", async () => {
  await write("a.txt", "12345");
  await write("a.txt", "123");
  await workspace.perform("appendText", ["a.txt", "45678"]);
  await workspace.perform("copy", ["a.txt", "d/b.txt"]);
  await workspace.perform("copy", ["a.txt", "d/c.txt"]);
  await workspace.perform("move", ["d/b.txt", "d/c.txt"]);
  expect(await workspace.ledger.usage()).toMatchObject({ bytes: 16, files: 2 });
  await workspace.perform("remove", ["d"]);
  expect(await workspace.ledger.usage()).toMatchObject({ bytes: 8, files: 1 });
});

it("drafts that nobody goes on with are thrown away, fresh ones stay", async () => {
  const drafts = path.join(root, ".drafts");
  mkdirSync(drafts, { recursive: true });
  writeFileSync(path.join(drafts, "0".repeat(32)), "old");
  writeFileSync(path.join(drafts, "1".repeat(32)), "fresh");
  const longAgo = new Date(Date.now() - 7_200_000);
  utimesSync(path.join(drafts, "0".repeat(32)), longAgo, longAgo);
  await write("a.txt", "x");
  expect(readdirSync(drafts)).toEqual(["1".repeat(32)]);
});
