// Skills as an agent meets them: kept from a program that ran, found and used by another server process. How they grow stale
// is in stale-skills.test.ts.
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, memoryEntry, useHomes, type Peer, type TestHome } from "./world.ts";

const newHome = useHomes();
const BACKUP = `
/**
 * Backs up the whole knowledge graph to a JSON file in the workspace, named by the day. Use it before large changes.
 * @param folder - where the file goes
 */
export async function backupAllEntities(folder = "backups"): Promise<{ path: string; entities: number }> {
  const { entities, relations } = await memory.readGraph();
  const path = folder + "/memory-" + new Date().toISOString().slice(0, 10) + ".json";
  await workspace.writeJson(path, { entities, relations });
  return { path, entities: entities.length };
}
await backupAllEntities();`;
const save = (peer: Peer, code: string, as: string): ReturnType<Peer["call"]> =>
  peer.call("execute_code", { code, save_as: as });

describe("a skill that one server process saved", () => {
  let home: TestHome;
  let second: Peer;
  let savedText = "";
  beforeAll(async () => {
    home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
    const first = await connect(home);
    const saved = await save(first, BACKUP, "memory/backupAllEntities");
    savedText = saved.text;
    await first.close();
    second = await connect(home);
  });
  afterAll(() => second.close());

  test("was said to be saved, with its import line", () => {
    expect(savedText).toContain(
      'Skill skills/memory/backupAllEntities saved (version 1): import { backupAllEntities } from "./skills/memory";',
    );
  });

  test.each([
    "save a copy of everything the memory holds",
    "export all records to a file",
    "snapshot the graph before a risky edit",
  ])("is among the first three hits of another: %s", async (query) => {
    const lines = (await second.search(query)).split("\n").slice(0, 3);
    expect(lines.join("\n")).toContain("skills/memory/backupAllEntities(");
  });

  test.each(["./skills/memory", "skills/memory", "./skills/memory/backupAllEntities"])(
    "is imported from %s and runs with other arguments",
    async (specifier) => {
      const { text, isError } = await second.execute(
        `import { backupAllEntities } from '${specifier}';\nreturn await backupAllEntities("other");`,
      );
      expect({ text, isError }).toEqual({
        text: expect.stringMatching(
          /^\{"path":"other\/memory-\d{4}-\d\d-\d\d\.json","entities":0\}$/,
        ) as string,
        isError: false,
      });
    },
  );

  test("is read like a tool, and its proof and former versions are none", async () => {
    const { text } = await second.call("read_tool", { path: "memory.backup_all_entities" });
    expect(text).toContain('import { backupAllEntities } from "./skills/memory";');
    expect(text).toContain('folder = "backups"');
    expect((await second.call("read_tool", { path: "skills" })).text).toContain("1 skill");
  });

  test("is a folder in the Agent Skills form, with the hashes of its tools", () => {
    const folder = ["skills", "memory", "backup-all-entities"];
    expect(home.read(...folder, "SKILL.md")).toMatch(
      /^---\nname: backup-all-entities\ndescription: Backs up/,
    );
    expect(home.read(...folder, "proof.ts")).toContain("await backupAllEntities()");
    const record = JSON.parse(home.read(...folder, "skill.json")) as { tools: Record<string, unknown> };
    expect(record.tools).toEqual({
      "memory/read_graph": {
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        parts: expect.any(Object) as object,
      },
    });
  });

  test("keeps its former version when it is saved anew, and nothing when it is the same", async () => {
    const same = await save(second, BACKUP, "memory/backupAllEntities");
    expect(same.text).toContain("is what was saved before (version 1)");
    const better = await save(second, BACKUP.replace("large", "risky"), "memory/backupAllEntities");
    expect(better.text).toContain("saved (version 2); the former one is in versions/1/");
    expect(home.read("skills/memory/backup-all-entities/versions/1/backupAllEntities.ts")).toContain("large");
  });

  test("may be used by another skill", async () => {
    const code = `
      import { backupAllEntities } from "./skills/memory";
      /** Backs up the graph and says how many entities it holds. Use it as a daily report. */
      export async function reportBackup(folder: string): Promise<string> {
        const { path, entities } = await backupAllEntities(folder);
        return entities + " in " + path;
      }
      await reportBackup("daily");`;
    expect((await save(second, code, "memory/reportBackup")).text).toContain(
      "reportBackup saved (version 1)",
    );
    const used = await second.execute(
      `import { reportBackup } from "./skills/memory"; return reportBackup("x")`,
    );
    expect(used.text).toMatch(/^0 in x\//);
  });

  test("is found as soon as it is written by hand", async () => {
    writeFileSync(
      home.path("skills/memory/countKinds.ts"),
      "/** Counts giraffes by their height. */\nexport function countKinds(): number { return 3; }\n",
    );
    await expect.poll(() => second.search("giraffes by height"), { timeout: 10_000 }).toContain("countKinds");
    const used = await second.execute(
      `import { countKinds } from "./skills/memory"; return countKinds() + 1`,
    );
    expect(used.text).toBe("4");
  });

  test.each([
    [
      "a wrong tool",
      BACKUP.replace("readGraph", "readGrap"),
      "memory/backupAllEntities",
      "Did you mean 'readGraph'?",
    ],
    ["nothing exported", "return 1", "memory/other", "exports no function"],
    ["a name that leaves the folder", BACKUP, "../../etc/backupAllEntities", "save_as takes group/name"],
    ["a parent as its group", BACKUP, "../backupAllEntities", "cannot be used"],
    ["the name of a tool", BACKUP.replaceAll("backupAllEntities", "readGraph"), "memory/readGraph", "a tool"],
  ])("%s is refused before anything runs", async (_what, code, as, why) => {
    const answer = await save(second, code, as);
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain("Nothing was run.");
    expect(answer.text).toContain(why);
  });

  test("a program that fails saves nothing", async () => {
    const code = BACKUP.replaceAll("backupAllEntities", "failing").replace("return {", "null.x; return {");
    const answer = await save(second, code, "memory/failing");
    expect(answer.isError).toBe(true);
    expect(answer.text).not.toContain("saved");
    expect(await second.search("failing")).not.toContain("skills/memory/failing");
  });
});
