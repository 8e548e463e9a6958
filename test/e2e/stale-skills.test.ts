// A skill whose tool has changed: marked by the sync that changed it, told by searches that show it, and refused in programs
// that have its code, however they come by it, and in no others.
import { rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ADD_NOTE,
  CHANGED,
  GREET,
  GREET_BOTH,
  newNotesHome,
  noteTool,
  save,
  type NotesHome,
} from "./notes-home.ts";
import { connect, toolgrove, useHomes, type Peer } from "./world.ts";

const newHome = useHomes();
const COUNT = noteTool("count_notes", "tag");
const COUNT_TAGGED = `
  /** Counts the notes with a tag; unlike skills/notes/greet it writes nothing. */
  export async function countTagged(tag: string): Promise<unknown> {
    return notes.countNotes({ tag });
  }
  await countTagged("urgent");`;
const DIFFERENCE = "~ notes/add_note: input; input: + body, - text.";
const STALE = `skills/notes/greet is stale: ${DIFFERENCE} `;
const PLACE = "skills/notes/greet/greet.ts:5:28: ";
const MENDABLE = "Mend that file, or save the skill again; it is checked again when it changes.";

describe("while one skill of a group is stale", () => {
  let home: NotesHome;
  let peer: Peer;
  beforeAll(async () => {
    home = newNotesHome(newHome);
    await home.offer(ADD_NOTE, COUNT);
    peer = await connect(home);
    await save(peer, GREET, "notes/greet");
    await save(peer, GREET_BOTH, "people/greetBoth");
    await save(peer, COUNT_TAGGED, "notes/countTagged");
  });
  afterAll(() => peer.close());

  test("a change that it fits makes nothing stale, and the sync says nothing of skills", async () => {
    const { stdout } = await home.offer({ ...ADD_NOTE, description: "Adds a note" }, COUNT);
    expect(stdout).toContain("~ add_note: description");
    expect(stdout).not.toContain("skills/");
  });

  test("the sync that changed its tool names it, with the difference", async () => {
    const { stdout, code } = await home.offer(CHANGED, COUNT);
    const lines = stdout.split("\n").filter((line) => line.includes("skills/"));
    expect(lines).toEqual([expect.stringMatching(/^skills\/notes\/greet is stale: ~ notes\/add_note: /)]);
    expect(lines[0]).toContain(PLACE);
    expect(lines[0]).toContain(MENDABLE);
    expect(code).toBe(0);
    const again = await toolgrove(["sync", "--home", home.root]);
    expect(again.stdout).not.toContain("stale");
  });

  test.each([
    ["named in a comment", `// not greet of ./skills/notes\nreturn 1`],
    ["imported and not used", `import { greet } from "./skills/notes";\nreturn 1`],
    ["beside one that is imported", `import { countTagged } from "./skills/notes";\nreturn countTagged("a")`],
    [
      "beside a member of a namespace",
      `import * as mine from "./skills/notes";\nreturn mine.countTagged("a")`,
    ],
    ["of which only a type is used", `import type * as mine from "./skills/notes";\nreturn 1`],
  ])("a program runs where it is only %s", async (_what, code) => {
    expect(await peer.execute(code)).toEqual({
      text: expect.stringMatching(/^(?:1|called count_notes)$/) as string,
      isError: false,
    });
  });

  test.each([
    ["imported", `import { greet } from "./skills/notes";\nreturn greet("a")`],
    ["under another name", `import { greet as welcome } from "./skills/notes/greet";\nreturn welcome("a")`],
    ["by a computed name", `import * as mine from "./skills/notes";\nreturn mine["gr" + "eet"]("a")`],
    ["by a dynamic import", `const mine = await import("./skills/notes");\nreturn mine.greet("a")`],
    ["through another skill", `import { greetBoth } from "./skills/people";\nreturn greetBoth("a", "b")`],
  ])("a program is refused before it runs that has it %s", async (_what, code) => {
    const { text, isError } = await peer.execute(`await workspace.writeText("ran.txt", "");\n${code}`);
    expect(text).toMatch(/^Nothing was run\. skills\/notes\/greet is stale: ~ notes\/add_note: /);
    expect(text).toContain(MENDABLE);
    expect(isError).toBe(true);
    expect((await peer.execute(`return workspace.exists("ran.txt")`)).text).toBe("false");
  });

  test("a search says so that shows it, or one that uses it, and no other", async () => {
    expect(await peer.search("greeting")).toContain(STALE);
    expect(await peer.search("welcome two people")).toContain(STALE);
    const other = await peer.call("search_tools", { query: "count tagged", limit: 1 });
    expect(other.text).toContain("skills/notes/countTagged(");
    expect(other.text).not.toContain("is stale");
  });

  test("a read says so that shows it, and no other", async () => {
    const read = async (path: string): Promise<string> => (await peer.call("read_tool", { path })).text;
    expect(await read("skills/notes/greet")).toContain(STALE);
    expect(await read("skills/notes")).toContain(STALE);
    expect(await read("skills/people/greetBoth")).toContain(STALE);
    expect(await read("skills/notes/countTagged")).not.toContain("is stale");
  });

  test("one whose tool is gone is stale as well, and those beside it still run", async () => {
    const { stdout } = await home.offer(COUNT);
    expect(stdout).toContain("skills/notes/greet is stale: - notes/add_note. ");
    const used = await peer.execute(`import { greet } from "./skills/notes";\nreturn greet("a")`);
    expect(used.text).toMatch(/^Nothing was run\. skills\/notes\/greet is stale: - notes\/add_note\. /);
    const beside = await peer.execute(
      `import { countTagged } from "./skills/notes";\nreturn countTagged("a")`,
    );
    expect(beside).toEqual({ text: "called count_notes", isError: false });
  });

  test("the sync after which it fits names it again, and it runs", async () => {
    const { stdout } = await home.offer(ADD_NOTE, COUNT);
    expect(stdout).toContain("\nskills/notes/greet fits its tools again.\n");
    expect(await peer.search("greeting")).not.toContain("stale");
    const used = await peer.execute(`import { greet } from "./skills/notes";\nreturn greet("a")`);
    expect(used).toEqual({ text: "Hello a", isError: false });
  });

  test("it is mended in its file", async () => {
    const file = "skills/notes/greet/greet.ts";
    const use = `import { greet } from "./skills/notes";\nreturn greet("me")`;
    const good = home.read(file);
    writeFileSync(home.path(file), good.replace("addNote", "addNotes"));
    expect((await peer.execute(use)).text).toContain(
      "skills/notes/greet is stale: skills/notes/greet/greet.ts:",
    );
    writeFileSync(home.path(file), good.replace("Hello", "Hi"));
    expect(await peer.execute(use)).toEqual({ text: "Hi me", isError: false });
  });

  test("one whose server is gone is stale and keeps what is known of its tools", async () => {
    expect((await toolgrove(["remove", "notes", "--home", home.root])).code).toBe(0);
    rmSync(home.path("servers/notes"), { recursive: true, force: true });
    const gone = await peer.execute(`import { greet } from "./skills/notes";\nreturn greet("me")`);
    expect(gone.text).toMatch(
      /^Nothing was run\. skills\/notes\/greet is stale: - notes\/add_note\. .*Cannot find/,
    );
    const record = JSON.parse(home.read("skills/notes/greet/skill.json")) as { tools: object };
    expect(Object.keys(record.tools)).toEqual(["notes/add_note"]);
  });
});
