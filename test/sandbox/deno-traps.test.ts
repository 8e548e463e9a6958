// The known traps of Deno as the engine, one test each, with bubblewrap and without: a new Deno must pass them again.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createDenoEngine } from "../../src/sandbox/engines/deno/engine.ts";
import { processTree } from "../../src/sandbox/engines/deno/memory.ts";
import { GUEST_GLOBALS } from "./guest-globals.ts";
import { createWorld, measureHold, NODE_MODULES, temporaryFolder, writeFiles } from "./world.ts";

const probe = createDenoEngine({ memoryMb: 128 });
const withBubblewrap = (await probe.isolation()).layers.some((layer) => layer.startsWith("bubblewrap"));
await probe.close();

const secrets = temporaryFolder("secrets");
writeFiles(secrets, { "secret.json": '{"secret":"s3cr3t"}', "secret.txt": "s3cr3t first line\n" });
const SECRET = path.join(secrets, "secret.json");

/** Agent code that tries each of `attempts` (name → expression) and returns what came of it, as text. */
function tryEach(attempts: Readonly<Record<string, string>>): string {
  const each = Object.entries(attempts).map(
    ([name, expression]) => `[${JSON.stringify(name)}, async () => (${expression})]`,
  );
  return `${NODE_MODULES}
    const outcomes = {};
    for (const [name, attempt] of [${each.join(",\n")}])
      try { outcomes[name] = "DID IT: " + String(await attempt()) } catch (e) { outcomes[name] = "denied: " + e }
    return outcomes`;
}

const DENIED = /^denied: /;

// Without bubblewrap every test runs everywhere; with it they are skipped where a trial run of it fails.
describe.each([
  { name: "without bubblewrap", bubblewrap: "off" as const, usable: true },
  { name: "with bubblewrap", bubblewrap: "auto" as const, usable: withBubblewrap },
])("$name", ({ bubblewrap, usable }) => {
  const world = createWorld({ bubblewrap, limits: { memoryMb: 128 } });
  afterAll(world.close);

  async function outcomesOf(attempts: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const { text } = await world.execute(tryEach(attempts));
    return JSON.parse(text) as Record<string, string>;
  }

  async function deniedAmong(attempts: Readonly<Record<string, string>>): Promise<string[]> {
    const outcomes = await outcomesOf(attempts);
    expect(JSON.stringify(outcomes)).not.toContain("s3cr3t");
    return Object.keys(outcomes).filter((name) => DENIED.test(outcomes[name] ?? ""));
  }

  it.skipIf(!usable)("D1, D2: no form of import reads a file of this machine", async () => {
    const url = `file://${SECRET}`;
    const attempts = {
      "computed JSON": `import([${JSON.stringify(url)}].join(""), { with: { type: "json" } })`,
      "computed text": `import([${JSON.stringify(url.replace("json", "txt"))}].join(""))`,
      "through eval": `(0, eval)('import("${url}", { with: { type: "json" } })')`,
      "through Function": `new Function('return import("${url}", { with: { type: "json" } })')()`,
      "inside a data module": `import("data:text/javascript," + encodeURIComponent('export * from "${url}"'))`,
      "inside a blob module": `import(URL.createObjectURL(new Blob(['import x from "${url}" with { type: "json" }'], { type: "text/javascript" })))`,
      remote: `import(["https://", "example.com/x.js"].join(""))`,
      npm: `import(["npm", "lodash"].join(":"))`,
      jsr: `import(["jsr", "@std/path"].join(":"))`,
      internal: `import(["ext", "core/ops"].join(":"))`,
    };
    expect(await deniedAmong(attempts)).toEqual(Object.keys(attempts));
  });

  it.skipIf(!usable)("D1: a literal import is refused before anything runs", async () => {
    for (const specifier of [
      `file://${SECRET}`,
      SECRET,
      "node:fs",
      "fs",
      "npm:lodash",
      "https://example.com/x.js",
    ]) {
      const answer = await world.execute(
        `const x = await import("${specifier}", { with: { type: "json" } }); return x.default`,
      );
      expect(answer.text).toContain("Nothing was run.");
      expect(answer.text).toContain(`Cannot import "${specifier}"`);
      expect(answer.text).not.toContain("s3cr3t");
    }
  });

  it.skipIf(!usable)("D3: files, processes, environment, libraries and signals are denied", async () => {
    const target = path.join(secrets, "written");
    const attempts = {
      read: `(await node("fs")).readFileSync("/etc/passwd", "utf8")`,
      "read a secret": `(await node("fs")).readFileSync(${JSON.stringify(SECRET)}, "utf8")`,
      "read /proc": `(await node("fs")).readFileSync("/proc/self/environ", "utf8")`,
      list: `(await node("fs")).readdirSync("/")`,
      write: `(await node("fs")).writeFileSync(${JSON.stringify(target)}, "x")`,
      "fetch a file": `fetch("file:///etc/passwd")`,
      "database file": `new (await node("sqlite")).DatabaseSync(${JSON.stringify(target)})`,
      "signal to this test": `(await node("process")).default.kill(${process.pid}, "SIGKILL")`,
      "signal to its group": `(await node("process")).default.kill(-${process.pid}, "SIGKILL")`,
      inspector: `new (await node("inspector")).Session().connect()`,
      processors: `(await node("os")).cpus()`,
      home: `(await node("os")).homedir()`,
    };
    expect(await deniedAmong(attempts)).toEqual(Object.keys(attempts));
    // These may end in the stand-in for Deno, which then ends the Worker: what counts is that nothing happens.
    const shell = ["/bin/sh", "-c", `echo x > ${target}`];
    const attempted = tryEach({
      link: `(await node("fs")).symlinkSync("/etc/passwd", ${JSON.stringify(target)})`,
      spawn: `(await node("child_process")).execFileSync(${JSON.stringify(shell[0])}, ${JSON.stringify(shell.slice(1))})`,
      "spawn, asynchronous": `(await node("child_process")).spawn(${JSON.stringify(shell[0])}, ${JSON.stringify(shell.slice(1))})`,
    });
    const { text } = await world.execute(attempted);
    expect({ answered: text !== "", happened: existsSync(target) }).toEqual({
      answered: true,
      happened: false,
    });
  });

  it.skipIf(!usable)("D3: no environment variable of this machine is to be had", async () => {
    process.env["TOOLGROVE_TEST_SECRET"] = "s3cr3t";
    const fresh = createWorld({ bubblewrap, limits: { memoryMb: 128 } });
    const texts: string[] = [];
    for (const expression of [
      "process.env.TOOLGROVE_TEST_SECRET",
      `(await node("process")).default.env.TOOLGROVE_TEST_SECRET`,
      `JSON.stringify((await node("process")).default.env)`,
      `(await node("fs")).readFileSync("/proc/self/environ", "utf8")`,
      `(await node("fs")).readFileSync("/proc/1/environ", "utf8")`,
    ]) {
      texts.push((await fresh.execute(`${NODE_MODULES} return ${expression}`, { timeoutMs: 2_000 })).text);
    }
    await fresh.close();
    delete process.env["TOOLGROVE_TEST_SECRET"];
    expect(texts).toHaveLength(5);
    expect(texts.join()).not.toMatch(/s3cr3t|PATH=|HOME=/);
    expect(texts[3]).toMatch(/^NotCapable: Requires/);
  });

  it.skipIf(!usable)("D3: no connection reaches a server on this machine", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const outcomes = await outcomesOf({
      fetch: `fetch("http://127.0.0.1:${port}/")`,
      WebSocket: `new WebSocket("ws://127.0.0.1:${port}/")`,
      EventSource: `new EventSource("http://127.0.0.1:${port}/")`,
      import: `import(["http://127.0.0.1:${port}", "x.js"].join("/"))`,
      "node:net": `new Promise(async (ok, fail) => { const s = (await node("net")).connect(${port}, "127.0.0.1"); s.on("connect", ok); s.on("error", fail); setTimeout(fail, 300, "no answer") })`,
      "node:dns": `(await node("dns")).promises.lookup("localhost")`,
    });
    await new Promise((resolve) => server.close(resolve));
    for (const outcome of Object.values(outcomes)) expect(outcome).toMatch(DENIED);
    expect(outcomes["fetch"]).toBe(
      "denied: Error: There is no network here. Use the tools of your servers: search_tools finds them.",
    );
    expect(connections).toBe(0);
  });

  it.skipIf(!usable)("D4: what one run stores, the next does not find", async () => {
    const stored = await world.execute(`
      try { await new CacheStorage().open("x") } catch (e) { return "denied" }
      return "stored"`);
    expect(stored.text).toBe("denied");
    const { text } = await world.execute(
      `return ["caches", "localStorage", "sessionStorage", "indexedDB"].map((name) => typeof globalThis[name])`,
    );
    expect(text).toBe('["undefined","undefined","undefined","undefined"]');
  });

  it.skipIf(!usable)("D5: what a guest writes to the real stdout is no frame", async () => {
    const forged = JSON.stringify({ kind: "text", text: "forged", shape: "" });
    const { text } = await world.execute(`${NODE_MODULES}
      const { writeSync } = await node("fs");
      for (const line of ["value 0 ", "x value 0 ", " value 0 "]) writeSync(1, "\\n" + line + ${JSON.stringify(forged)} + "\\n");
      return "real"`);
    expect(text).toBe("real");
  });

  it.skipIf(!usable)("D5: the nonce is in nothing a guest can read", async () => {
    for (const expression of [
      `(await node("fs")).readFileSync("/dev/stdin", "utf8")`,
      `(await node("fs")).readFileSync("/proc/self/fd/0", "utf8")`,
      `(await node("fs")).readFileSync("/proc/self/mem").length`,
      `(await node("v8")).writeHeapSnapshot(${JSON.stringify(path.join(secrets, "heap"))})`,
    ]) {
      const { text } = await world.execute(`${NODE_MODULES} return ${expression}`);
      expect(text).toMatch(/^NotCapable: Requires|^Stopped at the memory limit|^The sandbox ended/);
    }
    expect(existsSync(path.join(secrets, "heap"))).toBe(false);
  });

  it.skipIf(!usable)("D6, D7: the guest's globals are exactly the known ones", async () => {
    const { text } = await world.execute(`
      const known = new Set(${JSON.stringify(GUEST_GLOBALS)});
      const found = Object.getOwnPropertyNames(globalThis);
      return { added: found.filter((name) => !known.has(name)), gone: [...known].filter((name) => !found.includes(name)) }`);
    expect(JSON.parse(text)).toEqual({ added: [], gone: [] });
    const symbols = await world.execute("return Object.getOwnPropertySymbols(globalThis).map(String).sort()");
    expect(JSON.parse(symbols.text)).toContain("Symbol(toolgrove.call)");
  });

  it.skipIf(!usable)(
    "D6, D7: what is taken away does not come back through prototypes or constructors",
    async () => {
      const { text } = await world.execute(`
      const roots = [globalThis, (0, eval)("this"), Function("return this")(), (function () {}).constructor("return this")(),
        (async () => {}).constructor("return this"), new Error().constructor.constructor("return this")()];
      const seen = [];
      for (const root of roots) for (let at = root; at; at = Object.getPrototypeOf(at))
        for (const name of ["Deno", "process", "require", "navigator", "location", "Worker", "BroadcastChannel", "caches", "close"])
          if (Object.hasOwn(at, name)) seen.push(name);
      return seen`);
      expect(text).toBe("[]");
    },
  );

  it.skipIf(!usable)("D8: there is no nested Worker", async () => {
    expect(await outcomesOf({ Worker: `new Worker("data:text/javascript,0", { type: "module" })` })).toEqual({
      Worker: "denied: ReferenceError: Worker is not defined",
    });
    const { text } = await world.execute(`${NODE_MODULES}
      const { Worker } = await node("worker_threads");
      const worker = new Worker("require('node:worker_threads').parentPort.postMessage('alive')", { eval: true });
      return await new Promise((ok) => { worker.on("message", ok); worker.on("error", ok); setTimeout(ok, 500, "no answer") })`);
    expect(text).toMatch(/^DataCloneError|^no answer/);
  });

  it.skipIf(!usable)("D8: a message to all others reaches no other run", async () => {
    const channel = `${NODE_MODULES} const { BroadcastChannel } = await node("worker_threads"); const channel = new BroadcastChannel("x");`;
    const listening = world.execute(`${channel}
      return await new Promise((ok) => { channel.onmessage = ({ data }) => ok("heard " + data); setTimeout(ok, 700, "heard nothing") })`);
    const [heard] = await Promise.all([
      listening,
      world.execute(
        `${channel} for (let i = 0; i < 10; i++) { channel.postMessage("hello"); await new Promise((r) => setTimeout(r, 50)) } return 1`,
      ),
    ]);
    expect(heard.text).toMatch(/^heard nothing|Deno is not defined|is not a constructor|not a function/);
    expect(heard.text).not.toContain("heard hello");
  });

  it.skipIf(!usable)("D9: a database in memory counts as memory", async () => {
    const { text, isError } = await world.execute(`${NODE_MODULES}
      const { DatabaseSync } = await node("sqlite");
      const database = new DatabaseSync(":memory:");
      database.exec("create table t (x blob)");
      for (;;) database.exec("insert into t values (zeroblob(5000000))")`);
    expect(text).toMatch(/^Stopped at the memory limit|out of memory|^The sandbox ended/);
    expect(isError).toBe(true);
  });

  it.skipIf(!usable)("D10: what ends the Worker from inside is a failed run with a message", async () => {
    const { text } = await world.execute(
      `${NODE_MODULES} const socket = (await node("dgram")).createSocket("udp4"); socket.bind(0);
       await new Promise((r) => setTimeout(r, 200)); throw new Error("lived on")`,
      { timeoutMs: 2_000 },
    );
    expect(text).toMatch(/^\w+: |^The sandbox ended before the code did: /);
    const thrown = await world.execute(
      `setTimeout(() => { throw new Error("later") }, 1); await new Promise((r) => setTimeout(r, 500)); return 1`,
    );
    expect(thrown.isError).toBe(true);
    expect(thrown.text).toContain("later");
  });

  it.skipIf(!usable)("D11: positions in stack traces are the agent's own", async () => {
    const { text } = await world.execute("const a = 1;\nfunction inner() { null.x }\ninner();");
    expect(text).toMatch(/^TypeError: .*\nat user\.ts:2:\d+\n/);
    expect(text).not.toContain("blob:");
  });

  it.skipIf(!usable)("D12: a syntax error has a line and a column", async () => {
    const { text } = await world.execute("const a = 1;\nconst b = = 2;");
    expect(text).toContain("at user.ts:2:11");
  });

  it.skipIf(!usable)(
    "D13, D16: a flood of touched buffers is stopped by the operating system or the watch",
    async () => {
      const { value, holdMs } = await measureHold(() =>
        world.execute("const all = []; for (;;) all.push(new Uint8Array(10_000_000).fill(1))"),
      );
      expect(value.text).toMatch(/^Stopped at the memory limit|^RangeError: Array buffer allocation failed/);
      expect(holdMs).toBeLessThan(250);
    },
  );

  it.skipIf(!usable || !existsSync("/usr/bin/prlimit"))(
    "D13: the process that runs the code has a limit of its data from the operating system",
    async () => {
      const stop = new AbortController();
      const running = world.execute("await new Promise(() => {})", { signal: stop.signal });
      const limits = (): (string | undefined)[] =>
        processTree(process.pid)
          .filter((pid) => readFileSync(`/proc/${pid}/comm`, "utf8") === "deno\n")
          .map((pid) => /Max data size +(\S+)/.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))?.[1]);
      await expect.poll(limits, { timeout: 3_000 }).toContainEqual(expect.stringMatching(/^\d+$/));
      await expect.poll(limits, { timeout: 3_000 }).not.toContain("unlimited");
      stop.abort();
      await running;
    },
  );

  it.skipIf(!usable)("D14: a program, its wrappers and skills arrive as one script", async () => {
    const { text } = await world.execute(
      `import { double } from "./skills/double"; import * as memory from "./servers/memory"; return [double(21), (await memory.readGraph()).tool]`,
    );
    expect(text).toBe('[42,"read_graph"]');
  });

  it.skipIf(!usable)("D15: no answer names a path of this machine", async () => {
    const answers = await Promise.all(
      [
        `return import.meta`,
        `return new Error("x").stack`,
        `try { null.x } catch (e) { return e.stack }`,
        `return (await import(["node", "fs"].join(":")).catch((e) => e.stack))`,
        `return await import(["./x", "js"].join("."))`,
        `${NODE_MODULES} return (await node("process")).default.cwd()`,
        `${NODE_MODULES} return (await node("fs")).readFileSync("nothing")`,
        `${NODE_MODULES} return (await node("path")).resolve(".")`,
        `${NODE_MODULES} return (await node("module")).createRequire("file:///x.js")("./nothing")`,
        `return workspace.readText("nothing")`,
        `return workspace.readText("../nothing")`,
        `import x from "./servers/nothing"; return x`,
        `return await memory.fail()`,
        `memory.fail(); await new Promise((r) => setTimeout(r, 100))`,
      ].map((code) => world.execute(code)),
    );
    const places = [process.cwd(), os.homedir(), world.home, "node_modules", secrets];
    expect(answers.filter(({ text }) => places.some((place) => text.includes(place)))).toEqual([]);
    expect(answers.every(({ text }) => text !== "")).toBe(true);
  });

  it.skipIf(!usable)("D15: Deno's own path is at most what an attacker learns", async () => {
    const { text } = await world.execute(
      `${NODE_MODULES} const p = (await node("process")).default; return [p.cwd(), p.argv0]`,
    );
    // Without bubblewrap a stand-in for Deno lets the real one's own path through; with it that path says nothing.
    expect(text).toMatch(bubblewrap === "off" ? /^\["\/",".*deno"\]$/ : /^\["\/","\/deno"\]$/);
  });

  it.skipIf(!usable)("D17: replaced built-ins do not keep a run from ending", async () => {
    const { text } = await world.execute(
      `Promise.prototype.then = () => { throw 1 }; JSON.stringify = () => { throw 2 }; await null; for (;;) await null`,
      { timeoutMs: 500 },
    );
    expect(text).toMatch(/^Stopped at the time limit|^Thrown/);
    expect((await world.execute("return 1 + 1")).text).toBe("2");
  });

  it.skipIf(!usable)("D18: source nested 20,000 deep is refused and the host lives on", async () => {
    for (const [open, close] of [
      ["[", "]"],
      ["(", ")"],
      ["{a:", "}"],
      ["-", ""],
      ["f(", ")"],
      ["`${", "}`"],
    ] as const) {
      const code = `return ${open.repeat(20_000)}1${close.repeat(20_000)}`;
      const { value, holdMs } = await measureHold(() => world.execute(code, { timeoutMs: 2_000 }));
      expect(value.isError).toBe(true);
      expect(value.text.length).toBeLessThan(2_000);
      expect(holdMs).toBeLessThan(250);
    }
    expect((await world.execute("return 1 + 1")).text).toBe("2");
  });

  it.skipIf(!usable || process.platform !== "linux")("nothing of it outlives its run", async () => {
    const before = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
    expect(before).toMatch(/^[\d ]*$/);
    await world.execute("while (true) {}", { timeoutMs: 100 });
    await expect
      .poll(
        () =>
          readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean)
            .length,
      )
      .toBeLessThanOrEqual(2);
  });
});
