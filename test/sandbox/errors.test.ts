// What an agent reads when its code is wrong: the exact words, and the place in its own text.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(() => {
  world = createWorld({
    files: {
      "servers/notes/index.ts": `export * from "./broken.js";\nexport * from "./asks.js";\n`,
      "servers/notes/broken.ts": `// Written by hand.\nexport function broken(): never {\n  throw new Error("by hand");\n}\n`,
      "servers/notes/asks.ts": `import { nothing } from "./nothing.js";\nexport const asks = nothing;\n`,
      "servers/typo/index.ts": `export function typo( {\n`,
      "skills/fails.ts": `export function fails(): never {\n  throw new RangeError("in the skill");\n}\n`,
    },
  });
});
afterAll(() => world.close());

/** The whole answer to code that is expected to fail. */
async function failure(code: string): Promise<string> {
  const { text, isError } = await world.execute(code);
  expect(isError).toBe(true);
  return text;
}

describe("before anything runs", () => {
  it("a syntax error", async () => {
    expect(await failure("const a = 1;\nconst b = = 2;")).toMatchInlineSnapshot(`
      "Nothing was run.
      Unexpected token
      at user.ts:2:11
      2 | const b = = 2;
                    ^"
    `);
  });

  it("an unclosed block", async () => {
    expect(await failure("if (true) {\n  return 1;\n")).toMatchInlineSnapshot(`
      "Nothing was run.
      Unexpected token
      at user.ts:3:1
      3 | 
          ^"
    `);
  });

  it("an unknown server in an import", async () => {
    expect(await failure(`import * as m from "./servers/memry";\nreturn m`)).toMatchInlineSnapshot(`
      "Nothing was run.
      There is no servers/memry. Did you mean memory?
      at user.ts:1:20
      1 | import * as m from "./servers/memry";
                             ^"
    `);
  });

  it("an unknown file of a server", async () => {
    expect(await failure(`import { x } from "./servers/memory/openNode";\nreturn x`)).toMatchInlineSnapshot(`
      "Nothing was run.
      There is no servers/memory/openNode. Did you mean openNodes?
      at user.ts:1:19
      1 | import { x } from "./servers/memory/openNode";
                            ^"
    `);
  });

  it("an unknown tool as a property", async () => {
    expect(await failure(`const a = 1;\nreturn memory.openNode(["a"])`)).toMatchInlineSnapshot(`
      "Nothing was run.
      servers/memory has no "openNode". Did you mean openNodes?
      at user.ts:2:15
      2 | return memory.openNode(["a"])
                        ^"
    `);
  });

  it("an unknown tool as a named import", async () => {
    expect(await failure(`import { readGraphs } from "./servers/memory";\nreturn readGraphs()`))
      .toMatchInlineSnapshot(`
      "Nothing was run.
      servers/memory has no "readGraphs". Did you mean readGraph?
      at user.ts:1:10
      1 | import { readGraphs } from "./servers/memory";
                   ^"
    `);
  });

  it("a default import", async () => {
    expect(await failure(`import memory from "./servers/memory";\nreturn memory.readGraph()`))
      .toMatchInlineSnapshot(`
      "Nothing was run.
      servers/memory has no default export: write import * as x from "./servers/memory".
      at user.ts:1:8
      1 | import memory from "./servers/memory";
                 ^"
    `);
  });

  it("a Node module", async () => {
    expect(await failure(`import fs from "node:fs";\nreturn fs.readFileSync("x")`)).toMatchInlineSnapshot(`
      "Nothing was run.
      Cannot import "node:fs": code may import from "./servers/…" and "./skills/…" only. For files use the global object workspace; packages, Node modules and the network are not available.
      at user.ts:1:16
      1 | import fs from "node:fs";
                         ^"
    `);
  });

  it("a package", async () => {
    expect(await failure(`const _ = await import("lodash");\nreturn _`)).toMatchInlineSnapshot(`
      "Nothing was run.
      Cannot import "lodash": code may import from "./servers/…" and "./skills/…" only. For files use the global object workspace; packages, Node modules and the network are not available.
      at user.ts:1:24
      1 | const _ = await import("lodash");
                                 ^"
    `);
  });

  it("code over the size limit", async () => {
    expect(await failure(`return "${"x".repeat(300_000)}"`)).toMatchInlineSnapshot(`
      "Nothing was run.
      The code has 300009 characters; the limit is 262144. Put data into workspace files.
      at user.ts:1:1
      1 | return "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          ^"
    `);
  });

  it("a wrapper of the home that is not TypeScript", async () => {
    expect(await failure(`import { typo } from "./servers/typo";\nreturn typo()`)).toMatchInlineSnapshot(`
      "Nothing was run.
      servers/typo/index.ts:2: Expected identifier but found end of file"
    `);
  });

  it("a wrapper of the home that imports what is not there", async () => {
    expect(await failure(`import { asks } from "./servers/notes";\nreturn asks`)).toMatchInlineSnapshot(`
      "Nothing was run.
      servers/notes/asks.ts:1: Cannot import "./nothing.js": code may import from "./servers/…" and "./skills/…" only. For files use the global object workspace; packages, Node modules and the network are not available."
    `);
  });

  it("nothing has been called, however late the mistake", async () => {
    const answer = await world.execute(`await memory.readGraph();\nconst a = ;`);
    expect(answer.calls).toEqual({});
  });
});

describe("while it runs", () => {
  it("a TypeError at its line and column", async () => {
    expect(await failure("const a: any = null;\n\nconst b = 1 + a.missing.deep;")).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'missing')
      at user.ts:3:17
      3 | const b = 1 + a.missing.deep;
                          ^
      Nothing had been called."
    `);
  });

  it("inside a callback", async () => {
    expect(await failure("const a: any[] = [null];\na.map((x) => {\n  return x.y;\n});"))
      .toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'y')
      at user.ts:3:12
      3 |   return x.y;
                     ^
      called from 2:3
      Nothing had been called."
    `);
  });

  it("inside functions that call each other", async () => {
    expect(
      await failure(
        "function a(x: any) { return x.y }\nfunction b() {\n  return a(null);\n}\nasync function c() {\n  return b();\n}\nawait c();",
      ),
    ).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'y')
      at user.ts:1:31
      1 | function a(x: any) { return x.y }
                                        ^
      called from 3:10
      called from 6:10
      called from 8:7
      Nothing had been called."
    `);
  });

  it("after a template of several lines", async () => {
    expect(await failure("const text = `a\nb\n${1 +\n1}\nc`;\nnull.x;")).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'x')
      at user.ts:6:6
      6 | null.x;
               ^
      Nothing had been called."
    `);
  });

  it("in a line with tabs", async () => {
    expect(await failure("if (true) {\n\t\tnull.x;\n}")).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'x')
      at user.ts:2:8
      2 |   null.x;
                 ^
      Nothing had been called."
    `);
  });

  it("in a line with wide characters", async () => {
    expect(await failure(`const s = "日本語 😀"; null.x;`)).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'x')
      at user.ts:1:26
      1 | const s = "日本語 😀"; null.x;
                                   ^
      Nothing had been called."
    `);
  });

  it("in a line of a thousand characters", async () => {
    expect(await failure(`const s = "${"x".repeat(1_000)}"; null.x; const t = "${"y".repeat(1_000)}";`))
      .toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'x')
      at user.ts:1:1020
      1 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; null.x; const t = "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
                                                                     ^
      Nothing had been called."
    `);
  });

  it("after imports, an import in the middle and a fence", async () => {
    expect(
      await failure(
        `\`\`\`ts\nimport { double } from "./skills/double";\nconst a = 1;\nimport { readGraph } from "./servers/memory";\nnull.x;\n\`\`\``,
      ),
    ).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'x')
      at user.ts:4:6
      4 | null.x;
               ^
      Nothing had been called."
    `);
  });

  it("in the first line, behind a hashbang", async () => {
    expect(await failure("#!/usr/bin/env deno\nnull.x")).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'x')
      at user.ts:2:6
      2 | null.x
               ^
      Nothing had been called."
    `);
  });

  it("a name that does not exist", async () => {
    expect(await failure("return undefinedName + 1")).toMatchInlineSnapshot(`
      "ReferenceError: undefinedName is not defined
      at user.ts:1:1
      1 | return undefinedName + 1
          ^
      Nothing had been called."
    `);
  });

  it("a name that does not exist, in a last expression", async () => {
    expect(await failure("await nowhere.go()")).toContain("at user.ts:1:1\n1 | await nowhere.go()");
  });

  it("an error of the agent's own class", async () => {
    expect(await failure(`class Odd extends Error { name = "Odd" }\nthrow new Odd("strange")`))
      .toMatchInlineSnapshot(`
      "Odd: strange
      at user.ts:2:7
      2 | throw new Odd("strange")
                ^
      Nothing had been called."
    `);
  });

  it.each([
    [`"text"`, "Thrown: text"],
    ["42", "Thrown: 42"],
    ["null", "Thrown: null"],
    ["undefined", "Thrown: undefined"],
    ["{ code: 7 }", 'Thrown: {"code":7}'],
    [`Symbol("s")`, "Thrown: Symbol(s)"],
    ["Object.create(null)", "Thrown: {}"],
    [
      "new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
      "Thrown: something that cannot be shown as text",
    ],
    ["Object.assign(new Error(), { name: { a: 1 }, message: undefined })", "[object Object]: undefined"],
  ])("throw %s", async (thrown, text) => {
    expect((await failure(`throw ${thrown}`)).split("\n")[0]).toBe(text);
  });

  it("a rejection nobody awaited", async () => {
    expect(
      await failure(
        `const late = async () => {\n  throw new Error("unawaited");\n};\nlate();\nawait new Promise((r) => setTimeout(r, 500));`,
      ),
    ).toMatchInlineSnapshot(`
      "Error: unawaited
      at user.ts:2:9
      2 |   throw new Error("unawaited");
                  ^
      called from 4:1
      Nothing had been called."
    `);
  });

  it("what had been called before", async () => {
    expect(
      await failure(
        `for (let i = 0; i < 3; i++) await memory.readGraph();\nawait memory.openNodes(["a"]);\nnull.x;`,
      ),
    ).toMatchInlineSnapshot(`
      "TypeError: Cannot read properties of null (reading 'x')
      at user.ts:3:6
      3 | null.x;
               ^
      Already done: 4 calls (memory.read_graph ×3, memory.open_nodes ×1)."
    `);
  });

  it("console output comes first", async () => {
    expect(await failure(`console.log("so far");\nnull.x;`)).toMatchInlineSnapshot(`
      "so far
      TypeError: Cannot read properties of null (reading 'x')
      at user.ts:2:6
      2 | null.x;
               ^
      Nothing had been called."
    `);
  });

  it("arguments that are no JSON", async () => {
    expect(await failure(`await memory.readGraph({ n: 1n });`)).toMatchInlineSnapshot(`
      "TypeError: Do not know how to serialize a BigInt
      at user.ts:1:14
      1 | await memory.readGraph({ n: 1n });
                       ^
      Nothing had been called."
    `);
  });

  it("arguments that are no object", async () => {
    expect(await failure(`await memory.readGraph("text");`)).toMatchInlineSnapshot(`
      "TypeError: memory/read_graph takes one object with its arguments, not a value of type string.
      at user.ts:1:14
      1 | await memory.readGraph("text");
                       ^
      Nothing had been called."
    `);
  });
});

describe("tools", () => {
  it("a tool's own failure shows its text and the line of the call", async () => {
    expect(await failure(`const a = 1;\nawait memory.fail();`)).toMatchInlineSnapshot(`
      "ToolError: no such node
      at user.ts:2:14
      2 | await memory.fail();
                       ^
      Nothing had been called."
    `);
  });

  it("can be caught by name, with server and tool", async () => {
    const { text } = await world.execute(
      `try { await memory.fail() } catch (e) { return [e.name, e.message, e.server, e.tool, e instanceof Error] }`,
    );
    expect(text).toBe('["ToolError","no such node","memory","fail",true]');
  });

  it("one failure among many does not lose the others", async () => {
    const { text } = await world.execute(
      `const all = await Promise.allSettled([memory.readGraph(), memory.fail(), memory.readGraph()]); return all.map((one) => one.status)`,
    );
    expect(text).toBe('["fulfilled","rejected","fulfilled"]');
  });
});

describe("code of the home", () => {
  it("an error in a hand-written wrapper names that file and the agent's line", async () => {
    expect(await failure(`import { broken } from "./servers/notes/broken";\nconst a = 1;\nbroken();`))
      .toMatchInlineSnapshot(`
      "Error: by hand
      in servers/notes/broken.ts:3
      at user.ts:3:1
      3 | broken();
          ^
      Nothing had been called."
    `);
  });

  it("an error in a skill names that file and the agent's line", async () => {
    expect(await failure(`import { fails } from "./skills/fails";\nfails();`)).toMatchInlineSnapshot(`
      "RangeError: in the skill
      in skills/fails.ts:2
      at user.ts:2:1
      2 | fails();
          ^
      Nothing had been called."
    `);
  });
});
