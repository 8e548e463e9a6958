import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf, hasWrappers, writeServer, type TreeChange } from "../../src/codegen/tree.ts";
import type { ToolDefinition } from "../../src/tool.ts";
import { makeFolder, memoryTools } from "./samples.ts";

function tool(name: string, description = name): ToolDefinition {
  return { name, description, inputSchema: { type: "object", properties: {} } };
}

interface Tree {
  readonly dir: string;
  write(definitions: readonly ToolDefinition[]): Promise<TreeChange>;
  read(file: string): Promise<string>;
  put(file: string, text: string): Promise<void>;
  files(): Promise<string[]>;
}

async function makeTree(): Promise<Tree> {
  const dir = path.join(await makeFolder(), "servers");
  return {
    dir,
    write: (definitions) =>
      writeServer({ serversDir: dir, server: "my-server", servers: ["my-server"], definitions }),
    read: (file) => readFile(path.join(dir, file), "utf8"),
    async put(file, text) {
      await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
      await writeFile(path.join(dir, file), text);
    },
    files: async () => (await readdir(dir, { recursive: true })).toSorted(),
  };
}

describe("the tree on disk", () => {
  it("has one file a tool, an index and the runtime, and nothing else", async () => {
    const tree = await makeTree();
    const change = await tree.write([tool("b_tool"), tool("a_tool")]);
    expect(change).toEqual({
      written: ["runtime.ts", "myServer/bTool.ts", "myServer/aTool.ts", "myServer/index.ts"],
      removed: [],
      unchanged: 0,
      warnings: [],
    });
    expect(await tree.files()).toEqual([
      "myServer",
      "myServer/aTool.ts",
      "myServer/bTool.ts",
      "myServer/index.ts",
      "runtime.ts",
    ]);
  });

  it("is byte-identical from the same definitions, in any order, and then not written", async () => {
    const tree = await makeTree();
    await tree.write(memoryTools());
    const change = await tree.write(memoryTools().toReversed());
    expect(change).toEqual({ written: [], removed: [], unchanged: 11, warnings: [] });
  });

  it("holds no carriage return and no path of this machine", async () => {
    const tree = await makeTree();
    await tree.write([tool("a", `one\r\ntwo`), ...memoryTools()]);
    for (const file of (await tree.files()).filter((name) => name.endsWith(".ts"))) {
      const text = await tree.read(file);
      expect(text).not.toContain("\r");
      expect(text).not.toContain(tree.dir);
    }
  });

  it("follows tools that change, go and come back", async () => {
    const tree = await makeTree();
    await tree.write([tool("a"), tool("b")]);
    expect(await tree.write([tool("a", "new words")])).toMatchObject({
      written: ["myServer/a.ts", "myServer/index.ts"],
      removed: ["myServer/b.ts"],
      unchanged: 1,
    });
    expect(await tree.read("myServer/a.ts")).toContain("new words");
    expect((await tree.write([tool("a"), tool("b")])).written).toEqual([
      "myServer/a.ts",
      "myServer/b.ts",
      "myServer/index.ts",
    ]);
  });

  it("lets an added tool that would share an identifier take nothing over", async () => {
    const tree = await makeTree();
    await tree.write([tool("foo_bar")]);
    const change = await tree.write([tool("foo_bar"), tool("foo-bar")]);
    expect(change.removed).toEqual(["myServer/fooBar.ts"]);
    expect(change.warnings.map((warning) => warning.tool)).toEqual(["foo_bar", "foo-bar"]);
    expect(change.warnings[0]?.reason).toMatch(/^it is called fooBar_[0-9a-f]{6},/);
  });

  it("replaces what was left half-written", async () => {
    const tree = await makeTree();
    await tree.write([tool("a")]);
    const whole = await tree.read("myServer/a.ts");
    await tree.put("myServer/a.ts", whole.slice(0, 60));
    expect((await tree.write([tool("a")])).written).toEqual(["myServer/a.ts"]);
    expect(await tree.read("myServer/a.ts")).toBe(whole);
  });

  it("knows whether a server has wrappers", async () => {
    const tree = await makeTree();
    const has = (): Promise<boolean> => hasWrappers(tree.dir, "my-server", ["my-server"]);
    expect(await has()).toBe(false);
    await tree.write([]);
    expect(await has()).toBe(true);
    await rm(path.join(tree.dir, "myServer/index.ts"));
    expect(await has()).toBe(false);
  });

  it("gives servers folders that differ", () => {
    const servers = ["google-drive", "googleDrive"];
    expect(folderOf("google-drive", ["google-drive"])).toBe("googleDrive");
    expect(new Set(servers.map((server) => folderOf(server, servers))).size).toBe(2);
  });
});

describe("files of the user", () => {
  it("stay, and are exported beside the generated ones", async () => {
    const tree = await makeTree();
    await tree.put("myServer/byHand.ts", "export const byHand = 1;\n");
    await tree.put("myServer/notes.md", "mine");
    await tree.write([tool("a")]);
    await tree.write([]);
    expect(await tree.read("myServer/byHand.ts")).toBe("export const byHand = 1;\n");
    expect(await tree.read("myServer/notes.md")).toBe("mine");
    expect(await tree.read("myServer/index.ts")).toContain('export * from "./byHand.js";');
  });

  it("stand in for a wrapper of the same name, also where case does not count", async () => {
    const tree = await makeTree();
    await tree.put("myServer/A.ts", "export function a() {}\n");
    const change = await tree.write([tool("a")]);
    expect(change.warnings).toEqual([
      { tool: "a", reason: "the hand-written A.ts stands in for its wrapper" },
    ]);
    expect(await tree.files()).toEqual(["myServer", "myServer/A.ts", "myServer/index.ts", "runtime.ts"]);
  });

  it("include an index and a runtime of their own", async () => {
    const tree = await makeTree();
    await tree.put("myServer/index.ts", "export {};\n");
    await tree.put("runtime.ts", "export const callTool = 1;\n");
    expect((await tree.write([tool("a")])).written).toEqual(["myServer/a.ts"]);
    expect(await tree.read("myServer/index.ts")).toBe("export {};\n");
    expect(await tree.read("runtime.ts")).toBe("export const callTool = 1;\n");
  });

  it.skipIf(process.platform === "win32")("include links", async () => {
    const tree = await makeTree();
    await tree.put("mine.ts", "export const a = 1;\n");
    await mkdir(path.join(tree.dir, "myServer"));
    await symlink("../mine.ts", path.join(tree.dir, "myServer/a.ts"));
    expect((await tree.write([tool("a")])).warnings).toHaveLength(1);
    expect(await tree.read("myServer/a.ts")).toBe("export const a = 1;\n");
  });
});

describe("one bad definition", () => {
  const broken: ToolDefinition = {
    name: "a",
    get inputSchema(): never {
      throw new Error("it is broken");
    },
  };

  it("costs its own tool", async () => {
    const tree = await makeTree();
    const change = await tree.write([broken, tool("b")]);
    expect(change.warnings).toEqual([{ tool: "a", reason: "its definition cannot be used: it is broken" }]);
    expect(change.written).toContain("myServer/b.ts");
  });

  it("keeps the wrapper from better days", async () => {
    const tree = await makeTree();
    await tree.write([tool("a")]);
    const before = await tree.read("myServer/a.ts");
    expect((await tree.write([broken])).removed).toEqual([]);
    expect(await tree.read("myServer/a.ts")).toBe(before);
    expect(await tree.read("myServer/index.ts")).toContain('export { a, type AInput } from "./a.js";');
  });

  it("listed twice gives one wrapper", async () => {
    const tree = await makeTree();
    const change = await tree.write([tool("a", "first"), tool("a", "second")]);
    expect(change.warnings).toEqual([
      { tool: "a", reason: "the server lists it 2 times; the first definition counts" },
    ]);
    expect(await tree.read("myServer/a.ts")).toContain("first");
  });
});
