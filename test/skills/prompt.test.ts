// What a skill's prompt says: arguments that are values stand in the program, the others are left to the agent.
import { describe, expect, test } from "vitest";
import { missingArguments, promptName, promptText, type PromptFacts } from "../../src/skills/prompt.ts";

const parameter = (name: string, type: string, optional = false): PromptFacts["parameters"][number] => ({
  name,
  type,
  description: "",
  optional,
});
const FACTS: PromptFacts = {
  path: "skills/memory/keep",
  name: "keep",
  description: "Keeps what matters.",
  module: "./skills/memory",
  parameters: [
    parameter("one", "string"),
    parameter("two", "number", true),
    parameter("three", "string", true),
  ],
  passing: "positional",
};
const textOf = (facts: PromptFacts, given: Readonly<Record<string, string>>): string =>
  promptText(facts, new Map(Object.entries(given)));
const call = (facts: PromptFacts, given: Readonly<Record<string, string>>): string =>
  /^return await (.*);$/m.exec(textOf(facts, given))?.[1] ?? "";
const withType = (type: string): PromptFacts => ({ ...FACTS, parameters: [parameter("one", type)] });

test("a prompt's name can be a command's", () => {
  expect(promptName("skills/memory/tagWhere")).toBe("memory_tagWhere");
  expect(promptName("skills/tidy")).toBe("tidy");
});

test("the whole text", () => {
  expect(textOf(FACTS, { one: "a" })).toBe(
    [
      "Run skills/memory/keep with Toolgrove's execute_code:",
      '```ts\nimport { keep } from "./skills/memory";\nreturn await keep("a");\n```',
      "What it does: Keeps what matters.",
    ].join("\n\n"),
  );
});

test.each([
  [{ one: "a" }, 'keep("a")'],
  [{ one: "a", two: "2" }, 'keep("a", 2)'],
  [{ one: "a", three: "c" }, 'keep("a", undefined, "c")'],
  [{ one: 'a"\n```', two: "1e3" }, 'keep("a\\"\\n```", 1e3)'],
])("positional arguments %j", (given, shown) => {
  expect(call(FACTS, given)).toBe(shown);
});

test.each([
  [{ one: "a" }, 'keep({ "one": "a" })'],
  [{ one: "a", three: "c" }, 'keep({ "one": "a", "three": "c" })'],
])("keys of one object %j", (given, shown) => {
  expect(call({ ...FACTS, passing: "object" }, given)).toBe(shown);
});

test.each([
  ["string", "5", '"5"'],
  ["number", "5", "5"],
  ["boolean", "true", "true"],
  ["number | string", "five", '"five"'],
  ['"up" | "down"', "up", '"up"'],
  ["string[]", '["a"]', '["a"]'],
  ["{ a?: number }", '{"a": 1}', '{"a":1}'],
])("for the type %s, %s stands as %s", (type, given, shown) => {
  expect(call(withType(type), { one: given })).toBe(`keep(${shown})`);
});

describe("what is no value of its type", () => {
  test.each([
    ["number", "a few"],
    ["string[]", "a and b"],
    ["{ a?: string | number }", "those in Berlin"],
    ['{ kind: "a" | "b" }', "a"],
    ["boolean", "1"],
  ])("for the type %s, %s is left to the agent with the type", (type, given) => {
    const text = textOf(withType(type), { one: given });
    expect(call(withType(type), { one: given })).toBe("keep(one)");
    expect(text).toContain(`write for \`one\` the value that means: ${given}`);
    expect(text).toContain(type);
  });
});

test("a list for a rest parameter is spread", () => {
  const facts = { ...FACTS, parameters: [parameter("...all", "string[]")] };
  expect(call(facts, { "...all": '["a","b"]' })).toBe('keep(...["a","b"])');
  expect(call(facts, { "...all": "a and b" })).toBe("keep(...all)");
});

test("arguments that are needed are named", () => {
  expect(missingArguments(FACTS, new Map([["three", "c"]]))).toEqual(["one"]);
  expect(missingArguments(FACTS, new Map([["one", ""]]))).toEqual([]);
  const unusual = { ...FACTS, parameters: [parameter("constructor", "string")] };
  expect(missingArguments(unusual, new Map())).toEqual(["constructor"]);
});
