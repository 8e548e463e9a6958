// The hostile definitions through the whole product: a server sends them, sync writes them, and agents read and call
// every tool, those of the hostile server as well as those beside it.
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { nameTools } from "../../src/codegen/identifier.ts";
import {
  connect,
  fixture,
  repository,
  toolgrove,
  useHomes,
  type CommandResult,
  type Peer,
  type TestHome,
} from "../e2e/world.ts";
import { corpus } from "../fixtures/hostile/corpus.mjs";
import { compile } from "./trial.ts";

const newHome = useHomes();
const ordinary = ["ordinary_first", "ordinary_last"];
const tools = [...ordinary, ...corpus.filter(({ none }) => !none).map(({ definition }) => definition.name)];
const names = nameTools(tools);

describe("a server of hostile definitions", () => {
  let home: TestHome;
  let synced: CommandResult;
  let peer: Peer;

  beforeAll(async () => {
    home = newHome({
      servers: {
        hostile: fixture("hostile"),
        neighbour: fixture("replay", `${repository}/test/fixtures/tools/filesystem.json`),
      },
    });
    synced = await toolgrove(["sync", "--home", home.root]);
    peer = await connect(home);
  }, 60_000);
  afterAll(() => peer.close());

  it("gets a wrapper for each of its tools; what names no tool is a warning", () => {
    expect(synced).toMatchObject({ code: 0 });
    const wrappers = readdirSync(home.path("servers/hostile")).filter((file) => file !== "index.ts");
    expect(wrappers.toSorted()).toEqual([...names.values()].map((name) => `${name}.ts`).toSorted());
    expect(synced.stderr.match(/has no name, so it was left out/g)).toHaveLength(
      corpus.filter(({ none }) => none).length,
    );
    expect(synced.stderr).toContain("hostile/twice: it is listed twice");
  });

  it("gives a tree that compiles strictly", { timeout: 60_000 }, async () => {
    expect(await compile(home.root)).toMatchObject({ code: 0, stdout: "" });
  });

  it("has every tool called by its own name, in one program", { timeout: 60_000 }, async () => {
    const calls = [...names.values()].map((name) => `hostile.${name}({ id: "1" } as never)`);
    const answer = await peer.execute(
      `import * as hostile from "./servers/hostile";
       const answers = await Promise.all([${calls.join(", ")}]);
       const called = answers.map((answer) => (answer as { called: string }).called);
       const expected: string[] = ${JSON.stringify([...names.keys()])};
       return { count: called.length, wrong: expected.filter((name, index) => called[index] !== name), broken: "broken" in globalThis };`,
    );
    expect(answer).toMatchObject({ isError: false });
    expect(JSON.parse(answer.text)).toEqual({ count: names.size, wrong: [], broken: false });
  });

  it("leaves the ordinary tools beside it, and the server beside it, as they are", async () => {
    const { text } = await peer.execute(
      `return [
         await hostile.ordinaryFirst({ id: "a", page: 2 }),
         await hostile.ordinaryLast("b"),
         await neighbour.readTextFile({ path: "c" }),
       ];`,
    );
    expect(JSON.parse(text)).toEqual([
      { called: "ordinary_first", input: { id: "a", page: 2 } },
      { called: "ordinary_last", input: { id: "b" } },
      { called: "read_text_file", input: { path: "c" } },
    ]);
  });

  it("has every tool read: under its own path, with an import and its function", async () => {
    for (const name of names.values()) {
      const { text } = await peer.call("read_tool", { path: `hostile/${name}` });
      expect(text).toContain(`import { ${name} } from "./servers/hostile";`);
      expect(text).toContain(`\n${name}(`);
    }
  });

  it("is found by its ordinary words", async () => {
    expect(await peer.search("ordinary tool")).toContain("servers/hostile/ordinaryFirst(");
    expect(await peer.search("搜索文件")).toContain("servers/hostile/");
  });
});

test(
  "definitions that are deeper than any stack cost no other tool anything",
  { timeout: 60_000 },
  async () => {
    const home = newHome({ servers: { deep: fixture("deep", "20000") } });
    expect(await toolgrove(["sync", "--home", home.root])).toMatchObject({ code: 0 });
    const peer = await connect(home);
    try {
      const calls = ["ordinary", "deepSchema", "deepDefault", "deepValue", "deepOutput", "deepAnnotation"];
      const { text } = await peer.execute(
        `return [${calls.map((name) => `await deep.${name}({})`).join(", ")}];`,
      );
      expect(JSON.parse(text)).toEqual([
        "ordinary",
        "deep_schema",
        "deep_default",
        "deep_value",
        "deep_output",
        "deep_annotation",
      ]);
      expect(await compile(home.root)).toMatchObject({ code: 0, stdout: "" });
    } finally {
      await peer.close();
    }
  },
);
