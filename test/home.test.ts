// Where the home is found, and what its two settings files may say.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { findHome, readHome, type Home } from "../src/home.ts";
import { temporaryFolder, writeFiles } from "./sandbox/world.ts";

const top = temporaryFolder("home-test");
const root = path.join(top, "home");
afterAll(() => rmSync(top, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
});

describe("findHome", () => {
  const userHome = path.join(top, "user");
  const project = path.join(top, "project");
  const cwd = path.join(project, "deep/down");
  const hints = { cwd, userHome };

  beforeEach(() => {
    rmSync(project, { recursive: true, force: true });
    rmSync(userHome, { recursive: true, force: true });
    mkdirSync(cwd, { recursive: true });
  });

  it("--home comes first, then TOOLGROVE_HOME, then the nearest ancestor, then ~/.toolgrove", () => {
    writeFiles(project, { "servers/mcp.json": "{}" });
    expect(findHome({ ...hints, flag: "/a", env: "/b" })).toEqual({
      root: path.resolve("/a"),
      origin: "named",
    });
    expect(findHome({ ...hints, env: "/b" })).toEqual({ root: path.resolve("/b"), origin: "named" });
    expect(findHome(hints)).toEqual({ root: project, origin: "found" });
    rmSync(path.join(project, "servers"), { recursive: true });
    expect(findHome(hints)).toEqual({ root: path.join(userHome, ".toolgrove"), origin: "default" });
  });

  it("relative names are below the working folder", () => {
    expect(findHome({ ...hints, flag: "here" })).toEqual({ root: path.join(cwd, "here"), origin: "named" });
    expect(findHome({ ...hints, env: "../x" })).toEqual({
      root: path.join(project, "deep/x"),
      origin: "named",
    });
  });

  it("the nearest ancestor wins, the working folder itself first", () => {
    writeFiles(project, { "servers/mcp.json": "{}" });
    writeFiles(path.join(project, "deep"), { "servers/mcp.json": "{}" });
    expect(findHome(hints).root).toBe(path.join(project, "deep"));
    writeFiles(cwd, { "servers/mcp.json": "{}" });
    expect(findHome(hints).root).toBe(cwd);
  });

  it("a folder called servers without mcp.json is no home", () => {
    mkdirSync(path.join(cwd, "servers"));
    expect(findHome(hints).origin).toBe("default");
  });

  it("~/.toolgrove met from inside is the default, not a find", () => {
    const home = path.join(userHome, ".toolgrove");
    writeFiles(home, { "servers/mcp.json": "{}" });
    expect(findHome({ userHome, cwd: path.join(home, "servers") })).toEqual({
      root: home,
      origin: "default",
    });
  });

  it("empty names are no names", () => {
    expect(findHome({ ...hints, env: "" }).origin).toBe("default");
  });
});

/** Reads the home with these files in it. */
function read(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Home> {
  writeFiles(root, files);
  return readHome({ root, origin: "named" }, environment);
}

/** Reads a home with these entries in mcp.json. */
function readServers(servers: object, environment: Readonly<Record<string, string>> = {}): Promise<Home> {
  return read({ "servers/mcp.json": JSON.stringify({ mcpServers: servers }) }, environment);
}

describe("mcp.json", () => {
  it("gives entries in their order, with defaults", async () => {
    const home = await readServers({
      one: { command: "node", args: ["a.mjs"] },
      two: { url: "https://example.com/mcp", headers: { "X-A": "b" }, timeout: 5_000, concurrency: 2 },
      three: { command: "x", cwd: "sub" },
    });
    expect(home.problems).toEqual([]);
    expect(home.servers).toMatchObject([
      { name: "one", transport: { kind: "stdio", command: "node", args: ["a.mjs"], env: {}, cwd: root } },
      {
        name: "two",
        transport: { kind: "http", url: "https://example.com/mcp", headers: { "X-A": "b" } },
        timeoutMs: 5_000,
        concurrency: 2,
      },
      { name: "three", transport: { cwd: path.join(root, "sub") } },
    ]);
  });

  it("may hold comments, trailing commas and a byte order mark", async () => {
    const home = await read({
      "servers/mcp.json": `\uFEFF{ // mine\n "mcpServers": { /* one */ "a": { "command": "x", }, }, }`,
    });
    expect(home.servers.map(({ name }) => name)).toEqual(["a"]);
    expect(home.problems).toEqual([]);
  });

  it("leaves out what is disabled", async () => {
    const home = await readServers({
      a: { command: "x", disabled: true },
      b: { command: "x", disabled: false },
    });
    expect(home.servers.map(({ name }) => name)).toEqual(["b"]);
  });

  it("that is missing says what to write", async () => {
    const home = await read({});
    expect(home.servers).toEqual([]);
    expect(home.problems).toEqual([
      `${path.join(root, "servers/mcp.json")} does not exist: write { "mcpServers": { … } } there to name your MCP servers.`,
    ]);
  });

  it.each([
    [
      "a missing comma",
      '{\n  "mcpServers": {\n    "a": {} "b": {}\n  }\n}',
      ":3:13: not valid JSON (CommaExpected)",
    ],
    ["an end too early", '{\n  "mcpServers": {', ":2:18: not valid JSON (CloseBraceExpected)"],
    ["nothing", "", ":1:1: not valid JSON (ValueExpected)"],
  ])("with %s names file, line and column", async (_name, text, where) => {
    const home = await read({ "servers/mcp.json": text });
    expect(home.servers).toEqual([]);
    expect(home.problems).toEqual([
      `${path.join(root, "servers/mcp.json")}${where}. Mend it and start again.`,
    ]);
  });

  it.each(["[]", "42", "{}", '{"mcpServers":[]}', '{"servers":{}}'])(
    "of another form (%s) says what it must hold",
    async (text) => {
      const home = await read({ "servers/mcp.json": text });
      expect(home.servers).toEqual([]);
      expect(home.problems).toHaveLength(1);
      expect(home.problems[0]).toMatch(
        /mcp\.json: .*It must hold \{ "mcpServers": \{ NAME: \{ … \} \} \}\.$/,
      );
    },
  );

  it.each([
    ["neither", {}, 'needs either "command" (a program) or "url" (an HTTP server)'],
    [
      "both",
      { command: "x", url: "http://a/" },
      'needs either "command" (a program) or "url" (an HTTP server)',
    ],
    ["args", { command: "x", args: "a" }, '"args": '],
    ["args.1", { command: "x", args: ["a", 1] }, '"args.1": '],
    ["env", { command: "x", env: { A: 1 } }, '"env.A": '],
    ["timeout", { command: "x", timeout: -1 }, '"timeout": '],
    ["concurrency", { command: "x", concurrency: 0.5 }, '"concurrency": '],
    ["a text", "node", ""],
    ["null", null, ""],
  ])("a bad entry (%s) is named with its key, and the others still work", async (_name, entry, message) => {
    const home = await readServers({ good: { command: "x" }, bad: entry, "also-good": { command: "y" } });
    expect(home.servers.map(({ name }) => name)).toEqual(["good", "also-good"]);
    expect(home.problems).toHaveLength(1);
    expect(home.problems[0]).toContain(`servers/mcp.json: server "bad": ${message}`);
  });

  it.each(["", "-a", "a b", "a/b", "..", "é", "a".repeat(65)])("the name %j is refused", async (name) => {
    const home = await readServers({ [name]: { command: "x" }, good: { command: "x" } });
    expect(home.servers.map((server) => server.name)).toEqual(["good"]);
    expect(home.problems[0]).toContain(
      `server ${JSON.stringify(name)}: its name must start with a letter or digit`,
    );
  });
});

describe("environment variables", () => {
  const server = (text: string): object => ({ a: { command: text, args: [text], env: { KEY: text } } });

  it.each([
    ["${A}", "a"],
    ["x${A}y${A}", "xaya"],
    ["${NONE:-fallback}", "fallback"],
    ["${EMPTY:-fallback}", "fallback"],
    ["${EMPTY}", ""],
    ["${NONE:-}", ""],
    ["${A:-fallback}", "a"],
    ["$A", "$A"],
    ["${DOLLAR}", "$& $1 $$"],
    ["${BRACES}", "${A}"],
  ])("%s", async (text, value) => {
    const home = await readServers(
      {
        a: { command: "x", args: [text], env: { KEY: text } },
        b: { url: "http://a/", headers: { Authorization: text } },
      },
      { A: "a", EMPTY: "", DOLLAR: "$& $1 $$", BRACES: "${A}" },
    );
    expect(home.problems).toEqual([]);
    expect(home.servers).toMatchObject([
      { transport: { args: [value], env: { KEY: value } } },
      { transport: { headers: { Authorization: value } } },
    ]);
  });

  it("TOOLGROVE_HOME is this home, whatever the environment says", async () => {
    const home = await readServers(server("${TOOLGROVE_HOME}/x"), { TOOLGROVE_HOME: "/elsewhere" });
    expect(home.servers).toMatchObject([{ transport: { command: `${root}/x` } }]);
  });

  it("one that is not set is named, and the others still work", async () => {
    const home = await readServers({ ...server("${NONE}"), good: { command: "x" } });
    expect(home.servers.map(({ name }) => name)).toEqual(["good"]);
    expect(home.problems).toEqual([
      'servers/mcp.json: server "a": the environment variable NONE is not set: set it, or write ${NONE:-default}.',
    ]);
  });
});

describe("toolgrove.json", () => {
  const DEFAULTS = { timeoutMs: 60_000, memoryMb: 256, answerChars: 10_000, maxCalls: 10_000 };
  const MCP = { "servers/mcp.json": '{"mcpServers":{}}' };

  it("may be missing", async () => {
    const home = await read(MCP);
    expect(home.settings.limits).toEqual(DEFAULTS);
    expect(home.problems).toEqual([]);
  });

  it("changes what it names", async () => {
    const home = await read({ ...MCP, "toolgrove.json": '{ "limits": { "memoryMb": 512 } } // more' });
    expect(home.settings.limits).toEqual({ ...DEFAULTS, memoryMb: 512 });
    expect(home.problems).toEqual([]);
  });

  it.each([
    ["limits.timeoutMs", '{"limits":{"timeoutMs":1}}'],
    ["limits.memoryMb", '{"limits":{"memoryMb":"256"}}'],
    ["limits.answerChars", '{"limits":{"answerChars":50000}}'],
    ["limits.maxCalls", '{"limits":{"maxCalls":1.5}}'],
    ["limits", '{"limits":[]}'],
  ])("a bad value (%s) is named, and the defaults are in force", async (key, text) => {
    const home = await read({ ...MCP, "toolgrove.json": text });
    expect(home.settings.limits).toEqual(DEFAULTS);
    expect(home.problems).toHaveLength(1);
    expect(home.problems[0]).toMatch(
      new RegExp(`toolgrove\\.json: "${key.replace(".", "\\.")}": .*\\. The defaults are in force\\.$`),
    );
  });

  it("that is broken names its line, and the defaults are in force", async () => {
    const home = await read({ ...MCP, "toolgrove.json": '{\n"limits": {\n' });
    expect(home.settings.limits).toEqual(DEFAULTS);
    expect(home.problems[0]).toMatch(/toolgrove\.json:\d+:\d+: not valid JSON/);
  });
});

describe("the fingerprint", () => {
  const one = { a: { command: "x", args: ["1"] } };

  it("is the same for the same entries, whatever else changes", async () => {
    const first = (await readServers(one, { A: "1" })).fingerprint;
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect((await readServers(one, { A: "2" })).fingerprint).toBe(first);
    const spaced = await read({
      "servers/mcp.json": `// comment\n${JSON.stringify({ mcpServers: one }, null, 4)}`,
      "toolgrove.json": '{"limits":{"memoryMb":512}}',
      "servers/a/index.ts": "export {};",
    });
    expect(spaced.fingerprint).toBe(first);
  });

  it.each([
    ["another argument", { a: { command: "x", args: ["2"] } }],
    ["another environment", { a: { command: "x", args: ["1"], env: { A: "1" } } }],
    ["one more server", { ...one, b: { command: "y" } }],
    ["one that is disabled now", { a: { command: "x", args: ["1"], disabled: true } }],
    ["another name", { b: { command: "x", args: ["1"] } }],
    ["none", {}],
  ])("changes with %s", async (_name, entries) => {
    const first = (await readServers(one)).fingerprint;
    expect((await readServers(entries)).fingerprint).not.toBe(first);
  });
});
