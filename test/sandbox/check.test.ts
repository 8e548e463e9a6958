// The type check: strict about calls into the home and what they give, lenient about the agent's own code.
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { RUNTIME_SOURCE } from "../../src/codegen/runtime-source.ts";
import type * as Built from "../../src/sandbox/check/checker.ts";
import type { Checked } from "../../src/sandbox/check/checker.ts";
import { PLATFORM_NAMES } from "../../src/sandbox/check/globals.ts";
import { toModule } from "../../src/sandbox/program.ts";
import { createSources } from "../../src/sandbox/sources.ts";
import { GUEST_GLOBALS } from "./guest-globals.ts";
import { temporaryFolder, writeFiles } from "./world.ts";

const home = temporaryFolder("check");
cpSync(path.resolve(import.meta.dirname, "../../servers"), path.join(home, "servers"), { recursive: true });
writeFiles(home, {
  "skills/double.ts":
    "/** Doubles. */\nexport function double(value: number): number {\n  return value * 2;\n}\n",
});
// As it is published: a thread of Node runs no TypeScript.
const built = path.resolve(import.meta.dirname, "../../dist/sandbox/check/checker.js");
const { createChecker } = (await import(built)) as typeof Built;
const checker = createChecker(createSources(home, RUNTIME_SOURCE));
afterAll(async () => {
  await checker.close();
  rmSync(home, { recursive: true, force: true });
});

async function check(code: string): Promise<Checked> {
  const parsed = toModule(code);
  if ("fault" in parsed) throw new Error(parsed.fault.message);
  return checker.program(parsed.module);
}

async function faults(code: string): Promise<string[]> {
  const checked = await check(code);
  if ("unchecked" in checked) throw new Error(checked.unchecked);
  return checked.faults.map(({ line, column, message }) => `${line}:${column} ${message.split("\n")[0]}`);
}

const IMPORT = 'import * as memory from "./servers/memory";\n';

describe("reports, at the place in the agent's own text", () => {
  test.each([
    [
      "a tool that does not exist",
      `${IMPORT}await memory.readGrph();`,
      "2:14 Property 'readGrph' does not exist",
    ],
    ["the same without an import", "\nawait memory.readGrph();", "2:14 Property 'readGrph' does not exist"],
    [
      "a named import that does not exist",
      'import { readGrph } from "./servers/memory";\nreadGrph();',
      "1:10 '\"./servers/memory\"' has no exported member named 'readGrph'. Did you mean 'readGraph'?",
    ],
    ["a missing argument", `${IMPORT}return memory.openNodes();`, "2:15 Expected 1 arguments, but got 0."],
    [
      "a wrong argument",
      `${IMPORT}return memory.openNodes({ names: [1] });`,
      "2:35 Type 'number' is not assignable to type 'string'.",
    ],
    ["a wrong argument's name", `${IMPORT}return memory.openNodes({ name: ["a"] });`, "2:"],
    [
      "a missing field of an argument",
      `${IMPORT}await memory.createEntities([{ name: "a", observations: [] }]);`,
      "2:30 ",
    ],
    [
      "a field that a result has not",
      `${IMPORT}const graph = await memory.readGraph();\nreturn graph.nodes;`,
      "3:14 Property 'nodes' does not exist",
    ],
    [
      "the same in a loop",
      `${IMPORT}const { entities } = await memory.readGraph();\nfor (const e of entities) console.log(e.nme);`,
      "3:41 Property 'nme' does not exist",
    ],
    [
      "the same in a destructuring",
      `${IMPORT}const { entitis } = await memory.readGraph();`,
      "2:9 Property 'entitis' does not exist",
    ],
    [
      "a forgotten await",
      `${IMPORT}return memory.readGraph().entities;`,
      "2:27 Property 'entities' does not exist on type 'Promise",
    ],
    [
      "a loop over what is no list",
      `${IMPORT}for (const e of await memory.readGraph()) console.log(e);`,
      "2:17 ",
    ],
    [
      "an argument of a skill",
      'import { double } from "./skills/double";\nreturn double("2");',
      "2:15 Argument of type 'string'",
    ],
    ["a name that is nowhere", "return grph.entities;", "1:8 Cannot find name 'grph'."],
    ["a wrong argument of workspace", "await workspace.writeText({ a: 1 }, 2);", "1:27 "],
    [
      "a method that workspace has not",
      "await workspace.writeTxt('a', 'b');",
      "1:17 Property 'writeTxt' does not exist",
    ],
  ])("%s", async (_what, code, expected) => {
    expect((await faults(code)).join("\n")).toContain(expected);
    expect((await faults(code))[0]?.startsWith(expected.slice(0, 3))).toBe(true);
  });
});

describe("lets pass what runs", () => {
  test.each([
    [
      "untyped parameters",
      `${IMPORT}const names = (list) => list.map((e) => e.name);\nreturn names((await memory.readGraph()).entities);`,
    ],
    ["an object that grows", "const o = {};\no.a = 1;\nreturn o.a;"],
    ["a variable that changes its type", 'let x = 1;\nx = "a";\nreturn x;'],
    [
      "a list that begins empty",
      `${IMPORT}const names = [];\nfor (const e of (await memory.readGraph()).entities) names.push(e.name);\nawait memory.openNodes(names);`,
    ],
    [
      "find without a check",
      `${IMPORT}const { entities } = await memory.readGraph();\nreturn entities.find((e) => e.name === "a").observations[0];`,
    ],
    ["bare arguments", `${IMPORT}return memory.openNodes(["a"]);`],
    ["JSON", `${IMPORT}const input = JSON.parse("{}");\nawait memory.openNodes(input);`],
    [
      "what an unknown value has",
      'const data = await workspace.readJson("a.json");\nreturn data.rows.length;',
    ],
    ["new parts of the language", "return Object.groupBy([1, 2], (n) => n % 2 ? 'a' : 'b');"],
    [
      "the web platform",
      'const url = new URL("https://example.com");\nawait new Promise((r) => setTimeout(r, 1));\nreturn [url.host, structuredClone({}), crypto.randomUUID(), new TextEncoder().encode("a")];',
    ],
    [
      "enums, classes, generics",
      "enum A { B }\nclass C<T> { constructor(private readonly v: T) {} get() { return this.v; } }\nreturn new C(A.B).get();",
    ],
    ["an error's code", "try { throw new Error('a'); } catch (error) { return error.code; }"],
    ["return at the top, unused names, fences", "```ts\nconst a = 1;\nreturn 2;\n```"],
    [
      "concatenated strings where words are listed",
      `${IMPORT}await memory.createEntities({ entities: [{ name: "a" + 1, entityType: "b", observations: ["c"] }] });`,
    ],
  ])("%s", async (_what, code) => {
    expect(await faults(code)).toEqual([]);
  });
});

test("it says which tools and skills are used, however they are written", async () => {
  const uses = async (code: string): Promise<(string | undefined)[]> => {
    const checked = await check(code);
    return "uses" in checked
      ? (checked.uses["program.ts"] ?? []).map(({ tool, path: file }) => tool ?? file)
      : [];
  };
  expect(await uses(`${IMPORT}const open = memory.openNodes;\nawait memory.readGraph();`)).toEqual([
    "memory/open_nodes",
    "memory/read_graph",
  ]);
  expect(await uses('import { readGraph as r } from "./servers/memory/readGraph";\nr();')).toEqual([
    "memory/read_graph",
  ]);
  expect(await uses("memory.readGraph()")).toEqual(["memory/read_graph"]);
  expect(await uses('import { double } from "./skills/double";\ndouble(1)')).toEqual(["skills/double.ts"]);
  expect(await uses(`${IMPORT}const all = memory;\nreturn all["readGraph"]();`)).toHaveLength(9);
});

test("code that is made to exhaust a compiler costs an answer, and the next check works", async () => {
  const deep = `return ${"[".repeat(300)}${"]".repeat(300)};`;
  const wide = `type A<T extends unknown[]> = T["length"] extends 900 ? T : A<[...T, T]>;\nlet a: A<[]>;\nreturn memory.readGrph(a);`;
  for (const code of [deep, wide]) expect(await check(code)).toBeDefined();
  expect(await faults("return memory.readGrph();")).toHaveLength(1);
});

test("every global of the guest is known", async () => {
  const code = `return [${GUEST_GLOBALS.filter((name) => !["undefined", "globalThis"].includes(name)).join(", ")}];`;
  expect(PLATFORM_NAMES.filter((name) => !GUEST_GLOBALS.includes(name))).toEqual([]);
  expect(await faults(code)).toEqual([]);
});
