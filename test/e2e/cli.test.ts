// The command line: what each command prints where, its exit codes, and what programs may read from it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { memoryEntry, repository, toolgrove, useHomes, type CommandResult, type TestHome } from "./world.ts";

const newHome = useHomes();
const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
  version: string;
};
let home: TestHome;

beforeAll(() => {
  home = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
});

/** Runs a command on the file's home. */
const at = (...args: readonly string[]): Promise<CommandResult> => toolgrove([...args, "--home", home.root]);

describe("help", () => {
  test("names every command", async () => {
    const { code, stdout, stderr } = await toolgrove(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(commands).toEqual([
      ...["serve", "init", "add", "remove", "list", "sync", "search"],
      ...["read", "run", "runs", "skills", "measure", "doctor", "trust", "login", "demo"],
    ]);
    expect(stdout).toContain("Exit code 0: done; 1: it failed; 2: the command line is wrong.");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("of one command names its options", async () => {
    const { code, stdout } = await toolgrove(["search", "--help"]);
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "Usage: toolgrove search QUERY…",
      "",
      "find tools and skills in your own words",
    ]);
    expect([...stdout.matchAll(/--\w+/g)].map(String)).toEqual(["--limit", "--server", "--detail", "--json"]);
    expect(code).toBe(0);
  });

  test("--version", async () => {
    expect(await toolgrove(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

test.each([
  [["bogus"], 'There is no command "bogus".'],
  [["search", "x", "--bogus"], "Unknown option '--bogus'"],
  [["read", "--json"], "read has no option --json."],
  [["search"], "search needs a query: toolgrove search create an entity"],
  [["search", "x", "--limit", "0"], '--limit takes a whole number from 1 to 100, not "0".'],
  [["search", "x", "--detail", "most"], '--detail takes name, summary, full, not "most".'],
  [["run"], "run needs a file, or - for stdin: toolgrove run program.ts"],
  [["run", "none.ts"], "The program none.ts cannot be read: "],
  [["run", "-", "--timeout", "1.5"], '--timeout takes a whole number from 1 to 600000, not "1.5".'],
])("a command line that cannot be meant, %j, ends with 2 and points to help", async (args, message) => {
  const { code, stdout, stderr } = await at(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/See toolgrove --help\.\n$/);
});

describe("search", () => {
  test("prints one line a hit", async () => {
    const { code, stdout, stderr } = await at("search", "open", "nodes", "by", "name", "--limit", "2");
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(
      "servers/memory/openNodes({ names }) — Open specific nodes in the knowledge graph by their names",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("--detail name and full", async () => {
    const [name, full] = await Promise.all([
      at("search", "open nodes by name", "--limit", "1", "--detail", "name"),
      at("search", "open nodes by name", "--limit", "1", "--detail", "full"),
    ]);
    expect(name.stdout).toBe("servers/memory/openNodes\n");
    expect(full.stdout).toMatch(/^import \{ openNodes \} from "\.\/servers\/memory";\n[^]*\nopenNodes\(/);
  });

  test("--json prints the array that programs may read", async () => {
    const { stdout } = await at("search", "open nodes by name", "--limit", "3", "--json");
    const hits = JSON.parse(stdout) as { score: number }[];
    expect(hits).toHaveLength(3);
    expect(hits[0]).toEqual({
      path: "servers/memory/openNodes",
      server: "memory",
      tool: "open_nodes",
      description: "Open specific nodes in the knowledge graph by their names",
      score: expect.any(Number),
    });
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  test("--json without a hit is an empty array", async () => {
    expect(await at("search", "zzzqqq", "--json")).toMatchObject({ code: 0, stdout: "[]\n" });
  });

  test("--server keeps to one server", async () => {
    const { stdout } = await at("search", "open nodes", "--server", "github", "--json");
    expect(stdout).toBe("[]\n");
  });
});

describe("read", () => {
  test("shows a tool's import line and types", async () => {
    const { code, stdout } = await at("read", "memory.open_nodes");
    expect(stdout).toMatch(/^import \{ openNodes \} from "\.\/servers\/memory";\n/);
    expect(stdout).toMatch(/^openNodes\(/m);
    expect(code).toBe(0);
  });

  test("without a path lists the root", async () => {
    expect(await at("read")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^servers\/memory\/ +9 tools/),
    });
  });

  test("a miss ends with 1 and the nearest paths", async () => {
    const { code, stdout } = await at("read", "servers/memory/openNode");
    expect(stdout).toMatch(/^Nothing at "servers\/memory\/openNode"\.\nNearest: servers\/memory\/openNodes/);
    expect(code).toBe(1);
  });
});

describe("run", () => {
  const program = 'console.log("hello"); return (await memory.readGraph()).entities.length;';

  test("a file", async () => {
    writeFileSync(home.path("program.ts"), program);
    expect(await at("run", home.path("program.ts"))).toEqual({ code: 0, stdout: "hello\n0\n", stderr: "" });
  });

  test("stdin", async () => {
    const result = await toolgrove(["run", "-", "--home", home.root], { input: program });
    expect(result).toEqual({ code: 0, stdout: "hello\n0\n", stderr: "" });
  });

  test("a program that fails ends with 1, its error on stderr", async () => {
    const input = 'const a = 1;\nthrow new Error("no good");';
    const { code, stdout, stderr } = await toolgrove(["run", "-", "--home", home.root], { input });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^Error: no good\nat user\.ts:2:\d+\n/);
  });

  test("a program that is too slow ends at --timeout", async () => {
    const args = ["run", "-", "--timeout", "300", "--home", home.root];
    const { code, stderr } = await toolgrove(args, { input: "while (true) {}" });
    expect(stderr).toMatch(/^Stopped at the time limit\./);
    expect(code).toBe(1);
  });
});

describe("doctor", () => {
  test("says what is in force", async () => {
    const { code, stdout } = await at("doctor");
    expect(stdout).toContain(
      `Toolgrove ${version}, Node ${process.version}\nHome: ${home.root} (named)\nServers: memory\n`,
    );
    expect(stdout).toMatch(/^Sandbox: deno \d+\.\d+\.\d+\. In force:\n {2}\+ /m);
    expect(stdout).toMatch(/No problems\.\n$/);
    expect(code).toBe(0);
  });

  test("--json", async () => {
    const { stdout } = await at("doctor", "--json");
    expect(JSON.parse(stdout)).toEqual({
      version,
      node: process.version,
      home: { root: home.root, origin: "named", trusted: true },
      servers: ["memory"],
      isolation: {
        engine: expect.stringMatching(/^deno /),
        layers: expect.any(Array),
        missing: expect.any(Array),
      },
      suspicions: [],
      problems: [],
    });
  });

  test("ends with 1 and names the file when a setting is wrong", async () => {
    const broken = newHome({ servers: { memory: memoryEntry } });
    writeFileSync(broken.path("toolgrove.json"), '{ "limits": { "timeoutMs": 5 } }');
    const { code, stdout } = await toolgrove(["doctor", "--home", broken.root]);
    expect(stdout).toMatch(/! \S+toolgrove\.json: "limits\.timeoutMs": [^]*The defaults are in force\./);
    expect(code).toBe(1);
  });
});

describe("the home", () => {
  test("TOOLGROVE_HOME names it, from anywhere", async () => {
    const { stdout } = await toolgrove(["doctor", "--json"], { env: { TOOLGROVE_HOME: home.root } });
    expect(JSON.parse(stdout)).toMatchObject({ home: { root: home.root, origin: "named", trusted: true } });
  });

  test("--home wins over TOOLGROVE_HOME", async () => {
    const { stdout } = await toolgrove(["doctor", "--json", "--home", home.root], {
      env: { TOOLGROVE_HOME: repository },
    });
    expect(JSON.parse(stdout)).toMatchObject({ home: { root: home.root } });
  });

  test("one that was found in an ancestor folder starts nothing until it is trusted, and again after a change", async () => {
    const found = newHome({ servers: { memory: memoryEntry }, wrappers: "memory" });
    const cwd = found.path("deep/inside");
    mkdirSync(cwd, { recursive: true });
    const call = (): Promise<CommandResult> =>
      toolgrove(["run", "-"], { cwd, input: "return (await memory.readGraph()).entities" });
    const refused = {
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /memory\.read_graph was not called: \S+ was found in an ancestor folder [^]*`toolgrove trust`/,
      ),
    };

    expect(await call()).toEqual(refused);
    expect(await toolgrove(["sync"], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("may not start programs yet. Allow it with `toolgrove trust`."),
    });
    expect(await toolgrove(["search", "open nodes", "--limit", "1"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^servers\/memory\/openNodes\(/),
    });

    const trusted = await toolgrove(["trust"], { cwd });
    expect(trusted).toEqual({
      code: 0,
      stdout: `${found.root} may now start:\n  memory: ${memoryEntry.command} ${memoryEntry.args?.join(" ")}\nThis holds until servers/mcp.json changes.\n`,
      stderr: "",
    });
    expect(await call()).toEqual({ code: 0, stdout: "[]\n", stderr: "" });

    const changed = { ...memoryEntry, env: { MEMORY_FILE_PATH: "${TOOLGROVE_HOME}/other.jsonl" } };
    writeFileSync(found.path("servers/mcp.json"), JSON.stringify({ mcpServers: { memory: changed } }));
    expect(await call()).toEqual(refused);
  });
});
