// Editing one object of a JSON text: what is asked for changes, every other character stays.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editProperties, parseJson } from "../../src/clients/json-edit.ts";

const remove = (...names: readonly string[]): { remove: Set<string>; set: Map<string, unknown> } => ({
  remove: new Set(names),
  set: new Map(),
});
const set = (name: string, value: unknown): { remove: Set<string>; set: Map<string, unknown> } => ({
  remove: new Set(),
  set: new Map([[name, value]]),
});

const text = `{
  // first
  "a": 1, // one
  /* before b */
  "b": { "x": [1, 2] }, // two
  "c": 3 // three
}
`;

describe("removing", () => {
  test.each([
    ["the first", ["a"], text.replace('"a": 1,', "").replace("   // one", "   // one")],
    ["the middle one", ["b"], text.replace('"b": { "x": [1, 2] },', "")],
    ["the last, with the comma before it", ["c"], text.replace("},", "}").replace('"c": 3', "")],
    [
      "the last two",
      ["b", "c"],
      text.replace("1,", "1").replace('"b": { "x": [1, 2] },', "").replace('"c": 3', ""),
    ],
    ["one that is not there", ["z"], text],
  ])("%s leaves the comments and everything else", (_, names, expected) => {
    expect(editProperties(text, [], remove(...names))).toBe(expected);
  });

  test("takes whole lines", () => {
    expect(editProperties('{\n  "a": {\n    "b": 1\n  },\n  "c": 2\n}\n', [], remove("a"))).toBe(
      '{\n  "c": 2\n}\n',
    );
  });

  test("a comma behind a comment goes, the comment stays", () => {
    expect(editProperties('{ "a": 1 /* why */ , "b": 2 }', [], remove("a"))).toBe('{  /* why */  "b": 2 }');
  });

  test("a trailing comma is no reason to lose another", () => {
    expect(editProperties('{ "a": 1, "b": 2, }', [], remove("b"))).toBe('{ "a": 1,  }');
  });

  test("a name that stands twice goes twice", () => {
    expect(editProperties('{"a":1,"a":2,"b":3}', [], remove("a"))).toBe('{"b":3}');
  });
});

describe("setting", () => {
  test("appends behind the comment of the last line", () => {
    expect(editProperties(text, [], set("d", { e: 1 }))).toBe(
      text.replace('"c": 3 // three', '"c": 3, // three\n  "d": {\n    "e": 1\n  }'),
    );
  });

  test("stays on one line where the object does", () => {
    expect(editProperties('{"x": {"a":1}}', ["x"], set("b", [2]))).toBe('{"x": {"a":1, "b": [2]}}');
  });

  test("replaces a value where it stands", () => {
    expect(editProperties(text, [], set("b", 0))).toBe(text.replace('{ "x": [1, 2] }', "0"));
  });

  test("takes the place of the first one removed", () => {
    const change = { remove: new Set(["b", "c"]), set: new Map([["n", 9]]) };
    expect(editProperties(text, [], change)).toBe(
      text.replace('"b": { "x": [1, 2] },', '"n": 9').replace('"c": 3', ""),
    );
  });

  test.each([
    ["", '{\n  "m": {\n    "a": 1\n  }\n}\n'],
    ["{}", '{\n  "m": {\n    "a": 1\n  }\n}'],
    ['{\n\t"m": {}\n}\n', '{\n\t"m": {\n\t\t"a": 1\n\t}\n}\n'],
    ['{\n  "m": { // none yet\n  }\n}\n', '{\n  "m": { // none yet\n    "a": 1\n  }\n}\n'],
    ['\uFEFF{ "k": 1 }', '\uFEFF{ "k": 1, "m": {"a":1} }'],
  ])("into %j, where the object is empty or absent", (before, after) => {
    expect(editProperties(before, ["m"], set("a", 1))).toBe(after);
  });

  test("keeps CRLF and tabs", () => {
    const before = '{\r\n\t"m": {\r\n\t\t"a": 1\r\n\t}\r\n}\r\n';
    expect(editProperties(before, ["m"], set("b", { c: 2 }))).toBe(
      '{\r\n\t"m": {\r\n\t\t"a": 1,\r\n\t\t"b": {\r\n\t\t\t"c": 2\r\n\t\t}\r\n\t}\r\n}\r\n',
    );
  });
});

test.each([
  ['{ "a": }', /line 1 is not valid JSON/],
  ['{ "m": [] }', /"m" is not an object/],
  ["[]", /"" is not an object|could not be changed/],
])("%j is refused", (broken, message) => {
  expect(() => editProperties(broken, ["m"], set("a", 1))).toThrow(message);
});

/** A value printed with odd blanks, comments and trailing commas; `marks` are the comments between properties. */
const blanks = fc.constantFrom("", " ", "\n  ", "\r\n\t", " /* note */ ", " // note\n");

test("whatever the layout, exactly the asked-for properties change and no comment between properties is lost", () => {
  const keys = ["a", "b", "c", "d", "e"];
  const layouts = fc.record({
    present: fc.subarray(keys),
    gone: fc.subarray(keys),
    put: fc.constantFrom(undefined, "n", "a", "e"),
    spaces: fc.array(blanks, { minLength: 16, maxLength: 16 }),
    trailing: fc.boolean(),
  });
  fc.assert(
    fc.property(layouts, ({ present, gone, put, spaces, trailing }) => {
      const space = (at: number): string => spaces[at] ?? "";
      const parts = present.map((key, at) => `${space(3 * at)}"${key}":{"v":[${at}]}${space(3 * at + 1)}`);
      const comma = trailing && present.length > 0 ? `,${space(15)}` : "";
      const before = `{"m":{${parts.join(",")}${comma}},"z":[0]}`;
      const change = {
        remove: new Set(gone),
        set: new Map(put === undefined ? [] : [[put, { new: true }]]),
      };
      const after = editProperties(before, ["m"], change);
      const kept = present.filter((key) => !gone.includes(key) && key !== put);
      expect(Object.keys((parseJson(after) as { m: object }).m).toSorted()).toEqual(
        [...kept, ...(put === undefined ? [] : [put])].toSorted(),
      );
      for (const key of kept) expect(after).toContain(`"${key}":{"v":[${present.indexOf(key)}]}`);
      const notes = (source: string): number => source.split("note").length;
      expect(notes(after)).toBe(notes(before));
      expect(editProperties(after, ["m"], change)).toBe(after);
    }),
    { numRuns: 500 },
  );
});
