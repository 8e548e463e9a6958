// What users and agents get wrong, and what they are told. Beside each fault something good keeps working.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  connect,
  eventually,
  fixture,
  memoryEntry,
  toolgrove,
  useHomes,
  type Peer,
  type TestHome,
} from "./world.ts";

const newHome = useHomes();

describe("a home", () => {
  test("without mcp.json still serves, and says what to write where", async () => {
    const home = newHome();
    const advice = `${home.path("servers/mcp.json")} does not exist: write { "mcpServers": { … } } there to name your MCP servers.`;
    const agent = await connect(home);
    const found = await agent.search("create an entity");
    const ran = await agent.execute("6 * 7");
    await agent.close();
    expect(found).toBe(`No tool matches "create an entity".\nThere are no tools yet.\n${advice}`);
    expect(ran).toEqual({ text: "42", isError: false });
    expect(agent.stderr()).toContain(advice);
  });

  test("with broken JSON names line and column, and its wrappers can be found and read", async () => {
    const home = newHome({
      servers: '{\n  "mcpServers": {\n    "memory": { "command": "node",, }\n  }\n}\n',
      wrappers: "memory",
    });
    const fault = `${home.path("servers/mcp.json")}:3:35: not valid JSON (PropertyNameExpected). Mend it and start again.`;
    const agent = await connect(home);
    const found = await agent.search("read the whole graph");
    const read = await agent.call("read_tool", { path: "servers/memory/readGraph" });
    const called = await agent.execute("await memory.readGraph()");
    await agent.close();
    expect(found.split("\n").at(0)).toMatch(/^servers\/memory\/readGraph\(/);
    expect(found.split("\n").at(-1)).toBe(fault);
    expect(read).toEqual({ text: expect.stringMatching(/^import \{ readGraph \}/), isError: false });
    expect(called).toEqual({ text: expect.stringMatching(/memory[^]*servers\/mcp\.json/), isError: true });
    expect(await toolgrove(["sync", "--home", home.root])).toEqual({
      code: 1,
      stdout: "",
      stderr: `${fault}\n`,
    });
  });

  test("with an entry that cannot be meant names it, and the other servers work", async () => {
    const servers = JSON.stringify({
      mcpServers: { memory: memoryEntry, both: { command: "a", url: "http://b.example" } },
    });
    const home = newHome({ servers, wrappers: "memory" });
    const fault =
      'servers/mcp.json: server "both": needs either "command" (a program) or "url" (an HTTP server).';
    const ran = await toolgrove(["run", "-", "--home", home.root], {
      input: "return (await memory.readGraph()).entities",
    });
    expect(ran).toMatchObject({ code: 0, stdout: "[]\n" });
    expect(await toolgrove(["sync", "--home", home.root])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(fault),
    });
  });
});

describe("servers that cannot be used, beside a good one", () => {
  const reasons: [string, RegExp][] = [
    [
      "missing",
      /^missing: Server "missing" could not be started: the command "no-such-program" was not found\. Install it, or correct "command" \(an absolute path always works\)\. Its entry is in servers\/mcp\.json\.$/m,
    ],
    [
      "dies",
      /^dies: Server "dies" could not be started: "\S+" ended at once \(exit code 3\)\. Run the command by hand to see what it needs\. Its entry is in servers\/mcp\.json\.\nIts stderr ends with:\nconfig\.json: no such file$/m,
    ],
    [
      "rubbish",
      /^rubbish: Server "rubbish" could not be started: "\S+" ended at once \(exit code 0\) and prints text that is not MCP on stdout: "Listening on port 8080"\. An MCP server may log to stderr only: run the command by hand, and silence what it prints\. Its entry is in servers\/mcp\.json\.$/m,
    ],
  ];
  let home: TestHome;
  let agent: Peer;

  beforeAll(async () => {
    home = newHome({
      servers: {
        answers: fixture("answers"),
        banner: fixture("rude", "banner"),
        missing: { command: "no-such-program" },
        dies: fixture("rude", "dies"),
        rubbish: { command: process.execPath, args: ["-e", "console.log('Listening on port 8080')"] },
      },
    });
    agent = await connect(home);
    await eventually(async () => !(await agent.search("echo")).includes("on their way"));
  });
  afterAll(() => agent.close());

  test.each(reasons)("sync says why %s has no wrappers", async (name, reason) => {
    const { code, stderr } = await toolgrove(["sync", name, "--home", home.root]);
    expect(stderr).toMatch(reason);
    expect(code).toBe(1);
  });

  test("an agent that searches is told the same reasons", async () => {
    const text = await agent.search("echo");
    for (const [name] of reasons)
      expect(text).toContain(`${name} has no wrappers: Server "${name}" could not be started`);
    expect(text).toContain("config.json: no such file");
  });

  test("code that names such a server is told why the name is unknown", async () => {
    const { text, isError } = await agent.execute("return await missing.anything()");
    expect(text).toMatch(/^ReferenceError: missing is not defined\nat user\.ts:1:/);
    expect(text).toContain('missing has no wrappers: Server "missing" could not be started');
    expect(text).not.toContain("dies has no wrappers");
    expect(isError).toBe(true);
  });

  test("the good server works, and so does the one that greets before the protocol", async () => {
    const answer = await agent.execute(
      'return [await answers.echo({ message: "still here" }), await banner.hello()]',
    );
    expect(answer).toEqual({ text: '["still here","hello"]', isError: false });
  });

  test("a tool's own failure is thrown into the code, with its text and the place", async () => {
    expect(await agent.execute("const a = 1;\nawait answers.fails();")).toEqual({
      text: expect.stringMatching(
        /^ToolError: the disk is full\nfree 3 GB first\nat user\.ts:2:\d+\n[^]*await answers\.fails\(\)/,
      ),
      isError: true,
    });
  });
});

describe("an agent's mistakes", () => {
  let agent: Peer;

  beforeAll(async () => {
    agent = await connect(newHome({ servers: { memory: memoryEntry }, wrappers: "memory" }));
  });
  afterAll(() => agent.close());

  const invalid: [string, object, RegExp][] = [
    ["search_tools", {}, /query: Invalid input: expected string, received undefined/],
    ["search_tools", { query: 7 }, /query: Invalid input: expected string, received number/],
    ["search_tools", { query: "a", limit: 0 }, /limit: Too small: expected number to be >=1/],
    ["search_tools", { query: "a", limit: "many" }, /limit: Invalid input: expected number, received string/],
    [
      "search_tools",
      { query: "a", detail: "most" },
      /detail: Invalid option: expected one of "name"\|"summary"\|"full"/,
    ],
    ["read_tool", { path: ["servers"] }, /path: Invalid input: expected string, received array/],
    ["execute_code", { code: null }, /code: Invalid input: expected string, received null/],
    ["execute_code", { code: "1", timeout_ms: 0 }, /timeout_ms: Too small: expected number to be >=1/],
    [
      "execute_code",
      { code: "1", timeout_ms: 600_001 },
      /timeout_ms: Too big: expected number to be <=600000/,
    ],
    [
      "execute_code",
      { code: "1", timeout_ms: 1.5 },
      /timeout_ms: Invalid input: expected int, received number/,
    ],
  ];
  test.each(invalid)("%s with %o", async (tool, args, reason) => {
    const answer = await agent.call(tool, { ...args });
    expect(answer).toEqual({ text: expect.stringMatching(reason), isError: true });
    expect(answer.text).toContain(`Invalid arguments for tool ${tool}`);
  });

  test("a path that does not exist: the nearest ones", async () => {
    const { text } = await agent.call("read_tool", { path: "servers/memory/createEntitis" });
    const [miss, near, advice] = text.split("\n");
    expect(miss).toBe('Nothing at "servers/memory/createEntitis".');
    expect(near).toMatch(/^Nearest: servers\/memory\/createEntities, /);
    expect(advice).toBe('Read "" to see what there is.');
  });

  test("a path that leads out of the home", async () => {
    const { text } = await agent.call("read_tool", { path: "../../etc/passwd" });
    expect(text).toMatch(/^Nothing at "\.\.\/\.\.\/etc\/passwd"\./);
    expect(text).not.toContain("root:");
  });

  test("a function that does not exist: those there are, before anything ran", async () => {
    const code = 'import { createEntity } from "./servers/memory";\nawait createEntity([]);';
    const answer = await agent.execute(code);
    expect(answer).toEqual({
      text: expect.stringMatching(/^Nothing was run\.\n[^]*createEntity[^]*createEntities/),
      isError: true,
    });
    expect(answer.text).toContain("user.ts:1:");
  });

  test("a server that does not exist", async () => {
    const answer = await agent.execute(
      'import * as github from "./servers/github";\nreturn await github.listIssues();',
    );
    expect(answer).toEqual({
      text: expect.stringMatching(/^Nothing was run\.\n[^]*servers\/github[^]*memory/),
      isError: true,
    });
  });

  test.each(["", "   ", "?!"])("the query %o: what there is", async (query) => {
    const answer = await agent.call("search_tools", { query });
    expect(answer).toEqual({ text: expect.stringContaining("memory (9)"), isError: false });
  });

  test("an unknown server to search in: those there are", async () => {
    const { text } = await agent.call("search_tools", { query: "create", server: "github" });
    expect(text).toContain('There is no server "github".');
    expect(text).toContain("There are: memory (9).");
  });

  test("an unknown MCP tool is an error that names it, and the connection lives on", async () => {
    const failure = await agent.call("run_code", {}).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/run_code/);
    expect(await agent.execute("1 + 1")).toEqual({ text: "2", isError: false });
  });

  test("no code at all", async () => {
    const answer = await agent.execute("");
    expect(answer).toEqual({
      text: "No output: end with an expression, return a value, or print with console.log.",
      isError: false,
    });
  });

  test("code that is too slow for its limit", async () => {
    const answer = await agent.call("execute_code", { code: "await new Promise(() => {})", timeout_ms: 300 });
    expect(answer).toEqual({
      text: expect.stringMatching(
        /^Stopped at the time limit\. [^]*timeout_ms[^]*Nothing had been called\.$/,
      ),
      isError: true,
    });
  });
});
