import { expect, test } from "vitest";
import { ToolError } from "../../src/errors.ts";
import { toValue, type ToolResult } from "../../src/upstream/value.ts";

const ref = { server: "shop", tool: "buy" };
const texts = (...values: string[]): ToolResult => ({
  content: values.map((value) => ({ type: "text", text: value })),
  structuredContent: undefined,
});
const fail = (result: Partial<ToolResult>) => () =>
  toValue(ref, { structuredContent: undefined, ...result, isError: true });

test.each([
  ['{"a":[1]}', { a: [1] }],
  ["[1,2]", [1, 2]],
  ["42", 42],
  ["-1.5", -1.5],
  ["true", true],
  ["null", null],
  ["007", "007"],
  ['"quoted"', '"quoted"'],
  ["12345678901234567890", "12345678901234567890"],
  ["plain", "plain"],
  ["", ""],
  ["{broken", "{broken"],
])("one text %j is %j", (text, value) => {
  expect(toValue(ref, texts(text))).toEqual(value);
});

test("several texts are joined and not parsed", () => {
  expect(toValue(ref, texts("1", "2"))).toBe("1\n2");
});

test("structured content comes before text; null is none", () => {
  expect(toValue(ref, { ...texts("three"), structuredContent: { sum: 3 } })).toEqual({ sum: 3 });
  expect(toValue(ref, { ...texts("three"), structuredContent: null })).toBe("three");
  expect(toValue(ref, { structuredContent: false })).toBe(false);
});

test("no content is null", () => {
  expect(toValue(ref, { content: [], structuredContent: undefined })).toBeNull();
  expect(toValue(ref, { structuredContent: undefined })).toBeNull();
});

test("other blocks are kept with all their fields", () => {
  const image = { type: "image", mimeType: "image/png", data: "AA==" };
  const unknown = { type: "hologram", depth: 3 };
  const content = [{ type: "text", text: "a" }, image, { type: "text", text: "b" }, unknown];
  expect(toValue(ref, { content, structuredContent: undefined })).toEqual({
    text: "a\nb",
    blocks: [image, unknown],
  });
  expect(toValue(ref, { content: [image], structuredContent: undefined })).toEqual({ blocks: [image] });
});

test("structured content keeps its shape beside blocks: they come under a key of their own", () => {
  const link = { type: "resource_link", uri: "file:///a" };
  const content = [{ type: "text", text: "a" }, link];
  const value = (structuredContent: unknown) => toValue(ref, { content, structuredContent });
  expect(value({ sum: 3 })).toEqual({ sum: 3, _blocks: content });
  expect(value([1])).toEqual({ value: [1], _blocks: content });
  expect(value({ _blocks: 1 })).toEqual({ value: { _blocks: 1 }, _blocks: content });
});

test("isError throws, whatever else the answer holds", () => {
  expect(fail(texts("no money", "no credit"))).toThrow(new ToolError("shop", "buy", "no money\nno credit"));
  expect(fail({ structuredContent: { code: 4 } })).toThrow('{"code":4}');
  expect(fail({ content: [] })).toThrow("shop.buy reported a failure and gave no reason.");
});
