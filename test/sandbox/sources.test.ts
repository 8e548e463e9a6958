// Which files agent code can import: those of servers/ and skills/, in every way of writing them, and no others.
import { rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createSources } from "../../src/sandbox/sources.ts";
import { createWorld, temporaryFolder, writeFiles } from "./world.ts";

const outside = temporaryFolder("outside");
writeFiles(outside, {
  "secret.ts": `export const secret = "s3cr3t";\n`,
  "secret.json": `{"secret":"s3cr3t"}`,
});
const world = createWorld({
  files: {
    "secret.ts": `export const secret = "s3cr3t";\n`,
    "workspace/secret.ts": `export const secret = "s3cr3t";\n`,
    "servers/mcp.json": `{"mcpServers":{"x":{"command":"x","env":{"KEY":"s3cr3t"}}}}`,
    "servers/nosy/up.ts": `export * from "../../secret.js";\n`,
    "servers/nosy/bare.ts": `export * from "memory";\n`,
    "servers/nosy/absolute.ts": `export * from ${JSON.stringify(path.join(outside, "secret.ts"))};\n`,
    "servers/nosy/node.ts": `export * from "node:fs";\n`,
    "servers/nosy/good.ts": `export { double } from "../../skills/double.js";\n`,
    "servers/runtime.ts": `throw new Error("the home's own file of that name is not what runs");\n`,
  },
});
symlinkSync(outside, path.join(world.home, "servers/linked"));
symlinkSync(path.join(outside, "secret.ts"), path.join(world.home, "skills/linked.ts"));
symlinkSync(path.join(world.home, "skills/double.ts"), path.join(world.home, "servers/memory/inner.ts"));
afterAll(async () => {
  await world.close();
  rmSync(outside, { recursive: true, force: true });
});

const sources = createSources(world.home, "// bridge\n");

describe("what agent code may import", () => {
  it.each([
    "./servers/memory",
    "servers/memory",
    "/servers/memory",
    "../servers/memory",
    "../../servers/memory",
    "./servers/memory/",
    "./servers/memory/index",
    "./servers/memory/index.ts",
    "./servers/memory/index.js",
    ".\\servers\\memory",
    "./servers/../servers/memory",
  ])("%s is the server", async (specifier) => {
    expect((await sources.find(specifier))?.path).toBe("servers/memory/index.ts");
  });

  it.each([
    "./servers/memory/readGraph",
    "servers/memory/readGraph.ts",
    "../servers/memory/readGraph.js",
    "./servers/memory/readGraph.mjs",
  ])("%s is the tool", async (specifier) => {
    expect((await sources.find(specifier))?.path).toBe("servers/memory/readGraph.ts");
  });

  it("a skill, and a wrapper that imports one", async () => {
    const { text } = await world.execute(`import { double } from "./servers/nosy/good"; return double(21)`);
    expect(text).toBe("42");
  });

  it("the bridge is ours, whatever the home's file says", async () => {
    expect(await sources.find("./servers/runtime")).toEqual({
      path: "servers/runtime.ts",
      text: "// bridge\n",
    });
    expect(await sources.find("../runtime.js", "servers/memory/readGraph.ts")).toEqual({
      path: "servers/runtime.ts",
      text: "// bridge\n",
    });
    expect((await world.execute("return (await memory.readGraph()).tool")).text).toBe("read_graph");
  });
});

describe("what it may not", () => {
  const refused = [
    "../../etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    path.join(outside, "secret.ts"),
    `file://${path.join(outside, "secret.ts")}`,
    "./secret",
    "secret.ts",
    "./workspace/secret",
    "./servers/../secret",
    "./servers/../../secret",
    "./servers/mcp.json",
    "./servers/mcp",
    "./servers/linked/secret",
    "./skills/linked",
    "./servers",
    "./skills",
    "servers",
    ".",
    "",
    "..",
    "./servers/memory/../../secret",
    "./servers/memory\0/readGraph",
    "./servers/%2e%2e/secret",
    "https://example.com/servers/memory",
    "data:text/javascript,export default 1",
    "node:fs",
    "memory",
  ];

  it.each(refused)("%j", async (specifier) => {
    expect(await sources.find(specifier)).toBeUndefined();
  });

  it.each(refused.filter((specifier) => !specifier.includes("\0")))(
    "%j, through the sandbox",
    async (specifier) => {
      for (const code of [
        `import * as x from ${JSON.stringify(specifier)}; return x`,
        `const x = await import(${JSON.stringify(specifier)}); return x`,
        `export * from ${JSON.stringify(specifier)}; return 1`,
        `import x from ${JSON.stringify(specifier)} with { type: "json" }; return x`,
      ]) {
        expect((await world.execute(code)).text).not.toContain("s3cr3t");
      }
      expect((await world.execute(`import * as x from ${JSON.stringify(specifier)}; return x`)).text).toMatch(
        /^Nothing was run\./,
      );
    },
  );

  it.each(["up", "bare", "absolute", "node"])("a wrapper of the home that reaches out (%s)", async (file) => {
    const { text, isError } = await world.execute(`import * as x from "./servers/nosy/${file}"; return x`);
    expect(text).toMatch(new RegExp(`^Nothing was run\\.\nservers/nosy/${file}\\.ts:1: Cannot import`));
    expect(text).not.toContain("s3cr3t");
    expect(isError).toBe(true);
  });

  it("a link that stays inside its folder but leaves its server", async () => {
    // skills/ seen from servers/ is another root: a link does not bridge them.
    expect(await sources.find("./servers/memory/inner")).toBeUndefined();
  });
});

describe("names", () => {
  it("lists what an import could have meant, and nothing outside", async () => {
    expect((await sources.names("servers")).toSorted()).toEqual(["memory", "nosy"]);
    expect((await sources.names("servers/memory")).toSorted()).toEqual([
      "fail",
      "inner",
      "openNodes",
      "readGraph",
    ]);
    expect(await sources.names("workspace")).toEqual([]);
    expect(await sources.names("servers/nothing")).toEqual([]);
    expect(await sources.names("..")).toEqual([]);
  });

  it.each(["servers/..", "servers/../..", "servers/../../../../etc"])("%s is not listed", async (folder) => {
    expect(await sources.names(folder)).toEqual([]);
  });
});
