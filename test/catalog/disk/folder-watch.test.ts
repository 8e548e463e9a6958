import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createFolderWatch, type FolderWatch } from "../../../src/catalog/disk/folder-watch.ts";

interface Watched {
  readonly root: string;
  readonly watch: FolderWatch;
  readonly changes: (string | undefined)[];
  readonly lost: string[];
}

async function makeWatch(): Promise<Watched> {
  const root = await mkdtemp(path.join(os.tmpdir(), "toolgrove-watch-"));
  const changes: (string | undefined)[] = [];
  const lost: string[] = [];
  const watch = createFolderWatch({
    onChange: (changed) => changes.push(changed),
    onLost: (reason) => lost.push(reason),
  });
  onTestFinished(async () => {
    watch.close();
    await rm(root, { recursive: true, force: true });
  });
  return { root, watch, changes, lost };
}

it("hears what is written into a folder it follows, and not into one it no longer follows", async () => {
  const { root, watch, changes } = await makeWatch();
  const [one, two] = [path.join(root, "one"), path.join(root, "two")];
  await mkdir(one);
  await mkdir(two);
  expect(watch.follow([one])).toBe(true);
  expect(watch.follow([one])).toBe(false);
  await writeFile(path.join(one, "a.ts"), "");
  await expect.poll(() => changes).toContain(path.join(one, "a.ts"));
  expect(watch.follow([two])).toBe(true);
  await writeFile(path.join(one, "b.ts"), "");
  await writeFile(path.join(two, "c.ts"), "");
  await expect.poll(() => changes).toContain(path.join(two, "c.ts"));
  expect(changes).not.toContain(path.join(one, "b.ts"));
});

it("does without a folder that is not there", async () => {
  const { root, watch, lost } = await makeWatch();
  expect(watch.follow([path.join(root, "missing")])).toBe(false);
  expect(watch.isWatching()).toBe(false);
  expect(watch.follow([root, path.join(root, "missing")])).toBe(true);
  expect(watch.isWatching()).toBe(true);
  expect(lost).toEqual([]);
});

it("gives up once when there are more folders than a system should be asked for", async () => {
  const { root, watch, changes, lost } = await makeWatch();
  watch.follow([root]);
  const folders = Array.from({ length: 5_001 }, (_, nth) => path.join(root, String(nth)));
  expect(watch.follow(folders)).toBe(false);
  expect(watch.follow([root])).toBe(false);
  expect(watch.isWatching()).toBe(false);
  expect(lost).toEqual(["more than 5000 folders"]);
  expect(changes).toEqual([]);
});
