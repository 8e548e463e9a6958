// The suite every sandbox engine must pass: the contract of src/sandbox/engine.ts in examples.
import { afterAll, describe, expect, it } from "vitest";
import { ToolError } from "../../src/errors.ts";
import type { Engine, GuestBridge, RunLimits, RunOutcome } from "../../src/sandbox/engine.ts";
import { PROGRAM_URL, SCRIPT_PREFIX } from "../../src/sandbox/engine.ts";

const LIMITS: RunLimits = { timeoutMs: 10_000, memoryMb: 128, maxCalls: 100 };

// How guest code reaches the bridge; wrappers use the same symbol.
const CALL = `const call = globalThis[Symbol.for("toolgrove.call")];`;

const echo: GuestBridge = async (request) => JSON.stringify(request);

/** What the suite needs of an engine besides the contract. */
export interface EngineUnderTest {
  readonly engine: Engine;
  /** Processes of this engine that are alive now. */
  processes(): readonly number[];
}

/** Runs every case against engines made by `createEngine`, whose memory limit must be 128 MB. */
export function describeEngine(name: string, createEngine: () => EngineUnderTest): void {
  describe(`engine: ${name}`, () => {
    const { engine, processes } = createEngine();
    afterAll(() => engine.close());

    function run(
      body: string,
      options: Partial<RunLimits> & { bridge?: GuestBridge; signal?: AbortSignal } = {},
    ): Promise<RunOutcome> {
      const { bridge = echo, signal = new AbortController().signal, ...limits } = options;
      const program = `${SCRIPT_PREFIX} return async () => {${body}\n}})()\n//# sourceURL=${PROGRAM_URL}`;
      return engine.run(program, { limits: { ...LIMITS, ...limits }, bridge, signal });
    }

    it("gives the value as text, with its shape", async () => {
      expect((await run(`return { a: [1, 2] }`)).end).toEqual({
        kind: "value",
        value: { kind: "json", text: `{"a":[1,2]}`, shape: "object { a }" },
      });
      expect((await run(`return "plain"`)).end).toEqual({
        kind: "value",
        value: { kind: "text", text: "plain", shape: "string" },
      });
      expect((await run(``)).end).toEqual({
        kind: "value",
        value: { kind: "none", text: "", shape: "nothing" },
      });
    });

    it("gives an error's name and message, and a stack that names the program", async () => {
      const { end } = await run(`throw new RangeError("too far")`);
      expect(end).toMatchObject({ kind: "error", name: "RangeError", message: "too far" });
      expect(end.kind === "error" && end.stack).toContain(PROGRAM_URL);
    });

    it("keeps console output in order, also when the program fails afterwards", async () => {
      const { logs, end } = await run(
        `console.log("one"); console.warn({ two: 2 }); console.error("three"); throw 1`,
      );
      expect(logs).toBe('one\n{"two":2}\nthree');
      expect(end).toEqual({ kind: "error", name: "Thrown", message: "1", stack: "" });
    });

    it("answers requests, each with its own reply, whatever the order of the answers", async () => {
      const waiting: (() => void)[] = [];
      const bridge: GuestBridge = (request) =>
        new Promise((resolve) => {
          waiting.push(() => resolve(JSON.stringify(request.op === "tool" ? request.args : null)));
          if (waiting.length === 5) for (const answer of waiting.toReversed()) answer();
        });
      const { end } = await run(
        `${CALL} return Promise.all([1, 2, 3, 4, 5].map((n) => call("s", "t", { n })))`,
        { bridge },
      );
      expect(end).toMatchObject({ value: { text: `[{"n":1},{"n":2},{"n":3},{"n":4},{"n":5}]` } });
    });

    it("passes server, tool and arguments on as they are", async () => {
      const { end } = await run(
        `${CALL} return call("a b", "c/d", { text: "line\\nline \\u2028 \\ud83d\\ude00" })`,
      );
      expect(end).toMatchObject({
        value: {
          text: JSON.stringify({
            op: "tool",
            server: "a b",
            tool: "c/d",
            args: { text: "line\nline \u2028 😀" },
          }),
        },
      });
    });

    it("lets the program catch a failed request by name, message and details", async () => {
      const bridge: GuestBridge = () => Promise.reject(new ToolError("memory", "open_nodes", "no such node"));
      const { end } = await run(
        `${CALL} try { await call("memory", "open_nodes", {}) }
         catch (e) { return [e instanceof Error, e.name, e.message, e.code, e.server, e.tool, "cause" in e] }`,
        { bridge },
      );
      expect(end).toMatchObject({
        value: { text: '[true,"ToolError","no such node","tool_failed","memory","open_nodes",false]' },
      });
    });

    it("waits for requests that nobody awaited", async () => {
      const seen: unknown[] = [];
      const bridge: GuestBridge = async (request) => {
        seen.push(request.op === "tool" && request.args);
        return "null";
      };
      await run(
        `${CALL} [1, 2].forEach(async (n) => { await call("s", "t", { n }); await call("s", "t", { n: n * 10 }) })`,
        { bridge },
      );
      expect(seen).toHaveLength(4);
      expect(seen).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }, { n: 10 }, { n: 20 }]));
    });

    it("ends at the time limit, also inside a synchronous loop, and aborts what is open", async () => {
      let aborted = false;
      const bridge: GuestBridge = (_request, signal) =>
        new Promise(() => signal.addEventListener("abort", () => (aborted = true)));
      const started = performance.now();
      const { end, logs } = await run(
        `${CALL} console.log("began"); call("s", "t", {}); await null; while (true) {}`,
        {
          bridge,
          timeoutMs: 500,
        },
      );
      expect(end).toEqual({ kind: "limit", limit: "time", message: "It was still running after 0.5 s." });
      expect(performance.now() - started).toBeLessThan(4_000);
      expect({ logs, aborted }).toEqual({ logs: "began", aborted: true });
    });

    it("ends at the call limit", async () => {
      let answered = 0;
      const bridge: GuestBridge = async () => String(++answered);
      const { end } = await run(`${CALL} for (;;) await call("s", "t", {})`, { bridge, maxCalls: 7 });
      expect(end).toEqual({ kind: "limit", limit: "call", message: "It made more than 7 calls." });
      expect(answered).toBe(7);
    });

    it("ends at the memory limit", async () => {
      const { end } = await run(`const all = []; for (;;) all.push(new Array(100_000).fill(all.length))`);
      expect(end).toEqual({
        kind: "limit",
        limit: "memory",
        message: "It used more than its 128 MB of memory.",
      });
    });

    it("ends when it is cancelled, with its open requests", async () => {
      const cancel = new AbortController();
      let aborted = false;
      const bridge: GuestBridge = (_request, signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => (aborted = true));
          cancel.abort();
        });
      const { end, logs } = await run(`${CALL} console.log("asked"); await call("s", "t", {})`, {
        bridge,
        signal: cancel.signal,
      });
      expect(end).toEqual({ kind: "cancelled" });
      expect({ logs, aborted }).toEqual({ logs: "asked", aborted: true });
    });

    it("does not begin what was cancelled before", async () => {
      expect((await run(`return 1`, { signal: AbortSignal.abort() })).end).toEqual({ kind: "cancelled" });
    });

    it("shares nothing between runs", async () => {
      await run(
        `globalThis.left = "behind"; Array.prototype.left = "behind"; Object.prototype.left = "behind"`,
      );
      expect((await run(`return [typeof globalThis.left, [].left === undefined]`)).end).toMatchObject({
        value: { text: '["undefined",true]' },
      });
    });

    it("runs many programs at once, each with its own requests and logs", async () => {
      const bridgeOf =
        (n: number): GuestBridge =>
        async () =>
          JSON.stringify(n);
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          run(`${CALL} console.log("run ${n}"); return [${n}, await call("s", "t", {})]`, {
            bridge: bridgeOf(n),
          }),
        ),
      );
      expect(outcomes.map(({ logs }) => logs)).toEqual(Array.from({ length: 8 }, (_, n) => `run ${n}`));
      expect(outcomes.map(({ end }) => end.kind === "value" && end.value.text)).toEqual(
        Array.from({ length: 8 }, (_, n) => `[${n},${n}]`),
      );
    });

    it("reports what stands between the program and the machine", async () => {
      const report = await engine.isolation();
      expect(report.engine).toMatch(/^\S+ \d+\.\d+/);
      expect(report.layers.length).toBeGreaterThan(0);
    });

    it("leaves no process behind when it is closed, also in the middle of a run", async () => {
      const other = createEngine();
      void other.engine.warm();
      await run(`return 1`);
      let asked: () => void = () => undefined;
      const inside = new Promise<void>((resolve) => (asked = resolve));
      const bridge: GuestBridge = () => (asked(), new Promise(() => undefined));
      const program = `(async () => { ${CALL} await call("s", "t", {}) })`;
      const running = other.engine.run(program, {
        limits: LIMITS,
        bridge,
        signal: new AbortController().signal,
      });
      await inside;
      // Otherwise the last line would prove nothing.
      expect(processes().length > 0).toBe(process.platform === "linux");
      await other.engine.close();
      expect(await running).toMatchObject({ end: { kind: "crashed" } });
      await engine.close();
      await expect.poll(() => processes(), { timeout: 5_000 }).toEqual([]);
    });
  });
}
