// `toolgrove skills`: what an owner does with the home's skills, from the command line.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryEntry, repository, toolgrove, useHomes, type CommandResult, type TestHome } from "./world.ts";

const newHome = useHomes();
const claude = mkdtempSync(path.join(os.tmpdir(), "claude-"));
afterAll(() => rmSync(claude, { recursive: true, force: true }));
const inClaude = (...parts: readonly string[]): string => path.join(claude, "skills", ...parts);
const skills = (home: TestHome, ...args: readonly string[]): Promise<CommandResult> =>
  toolgrove(["skills", ...args, "--home", home.root], { env: { CLAUDE_CONFIG_DIR: claude } });

function homeWithShipped(): TestHome {
  const home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  cpSync(path.join(repository, "skills/memory"), home.path("skills/memory"), { recursive: true });
  return home;
}

test("a new home has none, says which come with Toolgrove, takes them, and proves them", async () => {
  const home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  expect(await skills(home)).toEqual({
    code: 0,
    stdout: "",
    stderr:
      "There are no skills. execute_code keeps one with save_as.\n" +
      "Not here, but with Toolgrove: memory/backupAllEntities, memory/restoreFromBackup, memory/tagWhere. " +
      "`toolgrove skills add` copies them.\n",
  });
  expect((await skills(home, "add", "tagWhere")).stdout).toBe("skills/memory/tagWhere: copied\n");
  expect((await skills(home, "add")).stdout.split("\n")).toEqual([
    "skills/memory/backupAllEntities: copied",
    "skills/memory/restoreFromBackup: copied",
    "skills/memory/tagWhere: there already",
    "",
  ]);
  const index = "skills/memory/index.ts";
  expect(home.read(index)).toBe(readFileSync(path.join(repository, index), "utf8"));
  const proved = await skills(home, "prove");
  expect(proved.stdout).toBe(
    "memory/backupAllEntities: proved\nmemory/restoreFromBackup: proved\nmemory/tagWhere: proved\n",
  );
  expect(proved.code).toBe(0);
});

describe("on a home with skills", () => {
  let home: TestHome;
  beforeAll(() => {
    home = homeWithShipped();
    mkdirSync(home.path("skills/style"));
    writeFileSync(home.path("skills/style/SKILL.md"), "---\nname: style\ndescription: How to write.\n---\n");
    mkdirSync(home.path("skills/wrong"));
    writeFileSync(home.path("skills/wrong/SKILL.md"), "---\nname: other\ndescription: x\n---\n");
    writeFileSync(
      home.path("skills/memory/countGiraffes.ts"),
      "/** Counts giraffes. By height. */\nexport function countGiraffes(): number { return 3; }\n",
    );
  });

  test("each is listed, and a folder that breaks the form is named with the rule", async () => {
    const { stdout, stderr, code } = await skills(home);
    expect(stdout.split("\n").map((line) => line.replaceAll(/ +/g, " ").trim())).toEqual([
      "memory/backupAllEntities v1 Backs up the whole knowledge graph of the memory server, all entities and relations, to a JSON file in the workspace that is named by the day.",
      "memory/countGiraffes by hand Counts giraffes.",
      "memory/restoreFromBackup v1 Restores the memory server's knowledge graph from a backup file of the workspace: adds the entities, observations and relations that are missing, and removes and changes nothing.",
      "memory/tagWhere v1 Tags all records of the memory server that match a condition: adds the tag as an observation to each that lacks it.",
      "style by hand Instructions, without code.",
      "wrong by hand Instructions, without code.",
      "",
    ]);
    expect(stderr).toMatch(/^skills\/wrong is not shown to other clients: frontmatter name "other" .*\.\n$/);
    expect(code).toBe(0);
  });

  test("programs read them as JSON", async () => {
    const { stdout } = await skills(home, "list", "--json");
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows.map((row) => [row["path"], row["version"], row["link"]])).toEqual([
      ["memory/backupAllEntities", 1, "absent"],
      ["memory/countGiraffes", undefined, undefined],
      ["memory/restoreFromBackup", 1, "absent"],
      ["memory/tagWhere", 1, "absent"],
      ["style", undefined, "absent"],
      ["wrong", undefined, "absent"],
    ]);
  });

  test("are linked where Claude Code looks, over nothing that is there, and unlinked again", async () => {
    mkdirSync(inClaude("restore-from-backup"), { recursive: true });
    writeFileSync(inClaude("restore-from-backup/SKILL.md"), "somebody else's");
    const linked = await skills(home, "link");
    expect(linked.code).toBe(1);
    expect(linked.stdout).toContain(`memory/tag-where: ${inClaude("tag-where")}\n`);
    expect(linked.stdout).toContain(
      `memory/restore-from-backup: not linked, ${inClaude("restore-from-backup")} is there and is something else\n`,
    );
    expect(readlinkSync(inClaude("tag-where"))).toBe(home.path("skills/memory/tag-where"));
    expect((await skills(home, "link", "tagWhere")).code).toBe(0);
    expect((await skills(home)).stdout).toMatch(/memory\/tagWhere +v1 +linked/);

    expect((await skills(home, "unlink", "tag-where")).stdout).toBe(`removed ${inClaude("tag-where")}\n`);
    expect(existsSync(inClaude("backup-all-entities/SKILL.md"))).toBe(true);
    expect((await skills(home, "unlink")).stdout).toContain(`removed ${inClaude("backup-all-entities")}\n`);
    expect(existsSync(inClaude("restore-from-backup/SKILL.md"))).toBe(true);
    expect(home.read("skills/memory/tag-where/SKILL.md")).toContain("name: tag-where");
    expect((await skills(home, "unlink")).stdout).toBe(`Nothing was linked in ${inClaude()}.\n`);
  });

  test("are linked into any folder", async () => {
    const folder = home.path("project/.claude/skills");
    expect((await skills(home, "link", "style", "--to", folder)).stdout).toBe(
      `style: ${path.join(folder, "style")}\n`,
    );
    expect(lstatSync(path.join(folder, "style")).isSymbolicLink()).toBe(true);
  });

  test.each([
    [["frob"], 'skills has no "frob": list, link, unlink, remove, prove, add.'],
    [["link", "tagWere"], 'There is no skill "tagWere" here. Did you mean memory/tag-where?'],
    [["remove"], "skills remove takes one name."],
    [["remove", "a", "b"], "skills remove takes one name."],
    [["remove", "countGiraffes"], 'There is no skill "countGiraffes" here. There are '],
    [["prove", "style"], 'There is no skill "style" here. There are '],
    [["prove", "--to", "x"], "--to does not belong to skills prove."],
    [["link", "--json"], "--json belongs to skills list."],
    [["list", "tagWhere"], "skills list takes no name; `toolgrove read` shows a skill."],
  ])("%j cannot be meant", async (args, message) => {
    const { code, stdout, stderr } = await skills(home, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

test("a removed skill is gone with its versions, its link and its line in the index; the rest stays", async () => {
  const home = homeWithShipped();
  await skills(home, "link", "tagWhere");
  const { stdout } = await skills(home, "remove", "memory/tagWhere");
  expect(stdout).toBe("Removed skills/memory/tagWhere, with its versions.\n");
  expect(existsSync(home.path("skills/memory/tag-where"))).toBe(false);
  expect(() => lstatSync(inClaude("tag-where"))).toThrow("ENOENT");
  expect(home.read("skills/memory/index.ts")).not.toContain("tagWhere");
  expect(home.read("skills/memory/index.ts")).toContain("backupAllEntities");
  await skills(home, "remove", "backupAllEntities");
  await skills(home, "remove", "restoreFromBackup");
  expect(existsSync(home.path("skills/memory"))).toBe(false);
});

test("a link to a skill that is no more there goes as well", async () => {
  const home = homeWithShipped();
  await skills(home, "link", "tagWhere");
  rmSync(home.path("skills/memory/tag-where"), { recursive: true });
  expect((await skills(home, "unlink")).stdout).toBe(`removed ${inClaude("tag-where")}\n`);
});

test("a proof that fails says why, and the others are still run", async () => {
  const home = homeWithShipped();
  writeFileSync(
    home.path("skills/memory/backup-all-entities/proof.ts"),
    'export default function proof() { throw new Error("the graph is gone"); }\n',
  );
  const { code, stdout, stderr } = await skills(home, "prove", "backupAllEntities", "tagWhere");
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: "memory/backupAllEntities: failed\nmemory/tagWhere: proved\n",
  });
  expect(stderr).toContain("the graph is gone");
});

test("a shipped skill is never copied over another of its name", async () => {
  const home = homeWithShipped();
  writeFileSync(home.path("skills/memory/tag-where/tagWhere.ts"), "export function tagWhere() {}\n");
  const { code, stdout } = await skills(home, "add", "tagWhere");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "skills/memory/tagWhere: another is there\n" });
  expect(home.read("skills/memory/tag-where/tagWhere.ts")).toBe("export function tagWhere() {}\n");
});

test("a home that was found and not named links nothing before it is trusted", async () => {
  const home = homeWithShipped();
  const { code, stderr } = await toolgrove(["skills", "link"], {
    cwd: home.root,
    env: { CLAUDE_CONFIG_DIR: path.join(claude, "untrusted") },
  });
  expect(code).toBe(1);
  expect(stderr).toContain("Nothing was linked: ");
  expect(existsSync(path.join(claude, "untrusted"))).toBe(false);
});
