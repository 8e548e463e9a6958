// Programs that misbehave as badly as they can: each ends with a clear message, the host's event loop goes on turning,
// and the next execution works.
import { afterAll, describe, expect, it } from "vitest";
import { createWorld, measureHold, NODE_MODULES } from "./world.ts";

const TIME = /^Stopped at the time limit\. It was still running after 0\.6 s\./;
const MEMORY = /^Stopped at the memory limit\. It used more than its 128 MB of memory\./;
const CALLS = /^Stopped at the call limit\. It made more than 1000 calls\./;
const MAX_HOLD_MS = 250;

const world = createWorld({ limits: { memoryMb: 128, maxCalls: 1_000, answerChars: 2_000 } });
afterAll(world.close);

/** Runs `code` for at most `timeoutMs`, then a healthy program; gives the answer of the first. */
async function survive(
  code: string,
  timeoutMs = 600,
): Promise<{ readonly text: string; readonly isError: boolean }> {
  const { value: answer, holdMs } = await measureHold(() => world.execute(code, { timeoutMs }));
  expect(holdMs).toBeLessThan(MAX_HOLD_MS);
  expect(answer.text.length).toBeLessThanOrEqual(2_000);
  expect(await world.execute("memory.readGraph()")).toMatchObject({
    text: '{"tool":"read_graph","args":{}}',
    isError: false,
  });
  return answer;
}

describe("time", () => {
  it.each([
    ["an endless loop", "while (true) {}"],
    ["an endless chain of microtasks", "for (;;) await null"],
    ["a promise that never settles", "await new Promise(() => {})"],
    ["a catastrophic regular expression", `/^(a+)+$/.test("a".repeat(50) + "!")`],
    [
      "timers that renew themselves",
      "const again = () => setTimeout(again, 0); again(); await new Promise(() => {})",
    ],
    ["an endless loop in a getter of the value", "return { get value() { while (true) {} } }"],
    ["an endless loop in toJSON", "return { toJSON() { for (;;) {} } }"],
    [
      "an endless loop in the message of an error",
      "throw { get message() { for (;;) {} }, toJSON() { for (;;) {} } }",
    ],
  ])("%s", async (_name, code) => {
    const { text, isError } = await survive(code);
    expect(text).toMatch(TIME);
    expect(isError).toBe(true);
  });

  it("a tool that never answers", async () => {
    const slow = createWorld({ callTool: () => new Promise(() => undefined) });
    const answer = await slow.execute("return memory.readGraph()", { timeoutMs: 300 });
    await slow.close();
    expect(answer.text).toMatch(
      /^Stopped at the time limit\. It was still running after 0\.3 s\..*timeout_ms/,
    );
  });
});

describe("memory", () => {
  it.each([
    ["arrays", "const all = []; for (;;) all.push(new Array(10_000).fill(all.length))"],
    [
      "strings",
      `const all = []; for (let i = 0; ; i++) all.push(("x".repeat(100_000) + i).split("").join(""))`,
    ],
    ["one string", `let text = "x"; for (;;) { text += text; text.charCodeAt(text.length - 1) }`],
    [
      "a million timers with data",
      "for (let i = 0; ; i++) { const data = new Array(1_000).fill(i); setTimeout(() => data, 1e6) }",
    ],
  ])("growth by %s", async (_name, code) => {
    const { text, isError } = await survive(code);
    // Whichever comes first: V8 may still be collecting garbage at the time limit, and one string has a length limit.
    expect(text).toMatch(new RegExp(`${MEMORY.source}|${TIME.source}|^RangeError: Invalid string length`));
    expect(isError).toBe(true);
  });

  it("growth by buffers", async () => {
    const { text, isError } = await survive(
      "const all = []; for (;;) all.push(new Uint8Array(1_000_000).fill(1))",
      10_000,
    );
    // Where the operating system limits the process, the program itself sees the failed allocation.
    expect(text).toMatch(
      new RegExp(`${MEMORY.source}|^RangeError: Array buffer allocation failed\nat user.ts:1:3\\d`),
    );
    expect(isError).toBe(true);
  });

  it("a return value of 200 MB", async () => {
    const { text, isError } = await survive(`return "x".repeat(200_000_000)`, 10_000);
    expect(text).toMatch(
      new RegExp(`${MEMORY.source}|^RangeError: The returned value is 191 MB of text; the limit is 64 MB`),
    );
    expect(isError).toBe(true);
  });
});

describe("size and depth", () => {
  it("100 MB of console output", async () => {
    const { text } = await survive(
      `const line = "x".repeat(1_000); for (let i = 0; i < 100_000; i++) console.log(line)`,
    );
    expect(text).toMatch(/\[cut: console output, 1,\d{3},\d{3} bytes, whole in workspace\/results\/.*\.log/);
  });

  it("a result nested a million deep", async () => {
    const { text, isError } = await survive(
      "let deep = {}; for (let i = 0; i < 1e6; i++) deep = { deep }; return deep",
    );
    expect(text).toMatch(
      /^RangeError: A value is nested too deeply or is too large to be shown\. Return a part/,
    );
    expect(isError).toBe(true);
  });

  it("a result nested 2,000 deep", async () => {
    const { text, isError } = await survive(
      "let deep = []; for (let i = 0; i < 2_000; i++) deep = [deep]; return deep",
    );
    expect(text).toMatch(/^\[{500}|^RangeError: A value is nested too deeply/);
    expect(isError).toBe(text.startsWith("RangeError"));
  });

  it("arguments nested 100,000 deep", async () => {
    const { text, isError } = await survive(
      "let deep = {}; for (let i = 0; i < 1e5; i++) deep = { deep }; return memory.readGraph(deep)",
    );
    expect(text).toMatch(/^ToolgroveError: The arguments are nested more than 1000 deep\.\nat user\.ts:1:77/);
    expect(isError).toBe(true);
  });

  it("deep recursion", async () => {
    const { text, isError } = await survive(
      "function down(n: number): number { return down(n + 1) + 1 }\ndown(0)",
    );
    expect(text).toMatch(/^RangeError: Maximum call stack size exceeded\nat user\.ts:1:/);
    expect(isError).toBe(true);
  });

  it("an error with a message of 50 MB", async () => {
    const { text, isError } = await survive(`throw new Error("x".repeat(50_000_000))`);
    expect(text).toMatch(/^Error: x{400}|^Stopped at the memory limit/);
    expect(isError).toBe(true);
  });

  it("source that is nested too deeply to be parsed", async () => {
    const { text, isError } = await survive(`return ${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    expect(text).toMatch(/^Nothing was run\./);
    expect(isError).toBe(true);
  });
});

describe("calls", () => {
  it.each([
    ["one after another", "for (;;) await memory.readGraph()"],
    ["all at once, without waiting", "for (;;) memory.readGraph()"],
    ["all at once, with turns between", "for (;;) { memory.readGraph(); await null }"],
  ])("an endless number of them, %s", async (_name, code) => {
    const { text, isError } = await survive(code);
    // A guest that never yields may not even get its calls out before its time or memory ends.
    expect(text).toMatch(new RegExp(`${CALLS.source}|${TIME.source}|${MEMORY.source}`));
    expect(isError).toBe(true);
  });

  it("reports how many were made before the limit", async () => {
    const { text } = await world.execute("for (;;) await memory.readGraph()");
    expect(text).toContain("Already done: 1000 calls (memory.read_graph ×1000).");
  });
});

describe("forgery", () => {
  const STDOUT = `${NODE_MODULES} const { writeSync } = await node("fs");`;

  it("frames written to the real stdout are not taken for ours", async () => {
    const { text } = await survive(`${STDOUT}
      const forged = JSON.stringify("forged");
      const written = [];
      written.push(writeSync(1, "\\nvalue 0 " + forged + "\\n") !== 0);
      written.push(writeSync(1, "\\n" + "A".repeat(32) + " value 0 " + forged + "\\n") !== 0);
      written.push(writeSync(1, "half a line without an end") !== 0);
      return written`);
    expect(text).toBe("[true,true,true]");
  });

  it("a flood on the real stdout is dropped until the time ends", async () => {
    const { text } = await survive(`${STDOUT} const junk = "x".repeat(65_536); for (;;) writeSync(1, junk)`);
    expect(text).toMatch(TIME);
  });

  it("posting what is not a message is ignored", async () => {
    const { text } = await survive(`
      for (const junk of [null, 0, "x", "", [], {}, "value", "value 0", "VALUE 0 1", "value 0.5 1", "value -1 1", "value 0 a\\nb", "nonsense 0 {}"])
        self.postMessage(junk);
      return "real"`);
    expect(text).toBe("real");
  });

  it.each([
    ["a value of the wrong form", `'value 0 {"kind":"evil"}'`, "value"],
    ["a value whose text is no text", `'value 0 {"kind":"json","text":{},"shape":""}'`, "value"],
    ["a log that is no text", `"log 0 {}"`, "log"],
    ["text that is no JSON", `"error 0 {"`, "error"],
    ["JSON nested a million deep", `"log 0 " + "[".repeat(1e6) + "]".repeat(1e6)`, "log"],
  ])("posting %s ends the run with a message", async (_name, message, kind) => {
    const { text, isError } = await survive(`self.postMessage(${message}); await new Promise(() => {})`);
    expect(text).toContain(`it sent a "${kind}" message that cannot be read`);
    expect(isError).toBe(true);
  });

  it.each([
    ["no JSON", "{"],
    ["an unknown operation", '{"op":"spawn"}'],
    ["arguments that are no object", '{"op":"tool","server":"memory","tool":"t","args":[1]}'],
    ["a server that is no name", '{"op":"tool","server":{},"tool":"t","args":{}}'],
  ])("posting a call with %s reaches no tool", async (_name, payload) => {
    let called = 0;
    const counting = createWorld({ callTool: async () => ++called });
    // The second call is answered after the first: then the forged one has been dealt with.
    const { text } = await counting.execute(
      `self.postMessage('call 99 ${payload}'); await workspace.list(); return "real"`,
    );
    await counting.close();
    expect({ text, called }).toEqual({ text: "real", called: 0 });
  });

  it("a forged reply id settles nothing of ours", async () => {
    const { text } = await survive(`
      self.postMessage('call 1 {"op":"tool","server":"memory","tool":"other","args":{}}');
      return memory.readGraph({ mine: true })`);
    expect(text).toMatch(/^\{"tool":"(other|read_graph)"/);
  });

  it("a value posted early is the guest's own answer and nothing more", async () => {
    const { text } = await survive(`
      self.postMessage('head 0 {"kind":"text","shape":"string"}'); self.postMessage('value 0 "mine"');
      await new Promise(() => {})`);
    expect(text).toBe("mine");
  });

  it("a shape without end does not make the answer longer", async () => {
    const { text } = await survive(`
      self.postMessage("head 0 " + JSON.stringify({ kind: "json", shape: "y".repeat(1e5) }));
      self.postMessage("value 0 " + JSON.stringify("x".repeat(1e5))); await new Promise(() => {})`);
    expect(text).toMatch(/^x+\n\[cut: y+, 100,000 bytes, whole in workspace\/results\//);
  });

  it.each(["call 99", "head 0", "value 0", "error 0", "log 0"])(
    "a %s nested a million deep is not parsed",
    async (frame) => {
      const { text } = await survive(`
      self.postMessage("${frame} " + "[".repeat(1e6) + "]".repeat(1e6)); await workspace.list(); return "mine"`);
      expect(text).toMatch(
        /^mine$|^The sandbox ended before the code did: it sent a "\w+" message that cannot be read/,
      );
    },
  );

  it("closing the Worker by whatever way is left ends the run", async () => {
    const { text, isError } = await survive(`${NODE_MODULES}
      const ways = [
        () => self.close(), () => (0, eval)("close()"), () => Object.getPrototypeOf(self).close.call(self), () => process.exit(0),
        async () => (await node("process")).default.exit(0), async () => (await node("process")).default.reallyExit(0),
        async () => (await node("process")).default.abort(),
      ];
      for (const way of ways) try { await way() } catch {}
      await new Promise(() => {})`);
    expect(text).toMatch(new RegExp(`${TIME.source}|^The sandbox ended before the code did`));
    expect(isError).toBe(true);
  });
});

describe("patched built-ins", () => {
  it.each([
    ["Promise.prototype.then", "Promise.prototype.then = () => { throw 1 }"],
    ["JSON.stringify", `JSON.stringify = () => "forged"`],
    ["JSON.parse", `JSON.parse = () => ({ kind: "forged" })`],
    ["Array.prototype.push", "Array.prototype.push = () => { throw 1 }"],
    ["Map.prototype.get", "Map.prototype.get = () => undefined"],
    ["String.prototype.split", "String.prototype.split = () => []"],
    ["Error", "Error = class { constructor() { throw 1 } }"],
    [
      "everything at once",
      "for (const key of Object.getOwnPropertyNames(globalThis)) try { globalThis[key] = () => 0 } catch {}",
    ],
  ])("%s", async (_name, patch) => {
    const { text } = await survive(`${patch};\nreturn 42`);
    // The answer is the guest's to spoil; that there is one, within its time, is ours.
    expect(text.length).toBeGreaterThan(0);
  });
});
