// The skills' folders as they are shown to others, also while somebody writes into them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { replaceFile } from "../../src/replace-file.ts";
import { listFolders } from "../../src/skills/folders.ts";

const top = mkdtempSync(path.join(os.tmpdir(), "folders-"));
const skills = path.join(top, "skills");
const page = path.join(skills, "zoo/feed/SKILL.md");
afterAll(() => rmSync(top, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(skills, { recursive: true, force: true });
  mkdirSync(path.dirname(page), { recursive: true });
  writeFileSync(page, "---\nname: feed\ndescription: Feeds.\n---\n");
});
const namesShown = async (): Promise<string[]> =>
  (await listFolders(skills)).flatMap(({ files }) => Object.keys(files));

test("a text on its way into a file is nobody's file", async () => {
  writeFileSync(`${page}.0b8e7f0c-1d2e-4f3a-9b4c-5d6e7f8091a2.tmp`, "half");
  writeFileSync(path.join(path.dirname(page), "notes.tmp"), "the owner's");
  expect(await namesShown()).toEqual(["SKILL.md", "notes.tmp"]);
});

test("every look while files are replaced and come and go finds the page, and nothing half", async () => {
  const extra = path.join(path.dirname(page), "extra.md");
  const write = async (): Promise<void> => {
    for (let nth = 0; nth < 200; nth++) {
      await replaceFile(page, `---\nname: feed\ndescription: Feeds ${nth}.\n---\n`);
      await replaceFile(extra, "more");
      rmSync(extra);
    }
  };
  const look = async (): Promise<string[][]> => {
    const looks: string[][] = [];
    for (let nth = 0; nth < 200; nth++) looks.push(await namesShown());
    return looks;
  };
  const [looks] = await Promise.all([look(), write()]);
  const shown = new Set(["SKILL.md", "extra.md"]);
  expect(looks.flat().filter((name) => !shown.has(name))).toEqual([]);
  expect(looks.every((names) => names.includes("SKILL.md"))).toBe(true);
});

test("a folder without a page, or larger than a skill may be, is none", async () => {
  mkdirSync(path.join(skills, "zoo/bare"));
  writeFileSync(path.join(path.dirname(page), "large.bin"), Buffer.alloc(16 * 1_048_576));
  expect(await listFolders(skills)).toEqual([]);
});
