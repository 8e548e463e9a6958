// What an agent reads back: few tokens, exact text, and files for what is long.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createWorld } from "./world.ts";

const MAX_CHARS = 2_000;
const world = createWorld({ limits: { answerChars: MAX_CHARS } });
afterAll(world.close);

const CIRCLE = "const a: any = { n: 1 }; a.self = a; a.list = [a, { up: a }]; return a";

describe("values as text", () => {
  it.each([
    ["a string, as it is", `return 'say "hi"\\nthere'`, 'say "hi"\nthere'],
    ["a number", "return 0.1", "0.1"],
    ["minus zero", "return -0", "0"],
    ["NaN", "return NaN", "NaN"],
    [
      "infinity inside an object",
      "return { a: Infinity, b: -Infinity, c: NaN }",
      '{"a":"Infinity","b":"-Infinity","c":"NaN"}',
    ],
    ["null", "return null", "null"],
    ["false", "return false", "false"],
    ["a bigint", "return 12345678901234567890n", "12345678901234567890"],
    ["a bigint inside an array", "return [1n]", '["1"]'],
    ["an object, compact", "return { a: 1, b: { c: [1, 'x'] } }", '{"a":1,"b":{"c":[1,"x"]}}'],
    ["undefined in an object, left out", "return { a: undefined, b: 1 }", '{"b":1}'],
    ["undefined in an array", "return [undefined, 1]", "[null,1]"],
    ["a sparse array", "return [, 1]", "[null,1]"],
    ["a Map", "return new Map<any, any>([['a', 1], ['b', new Map([['c', 2]])]])", '{"a":1,"b":{"c":2}}'],
    ["a Set", "return new Set([1, [2]])", "[1,[2]]"],
    ["a Date", "return new Date(0)", '"1970-01-01T00:00:00.000Z"'],
    ["a Date inside an object", "return { at: new Date(0) }", '{"at":"1970-01-01T00:00:00.000Z"}'],
    ["an Error", "return new RangeError('far')", "RangeError: far"],
    [
      "an Error inside an object",
      "return { e: new RangeError('far') }",
      '{"e":{"name":"RangeError","message":"far"}}',
    ],
    [
      "a function inside an object",
      "return { f: function go() {}, g: () => 1 }",
      '{"f":"[function go]","g":"[function g]"}',
    ],
    ["a symbol", "return [Symbol('s')]", '["Symbol(s)"]'],
    ["a cycle", CIRCLE, '{"n":1,"self":"[circular]","list":["[circular]",{"up":"[circular]"}]}'],
    [
      "a repeated reference, whole each time",
      "const r = { n: 1 }; return { a: r, b: r, c: [r, r] }",
      '{"a":{"n":1},"b":{"n":1},"c":[{"n":1},{"n":1}]}',
    ],
    [
      "a typed array",
      "return { bytes: new Uint8Array(5), floats: new Float64Array(2) }",
      '{"bytes":"[Uint8Array, 5 bytes]","floats":"[Float64Array, 16 bytes]"}',
    ],
    ["a buffer", "return [new ArrayBuffer(3)]", '["[ArrayBuffer, 3 bytes]"]'],
    ["toJSON", "return { toJSON: () => ({ a: 1 }) }", '{"a":1}'],
    ["a class instance", "class P { x = 1; #y = 2 }; return new P()", '{"x":1}'],
    ["no prototype", "return Object.assign(Object.create(null), { a: 1 })", '{"a":1}'],
    ["a key called __proto__", `return JSON.parse('{"__proto__":{"a":1}}')`, '{"__proto__":{"a":1}}'],
    ["a proxy", "return new Proxy({ a: 1 }, {})", '{"a":1}'],
    ["emoji", "return ['😀']", '["😀"]'],
    ["line separators", "return '\\u2028' + '\\u0000'.length", "\u20281"],
    ["a WeakMap", "return [new WeakMap()]", "[{}]"],
    ["a regular expression", "return [/x/g]", "[{}]"],
    ["a URL", "return [new URL('http://a/')]", '["http://a/"]'],
  ])("%s", async (_name, code, text) => {
    expect(await world.execute(code)).toMatchObject({ text, isError: false });
  });

  it("a lone surrogate survives as JSON's escape, or as the replacement character in plain text", async () => {
    expect((await world.execute(`return ["\\ud800"]`)).text).toBe('["\\ud800"]');
    expect((await world.execute(`return "a\\ud800b"`)).text).toMatch(/^a(\uD800|\uFFFD)b$/);
  });

  it("a function is called, and its value counts", async () => {
    expect((await world.execute("const f = async () => 42; return f")).text).toBe("42");
  });

  it("a getter that throws is the program's own error", async () => {
    const { text, isError } = await world.execute("return { get a() { throw new TypeError('no') } }");
    expect(text).toMatch(/^TypeError: no\nat user\.ts:1:/);
    expect(isError).toBe(true);
  });

  it("an empty string is said to be one", async () => {
    expect((await world.execute(`return ""`)).text).toBe("The value is an empty string.");
  });

  it("a program without output says what it did", async () => {
    expect((await world.execute("await memory.readGraph();\nconst done = true;")).text).toBe(
      "1 call (memory.read_graph ×1). No output: end with an expression, return a value, or print with console.log.",
    );
  });
});

describe("console", () => {
  it.each([
    [
      "several values",
      `console.log("a", 1, { b: 2 }, [3], null, undefined)`,
      'a 1 {"b":2} [3] null undefined',
    ],
    [
      "all levels",
      `console.info(1); console.debug(2); console.warn(3); console.error(4); console.trace(5); console.dir({ a: 6 })`,
      '1\n2\n3\n4\n5\n{"a":6}',
    ],
    [
      "format strings",
      `console.log("%s has %d of %i, %j %o%%", "x", 1.5, 2.9, { a: 1 }, [2], "rest")`,
      'x has 1.5 of 2, {"a":1} [2]% rest',
    ],
    ["a percent sign that is no format", `console.log("100% sure", 1)`, "100% sure 1"],
    ["assert", `console.assert(true, "no"); console.assert(false, "yes")`, "Assertion failed yes"],
    ["count", `console.count(); console.count(); console.count("x")`, "default: 1\ndefault: 2\nx: 1"],
    ["table", `console.table([{ a: 1 }, { a: 2 }])`, '{"a":1}\n{"a":2}'],
    ["groups", `console.group("g"); console.log("in"); console.groupEnd()`, "g\nin"],
    ["an error", `console.log(new Error("bad"))`, "Error: bad"],
  ])("%s", async (_name, code, text) => {
    expect((await world.execute(code)).text).toBe(text);
  });

  it("time measures", async () => {
    expect((await world.execute(`console.time("t"); console.timeEnd("t")`)).text).toMatch(/^t: \d+\.\d ms$/);
  });
});

describe("calls nobody awaited", () => {
  it("forEach with an async callback completes before the answer", async () => {
    const answer = await world.execute(
      `const seen: string[] = [];\n["a", "b"].forEach(async (name) => { seen.push((await memory.openNodes([name])).args.names[0]); console.log(name); });\nreturn seen`,
    );
    expect(answer.calls).toEqual({ "memory.open_nodes": 2 });
    expect(answer.text.split("\n")).toEqual(["a", "b", '["a","b"]']);
  });
});

describe("what is long", () => {
  /** The text of the one file in results/ that an answer names. */
  function kept(text: string): string {
    const [, file = "none"] = /whole in workspace\/(results\/[^\s:]+)/.exec(text) ?? [];
    return readFileSync(path.join(world.home, "workspace", file), "utf8");
  }

  it("a long value goes to a file; the answer says where, how big and what shape", async () => {
    const { text, isError } = await world.execute(
      "return Array.from({ length: 1_000 }, (_, id) => ({ id, name: 'é' + id }))",
    );
    const whole = JSON.stringify(Array.from({ length: 1_000 }, (_, id) => ({ id, name: `é${id}` })));
    expect(isError).toBe(false);
    expect(text.length).toBeLessThanOrEqual(MAX_CHARS);
    expect(text.startsWith(whole.slice(0, 1_500))).toBe(true);
    expect(text).toMatch(
      /\n\[cut: array of 1000 × object \{ id, name \}, 25,781 bytes, whole in workspace\/results\/\d{8}-\d{4}-[0-9a-f]{6}\.json: workspace\.readJson\("results\/\d{8}-\d{4}-[0-9a-f]{6}\.json"\)\]$/,
    );
    expect(kept(text)).toBe(whole);
  });

  it("the file can be read back as the answer says", async () => {
    const { text } = await world.execute("return Array.from({ length: 1_000 }, (_, id) => ({ id }))");
    const [, expression = ""] = /: (workspace\.readJson\("[^"]+"\))\]$/.exec(text) ?? [];
    expect((await world.execute(`const all = await ${expression}; return all[999]`)).text).toBe('{"id":999}');
  });

  it("a long text keeps its own words and its ending says how to read it", async () => {
    const { text } = await world.execute(`return "word ".repeat(1_000)`);
    expect(text.length).toBeLessThanOrEqual(MAX_CHARS);
    expect(text).toMatch(
      /^(word )+.*\n\[cut: string, 5,000 bytes, whole in workspace\/results\/.*\.txt: workspace\.readText\(/,
    );
    expect(kept(text)).toBe("word ".repeat(1_000));
  });

  it("long console output gives way to the value", async () => {
    const { text } = await world.execute(
      `for (let i = 0; i < 1_000; i++) console.log("line " + i); return "the value"`,
    );
    expect(text.length).toBeLessThanOrEqual(MAX_CHARS);
    expect(text).toMatch(/^line 0\nline 1\n/);
    expect(text.endsWith("\nthe value")).toBe(true);
    expect(kept(text)).toBe(Array.from({ length: 1_000 }, (_, i) => `line ${i}`).join("\n"));
  });

  it("both long: both are cut, both are kept, and the answer stays within its limit", async () => {
    const { text } = await world.execute(
      `for (let i = 0; i < 1_000; i++) console.log("line " + i); return "v".repeat(10_000)`,
    );
    expect(text.length).toBeLessThanOrEqual(MAX_CHARS);
    expect(text.match(/\[cut: /g)).toHaveLength(2);
  });

  it("a long error message is cut, and its place is not lost", async () => {
    const { text } = await world.execute(`throw new Error("m".repeat(10_000))`);
    expect(text.length).toBeLessThanOrEqual(MAX_CHARS);
    expect(text).toMatch(/^Error: m{400}/);
    expect(text).toContain("at user.ts:1:7");
  });

  it("no half of a surrogate pair is shown", async () => {
    const { text } = await world.execute(`return "x" + "😀".repeat(5_000)`);
    expect(Buffer.from(text).toString()).toBe(text);
    const { text: shifted } = await world.execute(`return "😀".repeat(5_000)`);
    expect(Buffer.from(shifted).toString()).toBe(shifted);
  });

  it("what is short leaves no file", async () => {
    const before = readdirSync(path.join(world.home, "workspace/results")).length;
    await world.execute("return 'short'");
    expect(readdirSync(path.join(world.home, "workspace/results"))).toHaveLength(before);
  });

  it("two executions at the same moment keep two files", async () => {
    const answers = await Promise.all([1, 2].map((n) => world.execute(`return "${n}".repeat(5_000)`)));
    expect(answers.map(({ text }) => kept(text).slice(0, 1)).toSorted()).toEqual(["1", "2"]);
  });
});
