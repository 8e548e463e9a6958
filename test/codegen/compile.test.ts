import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { writeServer } from "../../src/codegen/tree.ts";
import type { ToolDefinition } from "../../src/tool.ts";
import { compile, hasSampleServers, makeFolder, memoryTools, sampleServers } from "./samples.ts";

async function writeHome(servers: ReadonlyMap<string, readonly ToolDefinition[]>): Promise<string> {
  const home = await makeFolder();
  for (const [server, definitions] of servers) {
    await writeServer({
      serversDir: path.join(home, "servers"),
      server,
      servers: [...servers.keys()],
      definitions,
    });
  }
  return home;
}

const GOOD = `import * as memory from "./servers/memory/index.js";
export async function use(): Promise<string[]> {
  await memory.openNodes(["a"]);
  await memory.openNodes({ names: ["a"] });
  await memory.readGraph({});
  const { entities } = await memory.readGraph();
  return entities.map((entity) => entity.name);
}
`;
const BAD = `import * as memory from "./servers/memory/index.js";
export const calls = [
  memory.openNodes([1]),
  memory.openNodes({ nodes: ["a"] }),
  memory.readGraph({ deep: true }),
  memory.createEntities({ entities: [{ name: "a" }] }),
  memory.open_nodes(["a"]),
];
`;

/** Names and schemas that break generators. */
const ODD_TOOLS: ToolDefinition[] = [
  "delete",
  "class",
  "foo-bar",
  "foo_bar",
  "1st",
  "constructor",
  "__proto__",
  "then",
  "index",
  "Index",
  "日本語",
  "",
  "call_tool",
  "foo_input",
  "foo",
  "exports",
  "require",
  "arguments",
  "await",
  "any",
  "string",
  "type",
  "record",
  "promise",
  "*/",
].map((name, index) => ({
  name,
  inputSchema: JSON.parse(`{
    "type": "object",
    "properties": {
      "__proto__": { "$ref": "#/$defs/Input" }, "new": { "$ref": "#" }, "readonly": {}, "get": {}, "a b": { "type": "string" }
    },
    "required": ["${["a b", "__proto__"][index % 2]}"],
    "$defs": {
      "Input": { "type": "object", "additionalProperties": { "$ref": "#/$defs/Input" } },
      "Output": { "anyOf": [{ "type": "array", "items": { "$ref": "#/$defs/Output" } }, { "type": "string" }] }
    },
    "patternProperties": { "^x": { "$ref": "#/$defs/Output" } }
  }`),
  outputSchema: JSON.parse(
    `{ "anyOf": [{ "type": "object", "additionalProperties": { "$ref": "#" } }, { "const": 1 }] }`,
  ),
}));

describe("generated trees", () => {
  it.each(["nodenext", "esnext"] as const)(
    "of the memory server compile strictly as %s, and so does their use",
    async (module) => {
      const home = await writeHome(new Map([["memory", memoryTools()]]));
      await writeFile(path.join(home, "package.json"), '{ "type": "module" }');
      await writeFile(path.join(home, "use.ts"), GOOD);
      expect(await compile(home, module)).toBe("");
    },
  );

  it("make wrong calls fail to compile, each on its line", async () => {
    const home = await writeHome(new Map([["memory", memoryTools()]]));
    await writeFile(path.join(home, "use.ts"), BAD);
    const lines = [...(await compile(home, "esnext")).matchAll(/^use\.ts\((\d+),/gm)].map((match) =>
      Number(match[1]),
    );
    expect([...new Set(lines)]).toEqual([3, 4, 5, 6, 7]);
  });

  it("of odd names and schemas compile, also as CommonJS", async () => {
    const home = await writeHome(
      new Map([
        ["default", ODD_TOOLS],
        ["3d", ODD_TOOLS.slice(0, 3)],
      ]),
    );
    expect(await compile(home, "nodenext")).toBe("");
  });

  // The collection lies beside the repository where it is developed, not inside it.
  it.skipIf(!hasSampleServers)("of all sample servers compile", { timeout: 60_000 }, async () => {
    const servers = sampleServers();
    expect(servers.size).toBeGreaterThan(30);
    expect(await compile(await writeHome(servers), "nodenext")).toBe("");
  });
});
