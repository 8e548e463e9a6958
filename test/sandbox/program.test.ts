// Every form in which an agent may write a program, run for real, with the value it must give.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createWorld } from "./world.ts";

const world = createWorld();
afterAll(world.close);

const FORMS: readonly (readonly [name: string, code: string, answer: string])[] = [
  ["a last expression", "const a = 40; a + 2", "42"],
  ["a last expression with a semicolon and a comment", "40 + 2; // the answer", "42"],
  ["an object as last expression", "({ a: 1 })", '{"a":1}'],
  ["top-level await", "const g = await memory.readGraph();\ng.tool", "read_graph"],
  ["an awaited last expression", "await memory.readGraph()", '{"tool":"read_graph","args":{}}'],
  ["a promise as last expression", "memory.readGraph()", '{"tool":"read_graph","args":{}}'],
  ["return", "return 42", "42"],
  ["return in a branch", "if (true) return 42\nreturn 1", "42"],
  ["a fence with a language", "```ts\nreturn 42\n```", "42"],
  ["a fence with text around the language", "```typescript title=x\nreturn 42\n```\n", "42"],
  ["a fence of tildes", "~~~\nreturn 42\n~~~", "42"],
  ["an indented fence", "  ```js\n  return 42\n  ```", "42"],
  ["a fence with Windows line ends", "```ts\r\nreturn 42\r\n```\r\n", "42"],
  ["a string with a fence inside", 'return "```ts\\nx\\n```"', "```ts\nx\n```"],
  ["an object in parentheses with a semicolon", "const a = 1;\n({ a });", '{"a":1}'],
  ["a sequence, a comment and a semicolon", "1, (40 + 2) // the answer\n;", "42"],
  ["a byte order mark", "\uFEFFreturn 42", "42"],
  ["a hashbang", "#!/usr/bin/env deno\nreturn 42", "42"],
  ["Windows line ends", "const a = 40\r\nreturn a + 2\r\n", "42"],
  ["export default of a value", "export default 42", "42"],
  ["export default of an object", "export default { a: 1 }", '{"a":1}'],
  ["export default of an async function", "export default async function () { return 42 }", "42"],
  ["export default of a named function", "export default async function main() { return 42 }", "42"],
  ["export default of an arrow", "export default async () => 42", "42"],
  ["export default of a name", "const run = async () => 42;\nexport default run;", "42"],
  ["export default of a promise", "export default memory.readGraph()", '{"tool":"read_graph","args":{}}'],
  [
    "export default before what it uses",
    "export default async () => helper();\nfunction helper() { return 42 }",
    "42",
  ],
  ["one async function", "async function go() { return 42 }", "42"],
  ["one exported function", "export async function go() { return 42 }", "42"],
  ["one arrow as last expression", "async () => 42", "42"],
  ["an async function in parentheses, called", "(async () => 42)()", "42"],
  ["main among several", "function a() { return 1 }\nasync function main() { return a() + 41 }", "42"],
  ["main beside constants", "const base = 40;\nasync function main() { return base + 2 }", "42"],
  ["main, called by the code itself", "async function main() { return 42 }\nmain()", "42"],
  ["main, called and awaited", "async function main() { return 42 }\nawait main();", "42"],
  ["console output and a value", "console.log('a'); return 42", "a\n42"],
  ["console output alone", "console.log('a')", "a"],
  [
    "a namespace import",
    `import * as m from "./servers/memory";\nreturn (await m.readGraph()).tool`,
    "read_graph",
  ],
  [
    "a named import",
    `import { readGraph } from "servers/memory";\nreturn (await readGraph()).tool`,
    "read_graph",
  ],
  [
    "a named import of one file",
    `import { readGraph } from "./servers/memory/readGraph.ts";\nreturn (await readGraph()).tool`,
    "read_graph",
  ],
  [
    "a renamed import",
    `import { readGraph as g } from "../servers/memory";\nreturn (await g()).tool`,
    "read_graph",
  ],
  [
    "an import in the middle",
    `const a = 21;\nimport { double } from "./skills/double";\nreturn double(a)`,
    "42",
  ],
  [
    "an import at the end",
    `const b = double(21);\nconsole.log(b);\nimport { double } from "./skills/double";`,
    "42",
  ],
  ["a dynamic import", `const { double } = await import("./skills/double");\nreturn double(21)`, "42"],
  ["an import nothing uses", `import { double } from "./skills/double";\nreturn 42`, "42"],
  [
    "import type",
    `import type { double } from "./skills/double";\nconst a: typeof double | 42 = 42; return a`,
    "42",
  ],
  [
    "a bare value for one required parameter",
    `return (await memory.openNodes(["a"])).args`,
    '{"names":["a"]}',
  ],
  [
    "an object for one required parameter",
    `return (await memory.openNodes({ names: ["a"] })).args`,
    '{"names":["a"]}',
  ],
  [
    "a variable of one's own with a server's name",
    `const memory = { readGraph: () => 42 }; return memory.readGraph()`,
    "42",
  ],
  ["a parameter with a server's name", `return ((memory) => memory.x)({ x: 42 })`, "42"],
  ["enum", "enum Color { Red = 40, Green }\nreturn Color.Green + 1", "42"],
  ["const enum", "const enum Color { Red = 42 }\nreturn Color.Red", "42"],
  [
    "decorators",
    "function twice(_value: unknown, { name }: { name: string }) { return function (this: any) { return [name, 42] } }\nclass A { @twice m() {} }\nreturn new A().m()",
    '["m",42]',
  ],
  ["satisfies and as", "const a = { n: 42 } satisfies { n: number };\nreturn (a as { n: number }).n", "42"],
  ["generics", "function id<T extends number>(t: T): T { return t }\nreturn id<number>(42)", "42"],
  ["generic arrows", "const id = <T,>(t: T): T => t;\nreturn id(42)", "42"],
  ["angle-bracket assertions", "const a: unknown = 42;\nreturn <number>a", "42"],
  ["namespaces", "namespace N { export const n = 42 }\nreturn N.n", "42"],
  ["namespaces between other code", "const a = 2;\nnamespace N { export const n = 40 }\nN.n + a", "42"],
  ["parameter properties", "class A { constructor(public readonly n: number) {} }\nreturn new A(42).n", "42"],
  [
    "abstract classes and accessors",
    "abstract class A { accessor n = 42; abstract m(): void }\nclass B extends A { m() {} }\nreturn new B().n",
    "42",
  ],
  [
    "interfaces and types alone around it",
    "interface A { n: number }\ntype B = A;\nconst b: B = { n: 42 };\nreturn b.n",
    "42",
  ],
  ["non-null and optional chains", "const a: { n?: number } | null = { n: 42 };\nreturn a!.n ?? a?.n", "42"],
  ["declare", "declare const nothing: number;\nreturn 42", "42"],
  [
    "overloads",
    "function f(a: string): string;\nfunction f(a: number): number;\nfunction f(a: any) { return a }\nreturn f(42)",
    "42",
  ],
  ["using", "let closed = 0;\n{ using r = { [Symbol.dispose]() { closed = 42 } } }\nreturn closed", "42"],
  [
    "async iteration",
    "async function* g() { yield 40; yield 2 }\nlet sum = 0;\nfor await (const n of g()) sum += n;\nreturn sum",
    "42",
  ],
  [
    "exports beside the value",
    "export const a = 1;\nexport { a as b };\nexport type T = number;\nreturn 42",
    "42",
  ],
];

describe("forms of a program", () => {
  it.each(FORMS)("%s", async (_name, code, answer) => {
    expect(await world.execute(code)).toMatchObject({ text: answer, isError: false });
  });

  it("export default of a class is a value, not a crash", async () => {
    const { text } = await world.execute("export default class A { n = 42 }");
    expect(text).not.toBe("");
    expect(text).not.toMatch(/Syntax|Nothing was run/);
  });

  it.each(["", "   \n", "// nothing but words", "const a = 1;", "function a() {}\nfunction b() {}"])(
    "a program that gives nothing (%j) is told how to give something",
    async (code) => {
      expect(await world.execute(code)).toMatchObject({
        text: "No output: end with an expression, return a value, or print with console.log.",
        isError: false,
      });
    },
  );
});

describe("positions", () => {
  it("the line of a mistake is the agent's own, wherever it stands", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 39 }),
        async (lines, at) => {
          const bad = at % lines;
          const code = Array.from({ length: lines }, (_, i) =>
            i === bad ? "null.x;" : `console.log(${i})`,
          ).join("\n");
          const { text } = await world.execute(code);
          expect(text).toContain(`at user.ts:${bad + 1}:`);
          expect(text.startsWith(Array.from({ length: bad }, (_, i) => `${i}\n`).join(""))).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });
});
