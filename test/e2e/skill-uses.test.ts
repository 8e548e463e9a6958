// What a skill is checked again for besides its tools: the skills it uses, and the run that proved it. And skills that were
// written by hand, which have no record.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADD_NOTE, CHANGED, GREET, GREET_BOTH, newNotesHome, save, type NotesHome } from "./notes-home.ts";
import { connect, useHomes, type Peer } from "./world.ts";

const newHome = useHomes();
const FILE = "skills/notes/greet/greet.ts";
const USE_BOTH = `import { greetBoth } from "./skills/people";\nreturn greetBoth("a", "b")`;

describe("a skill that uses another", () => {
  let home: NotesHome;
  let peer: Peer;
  const recordOf = (): { skills: unknown } =>
    JSON.parse(home.read("skills/people/greet-both/skill.json")) as { skills: unknown };
  beforeAll(async () => {
    home = newNotesHome(newHome);
    await home.offer(ADD_NOTE);
    peer = await connect(home);
    await save(peer, GREET, "notes/greet");
    await save(peer, GREET_BOTH, "people/greetBoth");
  });
  afterAll(() => peer.close());

  test("records it by its module, with the state it was in", () => {
    expect(recordOf().skills).toEqual({ [FILE]: expect.stringMatching(/^[0-9a-f]{16}$/) as string });
  });

  test("is recorded anew when the other changed and it still fits", async () => {
    const before = recordOf().skills;
    await save(peer, GREET.replace("Hello", "Good morning,"), "notes/greet");
    expect(await peer.execute(USE_BOTH)).toEqual({
      text: '["Good morning, a","Good morning, b"]',
      isError: false,
    });
    expect(Object.keys(recordOf().skills as object)).toEqual([FILE]);
    expect(recordOf().skills).not.toEqual(before);
  });

  test("is stale when the other changed and it no longer fits", async () => {
    const louder = GREET.replace("who: string", "who: { name: string }").replace('"you"', '{ name: "you" }');
    await save(peer, louder.replace("+ who", "+ who.name"), "notes/greet");
    const { text } = await peer.execute(USE_BOTH);
    expect(text).toMatch(
      /^Nothing was run\. skills\/people\/greetBoth is stale: ~ skills\/notes\/greet\. skills\/people\/greet-both\/greetBoth\.ts:5:25: /,
    );
    await save(peer, GREET, "notes/greet");
    expect((await peer.execute(USE_BOTH)).isError).toBe(false);
  });

  test("a record that holds only the other's name is read, and completed when it is looked at", async () => {
    const file = home.path("skills/people/greet-both/skill.json");
    writeFileSync(file, JSON.stringify({ ...recordOf(), skills: ["notes/greet"] }));
    expect((await peer.execute(USE_BOTH)).isError).toBe(false);
    expect(recordOf().skills).toEqual({ [FILE]: expect.stringMatching(/^[0-9a-f]{16}$/) as string });
  });

  test("the run that proved it is checked as well", async () => {
    const proof = home.path("skills/people/greet-both/proof.ts");
    const good = home.read("skills/people/greet-both/proof.ts");
    writeFileSync(proof, good.replace('"me")', '"me", 3)'));
    const louder = GREET.replace("Hello", "Hi");
    await save(peer, louder, "notes/greet");
    expect((await peer.execute(USE_BOTH)).text).toMatch(
      /^Nothing was run\. skills\/people\/greetBoth is stale: ~ skills\/notes\/greet\. skills\/people\/greet-both\/proof\.ts:\d+:\d+: Expected 2 arguments, but got 3\./,
    );
    writeFileSync(proof, good);
    expect((await peer.execute(USE_BOTH)).text).toBe('["Hi a","Hi b"]');
  });
});

describe("a skill that was written by hand", () => {
  const WELCOME = `
import { addNote } from "../../servers/notes/index.js";
/** Hails giraffes with a note. */
export async function hail(who: string): Promise<unknown> {
  return addNote({ text: "Hail " + who });
}
`;
  const UNFIT =
    /skills\/zoo\/hail does not fit its tools: skills\/zoo\/hail\.ts:5:20: Object literal may only/;
  const USE = `import { hail } from "./skills/zoo";\nreturn hail("Zarafa")`;
  let home: NotesHome;
  let peer: Peer;
  beforeAll(async () => {
    home = newNotesHome(newHome);
    await home.offer(ADD_NOTE);
    mkdirSync(home.path("skills/zoo"), { recursive: true });
    writeFileSync(home.path("skills/zoo/hail.ts"), WELCOME);
    writeFileSync(
      home.path("skills/zoo/feed.ts"),
      `/** Feeds giraffes. */\nexport function feed(): string { return "leaves"; }\n`,
    );
    peer = await connect(home);
  });
  afterAll(() => peer.close());

  test("runs while it fits", async () => {
    expect(await peer.execute(USE)).toEqual({ text: "Hail Zarafa", isError: false });
    expect(await peer.search("giraffes")).not.toContain("does not fit");
  });

  test("is told by sync, search and read when it does not, and refused", async () => {
    const { stdout } = await home.offer(CHANGED);
    expect(stdout).toMatch(UNFIT);
    expect(await peer.search("giraffes")).toMatch(UNFIT);
    expect((await peer.call("read_tool", { path: "skills/zoo/hail" })).text).toMatch(UNFIT);
    const { text, isError } = await peer.execute(USE);
    expect(text).toMatch(/^Nothing was run\. skills\/zoo\/hail does not fit its tools: .* Mend that file\.$/);
    expect(isError).toBe(true);
  });

  test("does not touch those beside it", async () => {
    const beside = await peer.execute(`import { feed } from "./skills/zoo";\nreturn feed()`);
    expect(beside).toEqual({ text: "leaves", isError: false });
    expect((await peer.call("read_tool", { path: "skills/zoo/feed" })).text).not.toContain("does not fit");
  });

  test("fits again when it is mended, and when its tool is what it was", async () => {
    writeFileSync(home.path("skills/zoo/hail.ts"), WELCOME.replace("text:", "body:"));
    expect((await peer.execute(USE)).isError).toBe(false);
    writeFileSync(home.path("skills/zoo/hail.ts"), WELCOME);
    expect((await peer.execute(USE)).text).toMatch(UNFIT);
    await home.offer(ADD_NOTE);
    expect((await peer.execute(USE)).isError).toBe(false);
  });

  test("is refused with its place when what it imports is gone", async () => {
    await home.offer();
    expect((await peer.execute(USE)).text).toMatch(
      /^Nothing was run\. skills\/zoo\/hail does not fit its tools: skills\/zoo\/hail\.ts:2:\d+: /,
    );
  });

  test("has no more files in its folder than were written there", () => {
    expect(readdirSync(path.join(home.root, "skills/zoo")).toSorted()).toEqual(["feed.ts", "hail.ts"]);
  });
});
