// Skills as other clients meet them: the MCP Skills extension with the SDK's own client, which checks every digest, prompts
// with the clients of both SDK lines, and notices of change.
import { SkillsClient } from "@modelcontextprotocol/client/ext/skills";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { PromptListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  childEnv,
  cli,
  connect,
  eventually,
  memoryEntry,
  MODERN,
  repository,
  useHomes,
  type Peer,
  type TestHome,
} from "./world.ts";

const newHome = useHomes();
const GIRAFFES = `/**
 * Counts giraffes by their height.
 * @param min - the least height in metres
 */
export function countGiraffes(min: number): string { return "none above " + min; }
`;

/** A home with the shipped skills, one written by hand, one without code, and folders that are none of these. */
function homeWithSkills(): TestHome {
  const home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  cpSync(path.join(repository, "skills/memory"), home.path("skills/memory"), { recursive: true });
  mkdirSync(home.path("skills/memory/tag-where/versions/1"), { recursive: true });
  writeFileSync(home.path("skills/memory/tag-where/versions/1/tagWhere.ts"), "export {};\n");
  writeFileSync(home.path("skills/memory/countGiraffes.ts"), GIRAFFES);
  const page = (name: string): string => `---\nname: ${name}\ndescription: How to write.\n---\nBriefly.\n`;
  mkdirSync(home.path("skills/style/references"), { recursive: true });
  writeFileSync(home.path("skills/style/SKILL.md"), page("style"));
  writeFileSync(home.path("skills/style/references/words é.bin"), Buffer.from([0xff, 0x00, 0x80]));
  mkdirSync(home.path("skills/misnamed"));
  writeFileSync(home.path("skills/misnamed/SKILL.md"), page("other"));
  writeFileSync(home.path("secret.txt"), "s3cr3t");
  symlinkSync(home.path("secret.txt"), home.path("skills/style/link.md"));
  return home;
}

describe.each([
  ["2025", "legacy" as const],
  ["2026", { pin: MODERN }],
])("%s", (_era, mode) => {
  let peer: Peer;
  let skills: SkillsClient;
  beforeAll(async () => {
    peer = await connect(homeWithSkills(), mode);
    skills = new SkillsClient(peer.client);
  });
  afterAll(() => peer.close());

  test("every skill is listed, written by hand or not, and a folder that breaks the form is left out", async () => {
    expect(skills.supported).toBe(true);
    const { skills: listed } = await skills.list();
    expect(listed.map(({ uri, frontmatter }) => [uri, frontmatter.name])).toEqual([
      ["skill://memory/backup-all-entities/SKILL.md", "backup-all-entities"],
      ["skill://memory/count-giraffes/SKILL.md", "count-giraffes"],
      ["skill://memory/restore-from-backup/SKILL.md", "restore-from-backup"],
      ["skill://memory/tag-where/SKILL.md", "tag-where"],
      ["skill://style/SKILL.md", "style"],
    ]);
  });

  test("every file passes the client's check of size and digest; versions and links are not shown", async () => {
    const { skills: listed } = await skills.list();
    const files: string[] = [];
    for (const skill of listed) {
      for (const { uri } of skill.resources === "dynamic" ? [] : skill.resources) {
        expect((await skills.read(skill, uri)).verified).toBe(true);
        files.push(uri);
      }
    }
    expect(files.filter((uri) => /tag-where|style|giraffes/.test(uri))).toEqual([
      "skill://memory/count-giraffes/SKILL.md",
      "skill://memory/count-giraffes/countGiraffes.ts",
      "skill://memory/tag-where/SKILL.md",
      "skill://memory/tag-where/proof.ts",
      "skill://memory/tag-where/skill.json",
      "skill://memory/tag-where/tagWhere.ts",
      "skill://style/SKILL.md",
      "skill://style/references/words%20%C3%A9.bin",
    ]);
  });

  test("a page says how the skill is run", async () => {
    const { skill } = await skills.get("skill://memory/count-giraffes/SKILL.md");
    const { body } = await skills.read(skill);
    expect(body).toContain("Counts giraffes by their height.");
    expect(body).toContain(
      'import { countGiraffes } from "./skills/memory/countGiraffes";\nreturn await countGiraffes(min);',
    );
  });

  test("pages stand among the resources", async () => {
    const { resources } = await peer.client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("skill://memory/tag-where/SKILL.md");
    const { resourceTemplates } = await peer.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain("skill://{+path}");
  });

  test.each([
    "skill://memory/nothing/SKILL.md",
    "skill://style/link.md",
    "skill://style/../../secret.txt",
    "skill://style/%2e%2e/%2e%2e/secret.txt",
    "skill://memory/tag-where/versions/1/tagWhere.ts",
    "skill://%zz",
    "skill://",
  ])("%s is refused", async (uri) => {
    const read: unknown = await peer.client.readResource({ uri }).catch((error: unknown) => error);
    expect(read).toBeInstanceOf(Error);
    expect(String(read)).not.toContain("s3cr3t");
    await expect(skills.get(uri)).rejects.toThrow(`No skill is served at ${uri}`);
  });

  test("each function is a prompt with its arguments", async () => {
    const { prompts } = await peer.client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      "memory_backupAllEntities",
      "memory_countGiraffes",
      "memory_restoreFromBackup",
      "memory_tagWhere",
    ]);
    expect(prompts[1]).toEqual({
      name: "memory_countGiraffes",
      title: "memory/countGiraffes",
      description: "Counts giraffes by their height.",
      arguments: [{ name: "min", description: "the least height in metres", required: true }],
    });
  });

  test("the program of a prompt runs as it stands", async () => {
    const { messages } = await peer.client.getPrompt({
      name: "memory_tagWhere",
      arguments: { condition: '{"entityType":"person"}', tag: "tag: vip" },
    });
    const text = messages[0]?.content.type === "text" ? messages[0].content.text : "";
    const code = /```ts\n(.*?)\n```/s.exec(text)?.[1] ?? "";
    expect(await peer.execute(code)).toEqual({ text: "[]", isError: false });
  });

  test.each([
    ["memory_tagWhere", { tag: "x" }, 'The prompt "memory_tagWhere" needs condition as well.'],
    ["none", {}, 'There is no prompt "none". There are: memory_backupAllEntities, '],
  ])("the prompt %s with %j is refused: %s", async (name, given, message) => {
    await expect(peer.client.getPrompt({ name, arguments: given })).rejects.toThrow(message);
  });
});

test("2025: a client of the older SDK hears of a skill that was written by hand, and is given its prompt", async () => {
  const home = homeWithSkills();
  const client = new LegacyClient({ name: "e2e", version: "1.0.0" });
  let heard = 0;
  client.setNotificationHandler(PromptListChangedNotificationSchema, () => void (heard += 1));
  const args = [cli, "serve", "--home", home.root];
  await client.connect(new LegacyTransport({ command: process.execPath, args, env: childEnv() }));
  expect(await client.listPrompts()).toMatchObject({ prompts: { length: 4 } });
  writeFileSync(home.path("skills/memory/feedGiraffes.ts"), GIRAFFES.replaceAll("count", "feed"));
  await eventually(() => heard > 0);
  const { messages } = await client.getPrompt({ name: "memory_feedGiraffes", arguments: { min: "3" } });
  expect(messages[0]?.content).toMatchObject({
    type: "text",
    text: expect.stringContaining("await feedGiraffes(3)") as string,
  });
  await client.close();
});

test("2026: whoever listens hears of a skill that was saved", async () => {
  const peer = await connect(homeWithSkills(), { pin: MODERN });
  const heard: string[] = [];
  peer.client.setNotificationHandler("notifications/prompts/list_changed", () => void heard.push("prompts"));
  const subscription = await peer.client.listen({ promptsListChanged: true });
  await peer.client.listPrompts();
  const code = `/** Says how many entities the graph holds. Use it for a first look. */
    export async function countAll(): Promise<number> { return (await memory.readGraph()).entities.length; }
    await countAll();`;
  expect((await peer.call("execute_code", { code, save_as: "memory/countAll" })).isError).toBe(false);
  await eventually(() => heard.includes("prompts"));
  expect((await peer.client.listPrompts()).prompts.map(({ name }) => name)).toContain("memory_countAll");
  await subscription.close();
  await peer.close();
});

test("a home without skills offers none", async () => {
  const peer = await connect(newHome({ servers: {} }));
  expect(await new SkillsClient(peer.client).list()).toMatchObject({ skills: [] });
  expect(await peer.client.listPrompts()).toMatchObject({ prompts: [] });
  await peer.close();
});
