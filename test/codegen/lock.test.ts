// The lock: one hash for one definition however it is written, and a diff that says what changed.
import fc from "fast-check";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/codegen/canonical-json.ts";
import { diffTools } from "../../src/codegen/lock-diff.ts";
import { openLock } from "../../src/codegen/lock-file.ts";
import { hashDefinition, lockTool, type LockedTools } from "../../src/codegen/lock.ts";
import { weigh, type Standing } from "../../src/codegen/standing.ts";
import { textsOfWrapper } from "../../src/codegen/wrapper-text.ts";
import { generateWrapper } from "../../src/codegen/wrapper.ts";
import type { ToolDefinition } from "../../src/tool.ts";
import { makeFolder, memoryTools } from "./samples.ts";

const tool = (name: string, changes: Partial<ToolDefinition> = {}): ToolDefinition => ({
  name,
  description: `Does ${name}.`,
  inputSchema: {
    type: "object",
    properties: { path: { type: "string" }, mode: { enum: ["r", "w"] } },
    required: ["path"],
  },
  ...changes,
});
const locked = (...definitions: readonly ToolDefinition[]): LockedTools =>
  new Map(definitions.map((definition) => [definition.name, lockTool(definition)]));

describe("the canonical text", () => {
  test("does not depend on the order of keys, and says everything else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const reversed = (one: unknown): unknown => {
          if (Array.isArray(one)) return one.map(reversed);
          if (typeof one !== "object" || one === null) return one;
          return Object.fromEntries(
            Object.entries(one)
              .toReversed()
              .map(([key, item]) => [key, reversed(item)]),
          );
        };
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("is made of any depth", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 200_000; level += 1) deep = level % 2 ? [deep] : { a: deep };
    expect(canonicalJson(deep)).toHaveLength(100_000 * 2 + 100_000 * 6 + 1);
  });
});

test("a hash covers each field of a definition", () => {
  const changes: Partial<ToolDefinition>[] = [
    {},
    { name: "b" },
    { title: "A" },
    { description: "Does a" },
    { inputSchema: { type: "object" } },
    { inputSchema: true },
    { outputSchema: { type: "object" } },
    { annotations: {} },
    { annotations: { readOnlyHint: true } },
  ];
  const hashes = changes.map((change) => hashDefinition(tool("a", change)));
  expect(new Set(hashes).size).toBe(changes.length);
  expect(hashDefinition({ ...tool("a"), ...{ _meta: 1 } })).toBe(hashes[0]);
});

describe("the diff", () => {
  test("is empty between equals, whatever was learned", () => {
    const before = locked(tool("a"));
    const learned = { results: 1, shape: { anything: true as const } };
    const after = new Map([...before].map(([name, one]) => [name, { ...one, learned }]));
    expect(diffTools(before, after)).toEqual([]);
  });

  test("names what was added, removed and changed, with old and new lines and the names of properties", () => {
    const before = locked(tool("gone"), tool("a", { description: "Reads.\nOld advice.\nEnd." }));
    const after = locked(
      tool("new"),
      tool("a", {
        description: "Reads.\nNew \u202Eadvice.\nEnd.",
        inputSchema: {
          type: "object",
          properties: { path: { type: "string" }, mode: { enum: ["r"] }, depth: { type: "number" } },
          required: ["path", "mode"],
        },
        annotations: { readOnlyHint: true },
      }),
    );
    const changes = diffTools(before, after);
    expect(changes.flatMap(({ lines }) => lines)).toEqual([
      "~ a: annotations, description, input",
      "    - Old advice.",
      "    + New [U+202E]advice.",
      "    input: + depth, ~ mode",
      "- gone",
      "+ new",
    ]);
    expect(changes.map(({ kind, parts }) => [kind, parts])).toEqual([
      ["changed", ["annotations", "description", "input.depth", "input.mode"]],
      ["removed", []],
      ["added", []],
    ]);
  });

  test("tells a parameter that became required, and one that went", () => {
    const before = locked(tool("a"));
    const schema = { type: "object", properties: { path: { type: "string" } } };
    expect(diffTools(before, locked(tool("a", { inputSchema: schema })))[0]?.lines[1]).toBe(
      "    input: - mode, ~ path",
    );
  });

  test("tells a change beyond what is kept of a description", () => {
    const [before, after] = ["x", "y"].map((end) =>
      locked(tool("a", { description: "a".repeat(3_000) + end })),
    );
    expect(diffTools(before ?? new Map(), after ?? new Map())[0]?.lines).toEqual([
      "~ a: description",
      "    description: in its spacing or order, or after its first 2000 characters",
    ]);
  });

  test("is harmless in a terminal, whatever names are", () => {
    const evil = "a\u001B[2J\nb";
    const schema = { type: "object", properties: { [evil]: {} } };
    const [added, changed] = [
      diffTools(new Map(), locked(tool(evil))),
      diffTools(locked(tool("a")), locked(tool("a", { inputSchema: schema, description: evil }))),
    ];
    for (const line of [...added, ...changed].flatMap(({ lines }) => lines))
      expect(line).toMatch(/^[^\p{C}]*$/u);
  });
});

describe("the file", () => {
  test("is the same bytes from the same tools in any order, and then not written", async () => {
    const folder = await makeFolder();
    const lock = openLock(folder);
    await lock.update("memory", locked(...memoryTools()));
    await lock.update("a", locked(tool("a")));
    const file = path.join(folder, "lock.json");
    const [text, { mtimeMs, ino }] = [await readFile(file, "utf8"), await stat(file)];
    await openLock(folder).update("memory", locked(...memoryTools().toReversed()));
    expect(await readFile(file, "utf8")).toBe(text);
    expect(await stat(file)).toMatchObject({ mtimeMs, ino });
    expect(text.endsWith("}\n")).toBe(true);
    expect(text).not.toContain("\r");
    expect(Object.keys(JSON.parse(text).servers)).toEqual(["a", "memory"]);
  });

  test("gives back what it was given, also for names that mean something to JavaScript", async () => {
    const folder = await makeFolder();
    const names = ["__proto__", "constructor", "1", "a b", "\u2028"];
    const properties = JSON.parse('{ "__proto__": {}, "constructor": {}, "2": {} }') as object;
    const tools = locked(...names.map((name) => tool(name, { inputSchema: { properties } })));
    await openLock(folder).update("a", tools);
    const read = await openLock(folder).tools("a");
    expect(new Map(read)).toEqual(tools);
    expect(diffTools(tools, read ?? new Map())).toEqual([]);
  });

  test("keeps what each of several writers puts in at the same time", async () => {
    const folder = await makeFolder();
    const names = Array.from({ length: 24 }, (_, index) => `s${index}`);
    // Each opens the file for itself and keeps it open, as processes do.
    const writers = [openLock(folder), openLock(folder), openLock(folder)];
    const writes = names.map(async (name, index) => writers[index % 3]?.update(name, locked(tool("a"))));
    await Promise.all(writes);
    for (const lock of [...writers, openLock(folder)]) {
      const after = await Promise.all(names.map(lock.tools));
      expect(after.map((tools) => tools?.size)).toEqual(names.map(() => 1));
    }
    expect(await readdir(folder)).toEqual(["lock.json"]);
  });

  test("is read again when another process has written it", async () => {
    const folder = await makeFolder();
    const [one, other] = [openLock(folder), openLock(folder)];
    expect(await one.tools("a")).toBeUndefined();
    await other.update("a", locked(tool("a")));
    expect([...((await one.tools("a")) ?? [])].map(([name]) => name)).toEqual(["a"]);
    await Promise.all([one.update("b", locked(tool("b"))), one.update("c", locked(tool("c")))]);
    await other.forget("a");
    expect([await one.tools("a"), await one.tools("b"), await one.tools("c")]).toEqual([
      undefined,
      locked(tool("b")),
      locked(tool("c")),
    ]);
  });

  test("is not invented when there is nothing to say", async () => {
    const folder = await makeFolder();
    await openLock(folder).forget("a");
    await expect(stat(path.join(folder, "lock.json"))).rejects.toThrow("ENOENT");
  });

  test.each([["{"], ['{"version":2,"servers":{}}'], ['{"version":1,"servers":{"a":{"b":{"sha256":"x"}}}}']])(
    "that is broken fails with its name: %s",
    async (text) => {
      const folder = await makeFolder();
      await writeFile(path.join(folder, "lock.json"), text);
      await expect(openLock(folder).tools("a")).rejects.toMatchObject({
        code: "bad_home",
        message: expect.stringContaining("lock.json cannot be read"),
      });
      await expect(openLock(folder).update("a", new Map())).rejects.toThrow("Restore it");
      expect(await readFile(path.join(folder, "lock.json"), "utf8")).toBe(text);
    },
  );
});

describe("what is taken over", () => {
  const before = locked(tool("same"), tool("changed"), tool("gone"));
  const definitions = [tool("same"), tool("changed", { title: "New" }), tool("added")];
  const stand = (holds: (name: string) => boolean): Standing =>
    weigh({ definitions, locked: before, holds, learned: new Map() });

  test("is everything without a pin", () => {
    const { definitions: taken, held, lock } = stand(() => false);
    expect([taken, held, lock]).toEqual([definitions, [], locked(...definitions)]);
  });

  test("is nothing that changed with one", () => {
    const { definitions: taken, held, lock, changes } = stand(() => true);
    expect(taken.map(({ name }) => name)).toEqual(["same"]);
    expect(held.toSorted()).toEqual(["changed", "gone"]);
    expect(new Map(lock)).toEqual(before);
    expect(changes.map(({ tool: name, held: isHeld }) => [name, isHeld])).toEqual([
      ["added", true],
      ["changed", true],
      ["gone", true],
    ]);
  });

  test("is what was accepted, one by one", () => {
    const { lock } = stand((name) => name !== "gone" && name !== "changed");
    expect(new Map(lock)).toEqual(locked(tool("same"), tool("changed", { title: "New" })));
  });

  test("is everything at the first sync, pinned or not", () => {
    const first = weigh({ definitions, locked: undefined, holds: () => true, learned: new Map() });
    expect(first.lock).toEqual(locked(...definitions));
    expect(first.held).toEqual([]);
  });

  test("keeps what was learned and adds to it, unless the server says it or learning is off", () => {
    const learned = { results: 4, shape: { scalars: ["string" as const] } };
    const news = new Map([["a", { results: 2, shape: { scalars: ["null" as const] } }]]);
    const known = new Map([["a", { ...lockTool(tool("a")), learned }]]);
    const learn = (definition: ToolDefinition, what: typeof news | "off"): unknown =>
      weigh({ definitions: [definition], locked: known, holds: () => false, learned: what }).lock.get("a")
        ?.learned;
    expect(learn(tool("a"), new Map())).toEqual(learned);
    expect(learn(tool("a"), news)).toEqual({ results: 4, shape: { scalars: ["null", "string"] } });
    expect(learn(tool("a"), "off")).toBeUndefined();
    expect(learn(tool("a", { outputSchema: { type: "object" } }), news)).toBeUndefined();
  });
});

test("the words in a wrapper are read back as they were sent", () => {
  const description = 'Ends */ a comment.\n@tag and {@link x} \u202E "quoted" `x`';
  const definition = tool("a", {
    description,
    inputSchema: { properties: { kind: { enum: ["</\u2028"] } } },
  });
  const texts = textsOfWrapper(generateWrapper({ server: "s", functionName: "a", definition }));
  expect(texts).toContain("</\u2028");
  expect(texts.some((text) => text.startsWith(description))).toBe(true);
});
