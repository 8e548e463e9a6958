// The package as npm would publish it: what is in it, and that it runs from there.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), "toolgrove-pack-"));
const unpacked = path.join(folder, "package");
let files: string[] = [];

beforeAll(() => {
  const options = { cwd: repository, encoding: "utf8" } as const;
  const report = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], options);
  const parsed: unknown = JSON.parse(report);
  const [entry] = Object.values(parsed as Record<string, { files: { path: string }[] }>);
  files = entry?.files.map((file) => file.path) ?? [];
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  execFileSync("tar", ["-xzf", path.join(folder, tarball), "-C", folder]);
  symlinkSync(path.join(repository, "node_modules"), path.join(unpacked, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("it holds the build, the shipped skills, the texts, and nothing else", () => {
  const others = files.filter((file) => !/^(?:dist|skills)\//.test(file));
  expect(others.toSorted()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
  const shipped = files.filter(
    (file) => file.startsWith("skills/") && !/\/(?:SKILL\.md|skill\.json|proof\.ts)$/.test(file),
  );
  expect(shipped.toSorted()).toEqual([
    "skills/README.md",
    "skills/memory/backup-all-entities/backupAllEntities.ts",
    "skills/memory/index.ts",
    "skills/memory/restore-from-backup/restoreFromBackup.ts",
    "skills/memory/tag-where/tagWhere.ts",
  ]);
  expect(files).toContain("dist/cli.js");
  expect(files).toContain("dist/sandbox/engines/deno/guest/realm.js");
  expect(files.filter((file) => !/\.(js|d\.ts|md|json)$|LICENSE$|^skills\//.test(file))).toEqual([]);
});

test("a program runs from the unpacked package", () => {
  const home = path.join(folder, "home");
  mkdirSync(path.join(home, "servers"), { recursive: true });
  const run = ["dist/cli.js", "run", "-", "--home", home];
  const answer = execFileSync(process.execPath, run, {
    cwd: unpacked,
    input: "return 6 * 7",
    encoding: "utf8",
  });
  expect(answer).toBe("42\n");
});

test("the shipped skills are copied from the unpacked package", () => {
  const home = path.join(folder, "home-with-skills");
  mkdirSync(path.join(home, "servers"), { recursive: true });
  const add = ["dist/cli.js", "skills", "add", "--home", home];
  expect(execFileSync(process.execPath, add, { cwd: unpacked, encoding: "utf8" })).toBe(
    "skills/memory/backupAllEntities: copied\nskills/memory/restoreFromBackup: copied\nskills/memory/tagWhere: copied\n",
  );
  expect(readdirSync(path.join(home, "skills/memory")).toSorted()).toEqual([
    "backup-all-entities",
    "index.ts",
    "restore-from-backup",
    "tag-where",
  ]);
});
