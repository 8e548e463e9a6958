// Learned shapes: a join that loses no observed value, and never says one.
import fc from "fast-check";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { printNamedType } from "../../src/codegen/print-type.ts";
import { openShapeMemory } from "../../src/codegen/shape-memory.ts";
import { cutToSize, learnedType } from "../../src/codegen/shape-type.ts";
import { fits, learnedSchema, mergeShapes, shapeOf, type Shape } from "../../src/codegen/shape.ts";
import { generateIndex, generateWrapper } from "../../src/codegen/wrapper.ts";
import { compile, makeFolder } from "./samples.ts";

/** Values as tools give them: a few common names, so that objects meet, and keys of every other kind. */
const key = fc.oneof(
  fc.constantFrom("id", "name", "items", "created_at", "2026-11-23", "PROJ-12", "__proto__", "constructor"),
  fc.string({ unit: "binary" }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 0, "", "text"),
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(key, tie("value")), { maxLength: 5 })
      .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as unknown),
  ),
}));
const shape = fc
  .array(value, { minLength: 1, maxLength: 3 })
  .map((values) => values.map(shapeOf).reduce(mergeShapes));

const print = (of: Shape): string => printNamedType(learnedType({ results: 1, shape: of }, "Output"));
const learn = (...values: readonly unknown[]): string => print(values.map(shapeOf).reduce(mergeShapes));

describe("merging", () => {
  test("loses no observed value", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
        const merged = values.map(shapeOf).reduce(mergeShapes);
        expect(values.filter((one) => !fits(merged, one))).toEqual([]);
        expect(values.filter((one) => !fits(cutToSize(merged), one))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("is commutative, associative and idempotent", () => {
    fc.assert(
      fc.property(shape, shape, shape, (a, b, c) => {
        expect(mergeShapes(a, b)).toEqual(mergeShapes(b, a));
        expect(mergeShapes(mergeShapes(a, b), c)).toEqual(mergeShapes(a, mergeShapes(b, c)));
        expect(mergeShapes(a, a)).toEqual(a);
      }),
      { numRuns: 500 },
    );
  });

  test("is so at the limit of named fields as well", () => {
    const part = (from: number): Shape =>
      shapeOf(
        Object.fromEntries(
          Array.from({ length: 30 }, (_, n) => [`f${"abcdefghij"[(from + n) % 10]}${from + n}`, n]),
        ),
      );
    const [a, b, c] = [part(0), part(30), part(60)];
    const left = mergeShapes(mergeShapes(a, b), c);
    expect(left).toEqual(mergeShapes(a, mergeShapes(b, c)));
    expect(left).toEqual({ values: { scalars: ["number"] } });
    expect(mergeShapes(a, b).fields).toHaveLength(60);
  });
});

test("no value appears in the type", () => {
  const secret = fc.string({ minLength: 6 }).map((text) => `§${text}§`);
  fc.assert(
    fc.property(secret, fc.integer({ min: 100_000 }), (text, number) => {
      const type = learn(
        { name: text, list: [text, number], [text]: text },
        { name: number },
        { [number]: text },
      );
      expect(type).not.toContain(text);
      expect(type).not.toContain(String(number));
      expect(type).not.toContain("§");
    }),
  );
});

test.each([
  ["2026-11-23"],
  ["9b2f1c3e-8f0a-4c55-9d0e-3f6a7b8c9d0e"],
  ["deadbeef01"],
  ["PROJ-123"],
  ["12"],
  ["user@example.com"],
  ["example.com"],
  ["Ada Lovelace"],
  ["rec8Kd92LmQpXz"],
  ["__proto__"],
  [""],
])("the key %j is data, and makes the object a record", (name) => {
  const data = JSON.parse(`{ "total": 1, ${JSON.stringify(name)}: 2 }`) as unknown;
  expect(shapeOf(data)).toEqual({ values: { scalars: ["number"] } });
});

test.each([
  ["id"],
  ["created_at"],
  ["htmlUrl"],
  ["sha256"],
  ["content-type"],
  ["@type"],
  ["__typename"],
  ["$ref"],
  ["x2"],
])("the key %j is a name", (name) => {
  expect(shapeOf({ [name]: 1 })).toEqual({ fields: [{ name, shape: { scalars: ["number"] } }] });
});

test("the type of some results, as it is written", () => {
  const type = printNamedType(
    learnedType(
      {
        results: 3,
        shape: [
          { id: 1, tags: ["a"], owner: null, byDay: { "2026-11-23": 1 }, "content-type": "x" },
          { id: 2, tags: [], owner: { login: "ada" }, byDay: {}, "content-type": "x" },
          "No results",
        ]
          .map(shapeOf)
          .reduce(mergeShapes),
      },
      "ListOutput",
    ),
  );
  expect(type).toMatchInlineSnapshot(`
    "/** Learned from 3 results: the server does not describe its output. */
    export type ListOutput =
      | string
      | {
          byDay: Record<string, number>;
          "content-type": string;
          id: number;
          owner: { login: string } | null;
          tags: string[];
        };
    "
  `);
});

test("what is too deep, too much or not JSON may be anything", () => {
  let deep: unknown = "bottom";
  for (let level = 0; level < 50_000; level += 1) deep = [deep];
  expect(learn(deep)).toContain("unknown[][][]");
  expect(learn(undefined)).toContain("= unknown;");
  const wide = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => {
      const letters = `f${String.fromCharCode(97 + (n % 26))}${n}`;
      return [letters, Object.fromEntries(Array.from({ length: 60 }, (__, m) => [`g${m}`, { h: m }]))];
    }),
  );
  expect(print(shapeOf(wide)).length).toBeLessThan(5_000);
});

test("a long list costs little, and its odd item counts", () => {
  const rows: unknown[] = Array.from({ length: 300_000 }, (_, id) => ({ id, name: `row ${id}` }));
  rows.push({ id: "last", name: null });
  const started = performance.now();
  expect(learn(rows)).toContain("{ id: number | string; name: string | null }[]");
  expect(performance.now() - started).toBeLessThan(2_000);
});

describe("a wrapper of a tool without an output schema", () => {
  const source = {
    server: "github",
    functionName: "listIssues",
    definition: { name: "list_issues", inputSchema: true },
  };
  const learned = { results: 2, shape: shapeOf({ issues: [{ title: "a" }] }) };

  test("says what was learned, and on how many results that rests", () => {
    const text = generateWrapper({ ...source, learned });
    expect(text).toContain(
      "/** Learned from 2 results: the server does not describe its output. */\nexport interface ListIssuesOutput {",
    );
    expect(text).toContain("Promise<ListIssuesOutput>");
    expect(generateIndex({ server: "github", wrappers: [{ ...source, learned }], others: [] })).toContain(
      "type ListIssuesOutput",
    );
  });

  test("keeps the server's own word where there is one", () => {
    const definition = {
      ...source.definition,
      outputSchema: { type: "object", properties: { a: { type: "string" } } },
    };
    expect(generateWrapper({ ...source, definition, learned })).toBe(
      generateWrapper({ ...source, definition }),
    );
  });

  test("compiles, and takes the values it was learned from", async () => {
    const values = fc.sample(value, { numRuns: 40, seed: 7 });
    const folder = await makeFolder();
    const lines = values.flatMap((one, index) => [
      printNamedType(learnedType({ results: 1, shape: shapeOf(one) }, `Output${index}`)),
      // As parsed text a key is always an own one.
      `export const value${index}: Output${index} = ${JSON.stringify(one).replaceAll('"__proto__":', '["__proto__"]:')};\n`,
    ]);
    await writeFile(path.join(folder, "values.ts"), lines.join(""));
    expect(await compile(folder, "esnext")).toBe("");
  });
});

describe("the memory", () => {
  const log = (line: string): never => {
    throw new Error(line);
  };

  test("outlives its process, counts results, and adds what others have learned", async () => {
    const cacheDir = await makeFolder();
    const ref = { server: "github", tool: "__proto__" };
    const first = openShapeMemory({ cacheDir, home: "/home/a", log });
    const second = openShapeMemory({ cacheDir, home: "/home/a", log });
    first.note(ref, { title: "secret-1" });
    first.note(ref, { title: "secret-2" });
    second.note(ref, { title: null });
    await first.close();
    await second.close();
    const learned = await openShapeMemory({ cacheDir, home: "/home/a", log }).learned("github");
    expect([...learned]).toEqual([
      [
        "__proto__",
        { results: 3, shape: { fields: [{ name: "title", shape: { scalars: ["null", "string"] } }] } },
      ],
    ]);
    expect(await openShapeMemory({ cacheDir, home: "/home/b", log }).learned("github")).toEqual(new Map());
  });

  test("holds no value, and a broken file is as good as none", async () => {
    const cacheDir = await makeFolder();
    const memory = openShapeMemory({ cacheDir, home: "/home/a", log });
    memory.note({ server: "a", tool: "b" }, { title: "secret-1", id: 424_242 });
    await memory.close();
    const [file = ""] = await import("node:fs/promises").then((fs) =>
      fs.readdir(path.join(cacheDir, "learned")),
    );
    const text = await readFile(path.join(cacheDir, "learned", file), "utf8");
    expect(text).toContain("title");
    expect(text).not.toMatch(/secret|424/);
    await writeFile(path.join(cacheDir, "learned", file), text.slice(0, 40));
    expect(await openShapeMemory({ cacheDir, home: "/home/a", log }).learned("a")).toEqual(new Map());
  });

  test("every shape survives its file", () => {
    fc.assert(
      fc.property(shape, (one) => {
        const learned = { results: 1, shape: one };
        expect(learnedSchema.parse(JSON.parse(JSON.stringify(learned)))).toEqual(learned);
      }),
    );
  });
});
