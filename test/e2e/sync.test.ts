// `toolgrove sync`: the tree it writes, how little it writes the second time, and what it leaves alone.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  memoryEntry,
  repository,
  run,
  toolgrove,
  useHomes,
  type CommandResult,
  type TestHome,
} from "./world.ts";

const newHome = useHomes();
const functions = [
  "addObservations",
  "createEntities",
  "createRelations",
  "deleteEntities",
  "deleteObservations",
  "deleteRelations",
  "openNodes",
  "readGraph",
  "searchNodes",
];
const files = ["runtime.ts", "memory/index.ts", ...functions.map((name) => `memory/${name}.ts`)].toSorted();

const sync = (home: TestHome, ...args: readonly string[]): Promise<CommandResult> =>
  toolgrove(["sync", "--home", home.root, ...args]);

/** Every file under servers/ but mcp.json, with its text. */
function tree(root: string): Record<string, string> {
  const names = readdirSync(path.join(root, "servers"), { recursive: true, encoding: "utf8" });
  const sources = names.filter((name) => name.endsWith(".ts")).toSorted();
  return Object.fromEntries(
    sources.map((name) => [name, readFileSync(path.join(root, "servers", name), "utf8")]),
  );
}

describe("the real memory server", () => {
  let home: TestHome;
  let first: CommandResult;

  beforeAll(async () => {
    home = newHome({ servers: { memory: memoryEntry } });
    first = await sync(home);
  });

  test("gets nine wrappers, an index and the bridge, each reported on stdout", () => {
    expect(first.code).toBe(0);
    expect(first.stdout.trim().split("\n").toSorted()).toEqual(files.map((file) => `wrote servers/${file}`));
    expect(first.stderr).toBe("memory: 11 files changed, 0 unchanged\n");
    expect(Object.keys(tree(home.root))).toEqual(files);
  });

  test("the second run writes nothing", async () => {
    const before = tree(home.root);
    const touched = statSync(home.path("servers/memory/readGraph.ts")).mtimeMs;
    expect(await sync(home)).toEqual({ code: 0, stdout: "", stderr: "memory: up to date, 11 unchanged\n" });
    expect(tree(home.root)).toEqual(before);
    expect(statSync(home.path("servers/memory/readGraph.ts")).mtimeMs).toBe(touched);
  });

  test("the committed tree of this repository is what sync writes today", () => {
    expect(tree(repository)).toEqual(tree(home.root));
  });

  test("the tree holds no path of this machine and no setting of the server", () => {
    const text = Object.values(tree(home.root)).join("\n");
    for (const secret of [home.root, repository, "MEMORY_FILE_PATH", "memory.jsonl"])
      expect(text).not.toContain(secret);
  });

  test.each([
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ])("the tree compiles strictly, module %s and resolution %s", async (module, resolution) => {
    const program = `import * as memory from "./servers/memory/index.js";
import { addObservations } from "./servers/memory/addObservations.js";
export const names: Promise<string[]> = memory.readGraph().then(({ entities }) => entities.map(({ name }) => name));
export const bare = memory.openNodes(["a"]);
export const named = memory.openNodes({ names: ["a"] });
export const added = addObservations([{ entityName: "a", contents: ["b"] }]);
// @ts-expect-error contents is missing
export const wrong = addObservations([{ entityName: "a" }]);
`;
    writeFileSync(home.path("program.ts"), program);
    const compiler = path.join(repository, "node_modules/typescript/bin/tsc");
    const strict = ["--strict", "--noEmit", "--target", "ES2023", "--types", ""];
    const modules = ["--module", module, "--moduleResolution", resolution];
    const inputs = ["program.ts", ...files.map((file) => `servers/${file}`)];
    const result = await run(process.execPath, [compiler, ...strict, ...modules, ...inputs], {
      cwd: home.root,
    });
    expect(result).toMatchObject({ code: 0, stdout: "" });
  });

  test("a wrapper that was deleted, and one that was changed, are written again", async () => {
    const wanted = tree(home.root);
    rmSync(home.path("servers/memory/openNodes.ts"));
    writeFileSync(
      home.path("servers/memory/readGraph.ts"),
      `${home.read("servers/memory/readGraph.ts")}// changed\n`,
    );
    const { stdout, stderr } = await sync(home, "memory");
    expect(stdout.trim().split("\n").toSorted()).toEqual([
      "wrote servers/memory/openNodes.ts",
      "wrote servers/memory/readGraph.ts",
    ]);
    expect(stderr).toBe("memory: 2 files changed, 9 unchanged\n");
    expect(tree(home.root)).toEqual(wanted);
  });

  test("--json gives the report to programs", async () => {
    const { stdout } = await sync(home, "--json");
    expect(JSON.parse(stdout)).toEqual([
      {
        server: "memory",
        written: [],
        removed: [],
        unchanged: 11,
        warnings: [],
        changes: [],
        suspicions: [],
        skills: [],
      },
    ]);
  });

  test("a server that is not configured is named, with those that are", async () => {
    expect(await sync(home, "github")).toEqual({
      code: 1,
      stdout: "",
      stderr: 'There is no server "github" in servers/mcp.json. There are: memory.\n',
    });
  });
});

test("a hand-written wrapper survives and joins the index; the file of a tool that is gone goes", async () => {
  const home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
  const own = `/** Counts the entities. */\nexport async function countEntities(): Promise<number> {\n  return 0;\n}\n`;
  const marker = home.read("servers/memory/readGraph.ts").split("\n")[0];
  writeFileSync(home.path("servers/memory/countEntities.ts"), own);
  writeFileSync(home.path("servers/memory/oldTool.ts"), `${marker}\nexport const oldTool = 1;\n`);
  const { code, stdout } = await sync(home);
  expect(code).toBe(0);
  expect(stdout.split("\n")).toEqual(
    expect.arrayContaining(["removed servers/memory/oldTool.ts", "wrote servers/memory/index.ts"]),
  );
  expect(existsSync(home.path("servers/memory/oldTool.ts"))).toBe(false);
  expect(home.read("servers/memory/countEntities.ts")).toBe(own);
  const index = home.read("servers/memory/index.ts");
  expect(index).toContain('export * from "./countEntities.js";');
  expect(index).not.toContain("oldTool");
});
