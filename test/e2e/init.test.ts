// `init`, `add`, `remove` and `list` through the built CLI, for a user with several clients.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { fixture } from "../clients/world.ts";
import {
  cli,
  memoryEntry,
  memoryServer,
  toolgrove,
  useHomes,
  type CommandResult,
  type TestHome,
} from "./world.ts";

const newFolder = useHomes();
let user: TestHome;

/** A user with Cursor and Codex, in a project with a `.mcp.json`. */
beforeEach(() => {
  user = newFolder();
  for (const folder of [".cursor", ".codex", "project"]) mkdirSync(user.path(folder));
  writeFileSync(user.path(".cursor/mcp.json"), fixture("cursor.json"));
  writeFileSync(user.path(".codex/config.toml"), fixture("codex.toml"));
  writeFileSync(user.path("project/.mcp.json"), fixture("claude-code-project.json"));
});

const run = (...args: readonly string[]): Promise<CommandResult> =>
  toolgrove(args, {
    cwd: user.path("project"),
    env: { HOME: user.root, USERPROFILE: user.root, XDG_CONFIG_HOME: user.path(".config") },
  });
const homeFile = (): string => user.path(".toolgrove/servers/mcp.json");
const servers = (): Record<string, unknown> =>
  (JSON.parse(readFileSync(homeFile(), "utf8")) as { mcpServers: Record<string, unknown> }).mcpServers;

describe("init", () => {
  test("shows what it found and what it would do, and writes nothing", async () => {
    const { code, stdout, stderr } = await run("init");
    expect(stdout).toBe(
      `Home: ${homeFile()} (0 servers)

Cursor: ${user.path(".cursor/mcp.json")}
  + linear  https://mcp.linear.app/mcp
  + house   python -m house_mcp --home ${user.path("house")}
  ! vault   (Toolgrove cannot take over its "envFile")
  what moves is replaced by one entry for Toolgrove

Codex: ${user.path(".codex/config.toml")}
  + context7                    npx -y @upstash/context7-mcp
  + figma                       https://mcp.figma.com/mcp
  + quoted name as quoted-name  C:\\Tools\\server.exe multi [line]\\n
  what moves is replaced by one entry for Toolgrove

Claude Code: ${user.path("project/.mcp.json")}
  ? playwright  npx @playwright/mcp@latest  (it came with the repository)
  ? docs        \${DOCS_URL}/sse  (it came with the repository)

+ moves into the home   = is there already   ? needs your word   ! stays where it is
`,
    );
    expect(stderr).toBe(
      "Nothing was written: `toolgrove init --write` does this. Servers that came with the repository need your word: --yes.\n",
    );
    expect(code).toBe(0);
    expect(existsSync(user.path(".toolgrove"))).toBe(false);
    expect(user.read(".cursor/mcp.json")).toBe(fixture("cursor.json"));
  });

  test("--write does it, says where the backups are, and the second time has nothing to do", async () => {
    const first = await run("init", "--write");
    expect(first.code).toBe(0);
    expect(first.stderr).toContain(
      `Changed ${user.path(".cursor/mcp.json")}; as it was: ${user.path(".cursor/mcp.json.toolgrove-backup")}\n`,
    );
    expect(Object.keys(servers())).toEqual(["linear", "house", "context7", "figma", "quoted-name"]);
    expect(JSON.stringify(user.read(".cursor/mcp.json"))).toContain(JSON.stringify(cli).slice(1, -1));
    expect(user.read("project/.mcp.json")).toBe(fixture("claude-code-project.json"));
    expect(user.read(".codex/config.toml.toolgrove-backup")).toBe(fixture("codex.toml"));

    const second = await run("init", "--write");
    expect(second.stderr).not.toContain("Changed");
    expect(second.code).toBe(0);
  });

  test("--yes brings in the repository's servers", async () => {
    await run("init", "--write", "--yes");
    expect(Object.keys(servers())).toEqual(expect.arrayContaining(["playwright", "docs"]));
  });

  test("--client keeps to one client, --json prints the plan without secrets", async () => {
    const { stdout } = await run("init", "--client", "cursor", "--json");
    expect(JSON.parse(stdout)).toEqual({
      home: { root: user.path(".toolgrove"), file: homeFile(), inGit: false, servers: [] },
      files: [
        {
          client: "cursor",
          label: "Cursor",
          scope: "user",
          path: user.path(".cursor/mcp.json"),
          servers: [
            {
              name: "linear",
              as: "linear",
              action: "move",
              about: "https://mcp.linear.app/mcp",
              dropped: [],
            },
            { name: "house", as: "house", action: "move", about: expect.any(String), dropped: [] },
            {
              name: "vault",
              as: "vault",
              action: "keep",
              reason: 'Toolgrove cannot take over its "envFile"',
            },
          ],
          changes: true,
        },
      ],
      variables: {},
    });
  });

  test("an ancestor's home does not count, a named one does", async () => {
    mkdirSync(user.path("servers"), { recursive: true });
    writeFileSync(user.path("servers/mcp.json"), '{ "mcpServers": {} }');
    const [unnamed, named] = [await run("init"), await run("init", "--home", user.path("mine"))];
    expect(unnamed.stdout).toContain(`Home: ${homeFile()} `);
    expect(named.stdout).toContain(`Home: ${user.path("mine/servers/mcp.json")} `);
  });

  test("a client it does not know", async () => {
    const { code, stderr } = await run("init", "--client", "emacs");
    expect(stderr).toContain(
      '--client takes claude-code, claude-desktop, cursor, vscode, windsurf, codex, gemini, opencode, not "emacs".',
    );
    expect(code).toBe(2);
  });

  test("what it put into a client's file starts Toolgrove on the home", async () => {
    await run("init", "--write", "--client", "cursor");
    const text = user.read(".cursor/mcp.json").replaceAll(/^\s*(?:\/\/|\/\*).*$/gm, "");
    const { command, args } =
      /"command": "(?<command>[^"]*)",\s*"args": (?<args>\[[^\]]*\])/.exec(text)?.groups ?? {};
    const child = spawn(command ?? "", JSON.parse(args ?? "[]") as string[], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const hello = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    };
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello })}\n`);
    const answer = await new Promise<string>((resolve) => {
      child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
    });
    child.stdin.end();
    expect(JSON.parse(answer)).toMatchObject({ result: { serverInfo: { name: "toolgrove" } } });
  });
});

describe("add", () => {
  test("a program", async () => {
    const home = newFolder();
    const { code, stdout } = await toolgrove([
      "add",
      "files",
      "--env",
      "LEVEL=a=b",
      "--home",
      home.root,
      "--",
      "npx",
      "-y",
      "server-files",
      "--home",
      "/x",
    ]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Added files to ${home.path("servers/mcp.json")}.\n`,
    });
    expect(JSON.parse(home.read("servers/mcp.json"))).toEqual({
      mcpServers: {
        files: { command: "npx", args: ["-y", "server-files", "--home", "/x"], env: { LEVEL: "a=b" } },
      },
    });
    expect(statSync(home.path("servers/mcp.json")).mode & 0o777).toBe(0o600);
  });

  test("an address; comments stay, and a secret stays out of a repository", async () => {
    const home = newFolder({ servers: '{\n  // mine\n  "mcpServers": {}\n}\n' });
    mkdirSync(home.path(".git"));
    const { stderr } = await toolgrove([
      "add",
      "linear",
      "https://mcp.linear.app/mcp",
      "--header",
      "Authorization: Bearer abc",
      "--home",
      home.root,
    ]);
    expect(home.read("servers/mcp.json")).toBe(
      '{\n  // mine\n  "mcpServers": {\n    "linear": {\n      "url": "https://mcp.linear.app/mcp",\n      "headers": {\n        "Authorization": "Bearer ${AUTHORIZATION}"\n      }\n    }\n  }\n}\n',
    );
    expect(stderr).toContain("a secret was written as ${AUTHORIZATION}: set AUTHORIZATION.");
  });

  test.each([
    [["add", "x"], "add needs a name and what to start"],
    [["add", "my server", "x"], '"my server" cannot be a server\'s name'],
    [["add", "memory", "x"], 'There is a server "memory" already: toolgrove remove memory'],
    [["add", "x", "https://a.io", "y"], 'After the address "https://a.io" nothing may follow.'],
    [["add", "x", "https://a.io", "--env", "A=b"], "--env is for a program"],
    [["add", "x", "y", "--header", "A: b"], "--header is for an address"],
    [["add", "x", "y", "--env", "A"], '--env takes NAME=VALUE, not "A".'],
  ])("%j is refused", async (args, message) => {
    const home = newFolder({ servers: { memory: memoryEntry } });
    const { code, stderr } = await toolgrove([...args, "--home", home.root]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe("remove and list", () => {
  test("a server goes with its generated wrappers; the user's file stays", async () => {
    const home = newFolder({ servers: { memory: memoryEntry, other: memoryEntry }, wrappers: "memory" });
    writeFileSync(home.path("servers/memory/mine.ts"), "export const mine = 1;\n");
    const { code, stdout, stderr } = await toolgrove(["remove", "memory", "--home", home.root]);
    expect(stdout).toContain(`Removed memory from ${home.path("servers/mcp.json")}.\n`);
    expect(stdout).toContain("removed servers/memory/openNodes.ts\n");
    expect(stderr).toBe("kept servers/memory/mine.ts, which was not generated\n");
    expect(code).toBe(0);
    expect(existsSync(home.path("servers/memory/openNodes.ts"))).toBe(false);
    expect(existsSync(home.path("servers/memory/mine.ts"))).toBe(true);
    expect(
      Object.keys((JSON.parse(home.read("servers/mcp.json")) as { mcpServers: object }).mcpServers),
    ).toEqual(["other"]);
  });

  test("one that is not there", async () => {
    const home = newFolder({ servers: { memory: memoryEntry } });
    const { code, stderr } = await toolgrove(["remove", "memroy", "--home", home.root]);
    expect(stderr).toContain('has no server "memroy". Did you mean memory?');
    expect(code).toBe(2);
  });

  test("list says the state of each, and starts nothing", async () => {
    const entry = { command: process.execPath, args: [memoryServer] };
    const home = newFolder({
      servers: JSON.stringify({
        mcpServers: {
          memory: entry,
          fresh: entry,
          off: { ...entry, disabled: true },
          odd: { url: "${UNSET_VARIABLE_X}" },
          web: { url: "${UNSET_VARIABLE_X:-https://a.io}/mcp" },
        },
      }),
      wrappers: "memory",
    });
    const [text, json] = await Promise.all([
      toolgrove(["list", "--home", home.root]),
      toolgrove(["list", "--json", "--home", home.root]),
    ]);
    expect(JSON.parse(json.stdout)).toEqual([
      { server: "memory", state: "ready", tools: 9, tokens: expect.any(Number) },
      { server: "fresh", state: "unsynced", tools: null, tokens: null },
      { server: "off", state: "disabled", tools: null, tokens: null },
      { server: "odd", state: "broken", tools: null, tokens: null },
      { server: "web", state: "unsynced", tools: null, tokens: null },
    ]);
    expect(text.stdout).toMatch(/^server  state     tools  tokens\nmemory  ready         9 +\d+\n/);
    expect(text.stdout).toContain("fresh   unsynced      -       -\noff     disabled      -       -\n");
    expect(text.code).toBe(1);
    expect(existsSync(path.join(home.root, "servers/fresh"))).toBe(false);
  });
});
