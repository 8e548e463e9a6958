import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ToolDocument } from "../../../src/catalog/document.ts";
import { extractDocuments } from "../../../src/catalog/extract/extract.ts";
import { toolText } from "../../../src/catalog/read/tool-text.ts";

const WRAPPERS = new URL("../../fixtures/wrappers/", import.meta.url);

async function extractFixture(file: string): Promise<readonly ToolDocument[]> {
  return extractDocuments(file, await readFile(new URL(file, WRAPPERS), "utf8")).documents;
}

function extractOne(text: string, file = "servers/s/f.ts"): ToolDocument {
  const { documents, warning } = extractDocuments(file, text);
  expect(warning).toBeUndefined();
  expect(documents).toHaveLength(1);
  return documents[0] as ToolDocument;
}

/** `name: type` with a `?` for what may be left out. */
function shapeOf({ parameters, passing }: ToolDocument): string {
  const names = parameters.map(({ name, type, optional }) => `${name}${optional ? "?" : ""}: ${type}`);
  return `${passing} ${names.join(", ")}`.trim();
}

describe("a generated wrapper", () => {
  it("gives one document with everything the file says", async () => {
    const [document, ...others] = await extractFixture("servers/memory/openNodes.ts");
    expect(others).toEqual([]);
    expect(document).toEqual({
      path: "servers/memory/openNodes",
      file: "servers/memory/openNodes.ts",
      kind: "tool",
      server: "memory",
      name: "openNodes",
      tool: "open_nodes",
      description: "Open specific nodes in the knowledge graph by their names",
      parameters: [
        {
          name: "names",
          type: "string[]",
          description: "An array of entity names to retrieve",
          optional: false,
        },
      ],
      passing: "object",
      tags: [
        { name: "tool", text: "memory/open_nodes" },
        { name: "effects", text: "reads" },
      ],
      signature: {
        types: [],
        before: "openNodes(",
        after:
          "): {\n entities: { name: string, entityType: string, observations: string[] }[]\n relations: { from: string, to: string, relationType: string }[]\n}",
      },
    });
    expect(document && toolText(document)).toMatchInlineSnapshot(`
      "// Open specific nodes in the knowledge graph by their names @effects reads
      openNodes({ names: string[] /* An array of entity names to retrieve */ }): {
       entities: { name: string, entityType: string, observations: string[] }[]
       relations: { from: string, to: string, relationType: string }[]
      }"
    `);
  });

  it("without parameters has none", async () => {
    const [document] = await extractFixture("servers/memory/readGraph.ts");
    expect(document && shapeOf(document)).toBe("object");
    expect(document && toolText(document)).toContain("\nreadGraph(): {\n entities: ");
  });

  it("keeps optional parameters apart from required ones", async () => {
    const [document] = await extractFixture("servers/github/listIssues.ts");
    expect(document?.parameters.map(({ name, optional }) => (optional ? `${name}?` : name))).toEqual([
      "owner",
      "repo",
      "state?",
      "labels?",
    ]);
  });

  it("that only re-exports gives nothing", async () => {
    expect(await extractFixture("servers/memory/index.ts")).toEqual([]);
  });
});

describe("a hand-written file", () => {
  it("gives each exported function under the file's name", async () => {
    const documents = await extractFixture("servers/github/labels.ts");
    expect(documents.map(({ path, description }) => [path, description])).toEqual([
      ["servers/github/labels/countLabelled", "Counts the open issues of a repository that carry a label."],
      ["servers/github/labels/isLabel", ""],
    ]);
    expect(documents.map((document) => toolText(document))).toEqual([
      '// Counts the open issues of a repository that carry a label.\ncountLabelled(owner: string, repo: string, label = "bug"): number',
      "isLabel(text: string): boolean",
    ]);
  });

  it("shows a type it does not export when the signature uses it", async () => {
    const [document] = await extractFixture("skills/weeklyReport.ts");
    expect(document).toMatchObject({
      kind: "skill",
      server: "skills",
      path: "skills/weeklyReport",
      tool: "weeklyReport",
    });
    expect(document?.signature.after).toMatchInlineSnapshot(
      `"): { readonly title: string, readonly lines: readonly string[] }"`,
    );
    expect(document?.parameters[0]).toEqual({
      name: "repo",
      type: "string",
      description: "as owner/name",
      optional: false,
    });
  });

  it.each([
    [
      "an inline type",
      "export function f({ a }: { a: string; b?: number }) {}",
      "object a: string, b?: number",
    ],
    [
      "a destructured object without types",
      "export function f({ a, b = 1 }) {}",
      "object a: unknown, b?: unknown",
    ],
    [
      "no types at all",
      "export function f(a, b = 1, ...c) {}",
      "positional a: unknown, b?: number, ...c?: unknown",
    ],
    [
      "defaults without types",
      'export function f(a = "x", b = true, c = [1]) {}',
      "positional a?: string, b?: boolean, c?: unknown",
    ],
    ["types in JSDoc", "/** @param {number} a the first */ export function f(a) {}", "positional a: number"],
    [
      "a type from elsewhere",
      'import type { X } from "./x.ts"; export function f(x: X) {}',
      "positional x: X",
    ],
    ["an arrow function", "export const f = async (a: string) => a;", "positional a: string"],
    ["a function expression", "export const f = function (a: string) { return a; };", "positional a: string"],
    ["an export list", "function g(a: string) {} export { g as f };", "positional a: string"],
    ["an alias", "type A = B; type B = { x: 1 }; export function f(a: A) {}", "object x: 1"],
    ["an alias of itself", "type A = A; export function f(a: A) {}", "positional a: A"],
    [
      "types that name each other",
      "type A = B | { x: 1 }; type B = A; export function f(a: A) {}",
      "object x: 1",
    ],
    ["an intersection", "type A = { x: 1 }; export function f(a: A & { y?: 2 }) {}", "object x: 1, y?: 2"],
    [
      "a union of objects",
      "export function f(a: { k: 1; x: 1 } | { k: 1; y: 2 }) {}",
      "object k: 1, x?: 1, y?: 2",
    ],
    [
      "interfaces that extend",
      "interface A { x: 1 } interface B extends A { y: 2 } export function f(b: B) {}",
      "object x: 1, y: 2",
    ],
    ["Readonly and Partial", "export function f(a: Readonly<Partial<{ x: 1 }>>) {}", "object x?: 1"],
    ["names in quotes", 'export function f(a: { "issue-id": 1 }) {}', "object issue-id: 1"],
    ["a method", "export function f(a: { run(x: number): void }) {}", "object run: (x: number) => void"],
    [
      "an object beside something else",
      "export function f(a: { x: 1 }, b: string) {}",
      "positional a: { x: 1 }, b: string",
    ],
    [
      "overloads",
      "export function f(a: string): void; export function f(a: unknown) {}",
      "positional a: string",
    ],
    ["nothing", "export function f() {}", "positional"],
  ])("with %s", (_what, text, shape) => {
    expect(shapeOf(extractOne(text))).toBe(shape);
  });

  it.each([
    ["a default export", "export default function f() {}"],
    ["functions it keeps", "function f() {} const g = () => 1;"],
    ["what is no function", "export const f = 1; export class C {} export type T = () => void;"],
    ["what it passes on", 'export * from "./a.ts"; export { f } from "./b.ts";'],
    ["nothing", ""],
  ])("gives no document for %s", (_what, text) => {
    expect(extractDocuments("servers/s/f.ts", text)).toEqual({ documents: [] });
  });

  it("reads descriptions of keys from @param as well", () => {
    const text =
      "/**\n * Does.\n * @param input.a the first\n */\nexport function f(input: { a: string }) {}";
    expect(extractOne(text).parameters[0]?.description).toBe("the first");
  });

  it("shows the type a constant was given", () => {
    expect(toolText(extractOne("export const f: Handler = (a) => a;"))).toBe("const f: Handler");
    const local = "type Handler = (a: string) => number;\nexport const f: Handler = (a) => a.length;";
    expect(toolText(extractOne(local))).toBe("type Handler = (a: string) => number\nconst f: Handler");
  });

  it.each([
    ["no input", "export function f() {}", "f()"],
    ["an input that takes nothing", "export function f(input: Record<string, never> = {}) {}", "f()"],
    ["free keys", "export function f(input: { [key: string]: unknown }) {}", "f({ [key: string]: unknown })"],
    [
      "keys and free keys",
      "export function f(input: { a: string; [key: string]: unknown }) {}",
      "f({ a: string, [key: string]: unknown })",
    ],
    [
      "a bare form",
      'interface I { a: string; b?: 1 }\nexport function f(input: I | I["a"]): Promise<unknown> {}',
      "f({ a: string, b?: 1 })",
    ],
    [
      "a choice of objects",
      "export function f(input: { a: 1 } | { b: 2 }): void {}",
      "f(input: { a: 1 }|{ b: 2 }): void",
    ],
    [
      "required keys in an object that may be missing",
      "export function f(o?: { a: string }) {}",
      "f(o?: { a: string })",
    ],
    ["a rest", "export function f(a: string, ...b: number[]) {}", "f(a: string, ...b: number[])"],
    [
      "destructuring",
      "export function f({ a }: { a: string }, b: 1): string {}",
      "f(input: { a: string }, b: 1): string",
    ],
    [
      "names that are no identifiers",
      'export function f(input: { "issue-id": string; "a\\"b"?: 1 }) {}',
      'f({ "issue-id": string, "a\\"b"?: 1 })',
    ],
    [
      "a comment of the input type",
      "/** All of it. */ type I = { a: string }\nexport function f(input: I) {}",
      "f(/* All of it. */ { a: string })",
    ],
    [
      "unions in lists",
      "type U = 1 | 2;\nexport function f(input: { a: U[]; b: (() => void)[] }) {}",
      "f({ a: (1|2)[], b: (() => void)[] })",
    ],
    [
      "what codegen could not load",
      "export function f(input: { a: unknown /* defined elsewhere */ }) {}",
      "f({ a: unknown /* defined elsewhere */ })",
    ],
    [
      "types in JSDoc",
      "/** @param {number} a the first */ export function f(a) {}",
      "// @param a the first\nf(a: number)",
    ],
  ])("shows %s", (_what, text, shown) => {
    expect(toolText(extractOne(text))).toBe(shown);
  });

  it("puts comments behind members, and before them when they take several lines", () => {
    const text =
      "export function f(input: {\n/** One. */ a: string;\nb: number; c?: 1;\n/** Two\n * lines */ d: 2;\n/** An object that has some members and takes some room. */ e: {\n/** Its first member, with a comment as long as comments are. */ g: 1; h: 2 }[];\n}) {}";
    expect(toolText(extractOne(text))).toMatchInlineSnapshot(`
      "f({
       a: string // One.
       b: number, c?: 1
       /* Two
      lines */
       d: 2
       e: { // An object that has some members and takes some room.
        g: 1 // Its first member, with a comment as long as comments are.
        h: 2
       }[]
      })"
    `);
  });

  it("shows comments on the lines of members", () => {
    const text =
      "export function f(input: { /** One. */ a: string; /** Two. */ b?: {\n c: 1; // Three\n d: 2, // Four\n } }) {}";
    expect(toolText(extractOne(text))).toBe(
      "f({\n a: string // One.\n b?: { c: 1 /* Three */, d: 2 /* Four */ } // Two.\n})",
    );
  });

  it("shows types that are used more than once, or hold themselves, by name, and others in their place", () => {
    const text =
      "export type A = { b: B[]; c: C };\ninterface B { a?: A; d: E }\n/** Colours. */\nexport enum C { red }\ntype D = 1;\ninterface E { e: 1 }\ninterface F extends E { f: 2 }\nexport function f<T extends A>(t: T, e: Partial<E>, f: F): T { return t; }";
    expect(toolText(extractOne(text))).toMatchInlineSnapshot(`
      "type A = { b: { a?: A, d: E }[], c: C }
      /** Colours. */
      enum C { red }
      type E = { e: 1 }
      interface F extends E { f: 2 }
      f<T extends A>(t: T, e: Partial<E>, f: F): T"
    `);
  });
});

describe("a file that cannot be parsed", () => {
  it("gives no document and says where it is broken", () => {
    expect(extractDocuments("servers/s/f.ts", "export function f( {\n  return 1;\n}\n")).toEqual({
      documents: [],
      warning: expect.stringMatching(/^line \d+, column \d+: /) as string,
    });
  });

  it("never makes extraction throw", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const { documents } = extractDocuments("servers/s/f.ts", `export function f(${text}) {}`);
        expect(documents.length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the path of a document", () => {
  it.each([
    ["servers/memory/f.ts", "servers/memory/f", "memory"],
    ["servers/memory/other.ts", "servers/memory/other/f", "memory"],
    ["servers/memory/index.ts", "servers/memory/f", "memory"],
    ["servers/memory/deep/f.ts", "servers/memory/deep/f", "memory"],
    ["skills/f.ts", "skills/f", "skills"],
    ["skills/index.ts", "skills/f", "skills"],
    ["skills/git/f.ts", "skills/git/f", "git"],
  ])("in %s", (file, path, server) => {
    expect(extractOne("export function f() {}", file)).toMatchObject({ path, server, file });
  });
});
