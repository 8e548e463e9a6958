// What an import does beyond the ordinary: consent, conflicts, Toolgrove's own entry, secrets, backups, broken files.
import { existsSync, mkdirSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { PlannedServer } from "../../src/clients/candidate.ts";
import type { ImportPlan } from "../../src/clients/plan.ts";
import { fixture, SELF, useUsers } from "./world.ts";

const newUser = useUsers();
const json = (servers: object): string => JSON.stringify({ mcpServers: servers }, null, 2);
const memory = { command: "npx", args: ["-y", "server-memory"] };
const serversOf = ({ files }: ImportPlan): PlannedServer[] => files.flatMap(({ servers }) => servers);
const actions = (plan: ImportPlan): string[] =>
  serversOf(plan).map(({ name, action, reason }) => `${action} ${name}${reason ? `: ${reason}` : ""}`);

describe("a repository's file", () => {
  const files = { "project/.mcp.json": json({ memory }), ".cursor/mcp.json": json({ other: memory }) };

  test("gives nothing before its user agrees", async () => {
    const user = newUser(files);
    const { plan } = await user.bringIn();
    expect(actions(plan)).toEqual(["move other", "ask memory: it came with the repository"]);
    expect(Object.keys(user.servers())).toEqual(["other"]);
    expect(user.read("project/.mcp.json")).toBe(files["project/.mcp.json"]);
  });

  test("gives its servers when its user agrees to this file", async () => {
    const user = newUser(files);
    await user.bringIn(["project/.mcp.json"]);
    expect(Object.keys(user.servers())).toEqual(["other", "memory"]);
  });

  test("a relative program keeps the folder it was started in", async () => {
    const user = newUser({ "project/.mcp.json": json({ own: { command: "node", args: ["server.js"] } }) });
    await user.bringIn("all");
    expect(user.servers()).toEqual({
      own: { command: "node", args: ["server.js"], cwd: user.path("project") },
    });
  });

  test("the same file as user's and as project's counts once, as the user's", async () => {
    const user = newUser({ ".cursor/mcp.json": json({ memory }) });
    const { openImport } = await import("../../src/clients/importer.ts");
    const { openHomeServers } = await import("../../src/clients/home-servers.ts");
    const machine = { ...user.machine, projectDir: user.machine.userHome };
    const found = await openImport({ machine, home: await openHomeServers(user.path("home")), self: SELF });
    expect(found.plan(new Set()).files.map(({ scope }) => scope)).toEqual(["user"]);
  });
});

describe("one name in two places", () => {
  test("with one meaning leaves both, and the home has it once", async () => {
    const user = newUser({
      ".cursor/mcp.json": json({ memory }),
      ".codeium/windsurf/mcp_config.json": json({ memory: { ...memory, env: {}, disabled: false } }),
    });
    const { plan } = await user.bringIn();
    expect(actions(plan)).toEqual(["move memory", "same memory: as in Cursor"]);
    expect(user.read(".codeium/windsurf/mcp_config.json")).not.toContain("server-memory");
  });

  test("that the home has already is taken out of the file, or stays when it is another server", async () => {
    const home =
      '{\n  // mine\n  "mcpServers": {\n    "memory": { "command": "npx", "args": ["-y", "server-memory"] }, // best\n    "web": { "command": "mine" }\n  }\n}\n';
    const user = newUser({
      "home/servers/mcp.json": home,
      ".cursor/mcp.json": json({ memory, web: { command: "theirs" }, more: { command: "more" } }),
    });
    const { plan } = await user.bringIn();
    expect(actions(plan)).toEqual([
      "same memory: as in servers/mcp.json",
      'keep web: "web" in servers/mcp.json is another server: rename one of them to bring in both',
      "move more",
    ]);
    expect(user.read("home/servers/mcp.json")).toBe(
      home.replace(
        '"web": { "command": "mine" }',
        '"web": { "command": "mine" },\n    "more": {\n      "command": "more"\n    }',
      ),
    );
  });
});

describe("Toolgrove's own entry", () => {
  const own = (home: string): object => ({
    command: "node",
    args: ["/elsewhere/toolgrove/dist/cli.js", "serve", "--home", home],
  });

  test.each([
    ["by npx", { command: "npx", args: ["-y", "toolgrove@1.2.3"] }],
    ["by its program", { command: "C:\\npm\\toolgrove.cmd", args: [] }],
    ["by this very script", { command: "node", args: [SELF[1]] }],
    ["by its name", { command: "node", args: ["/x/cli.js", "serve"] }],
  ])("is never brought in: known %s", async (how, entry) => {
    const user = newUser({
      ".cursor/mcp.json": json({ [how === "by its name" ? "toolgrove" : "tools"]: entry }),
    });
    const plan = await user.plan();
    expect({ servers: serversOf(plan), entries: plan.entries.size }).toEqual({ servers: [], entries: 0 });
    expect(plan.files[0]).not.toHaveProperty("change");
  });

  test("stays when it serves this home", async () => {
    const user = newUser();
    const entry = own(user.path("home"));
    user.write(".cursor/mcp.json", json({ grove: entry, memory }));
    await user.bringIn();
    expect(JSON.parse(user.read(".cursor/mcp.json"))).toEqual({ mcpServers: { grove: entry } });
  });

  test("is brought up to date, under its name, when it serves another", async () => {
    const user = newUser({ ".cursor/mcp.json": json({ memory, grove: own("/old") }) });
    await user.bringIn();
    expect(JSON.parse(user.read(".cursor/mcp.json"))).toEqual({
      mcpServers: { grove: { command: "node", args: [SELF[1], "serve", "--home", user.path("home")] } },
    });
  });

  test("stands once a client: a project's file needs none beside the user's", async () => {
    const user = newUser({
      ".cursor/mcp.json": json({ memory }),
      "project/.cursor/mcp.json": json({ other: { command: "x" } }),
    });
    await user.bringIn("all");
    expect(user.read(".cursor/mcp.json")).toContain('"toolgrove"');
    expect(JSON.parse(user.read("project/.cursor/mcp.json"))).toEqual({ mcpServers: {} });
  });
});

describe("secrets", () => {
  const files = { ".claude.json": fixture("claude-code-user.json") };
  const token = "ghp_exampleexampleexampleexampleexampl0";

  test("stay out of a home in a git repository; the user is told what to set", async () => {
    const user = newUser(files);
    mkdirSync(user.path(".git"));
    const { plan } = await user.bringIn();
    expect([...plan.variables]).toEqual([["GITHUB_PERSONAL_ACCESS_TOKEN", ["github"]]]);
    expect(user.read("home/servers/mcp.json")).not.toContain(token);
    expect(user.servers()["github"]).toMatchObject({
      env: { GITHUB_PERSONAL_ACCESS_TOKEN: "${GITHUB_PERSONAL_ACCESS_TOKEN}" },
    });
    expect((await user.bringIn()).replaced).toEqual([]);
  });

  test("go as they are into any other home, which only its owner can read", async () => {
    const user = newUser(files);
    await user.bringIn();
    expect(user.read("home/servers/mcp.json")).toContain(token);
    expect(statSync(user.path("home/servers/mcp.json")).mode & 0o777).toBe(0o600);
  });

  test("what VS Code asks for is told as well", async () => {
    const user = newUser({ ".config/Code/User/mcp.json": fixture("vscode.json") });
    expect([...(await user.plan()).variables]).toEqual([["PERPLEXITY_KEY", ["perplexity"]]]);
  });
});

describe("what cannot be taken", () => {
  test.each([
    [{ type: "ws", url: "wss://x" }, "Toolgrove does not speak WebSocket"],
    [{ url: "https://x", oauth: { clientId: "a" } }, 'Toolgrove cannot take over its "oauth"'],
    [{ args: ["x"] }, 'it names neither a program ("command") nor an address ("url")'],
    [{ command: "x", args: "y" }, '"args": Invalid input: expected array, received string'],
  ])("%j stays", async (entry, reason) => {
    const user = newUser({ ".cursor/mcp.json": json({ odd: entry }) });
    const plan = await user.plan();
    expect(actions(plan)).toEqual([`keep odd: ${reason}`]);
  });

  test("a name without a letter or digit", async () => {
    const user = newUser({ ".cursor/mcp.json": json({ "…": memory }) });
    expect(actions(await user.plan())).toEqual(["keep …: its name holds no letter or digit"]);
  });

  test("a broken file, while the others come in", async () => {
    const user = newUser({ ".claude.json": '{\n  "mcpServers": {', ".cursor/mcp.json": json({ memory }) });
    const { plan } = await user.bringIn();
    expect(plan.files.map(({ label, problem }) => [label, problem])).toEqual([
      ["Claude Code", expect.stringMatching(/^line 2 is not valid JSON/)],
      ["Cursor", undefined],
    ]);
    expect(user.servers()).toEqual({ memory });
  });

  test("a file that cannot be cut gives nothing to the home either", async () => {
    const text = 'mcp_servers = { a = { command = "a" }, b = { url = 1 } }\n';
    const user = newUser({ ".codex/config.toml": text });
    const { plan } = await user.bringIn();
    expect(plan.files[0]?.problem).toContain("cannot be cut");
    expect(user.servers()).toEqual({});
    expect(user.read(".codex/config.toml")).toBe(text);
  });

  test("a broken home stops everything", async () => {
    const user = newUser({ "home/servers/mcp.json": "{", ".cursor/mcp.json": json({ memory }) });
    await expect(user.plan()).rejects.toMatchObject({ code: "bad_home" });
  });
});

describe("backups", () => {
  test("an older one is never overwritten", async () => {
    const user = newUser({
      ".cursor/mcp.json": json({ memory }),
      ".cursor/mcp.json.toolgrove-backup": "older",
    });
    const { replaced } = await user.bringIn();
    expect(replaced.map(({ backup }) => backup)).toEqual([user.path(".cursor/mcp.json.toolgrove-backup-2")]);
    expect(user.read(".cursor/mcp.json.toolgrove-backup")).toBe("older");
    expect(user.read(".cursor/mcp.json.toolgrove-backup-2")).toBe(json({ memory }));
  });

  test("a file that another program has changed meanwhile is left alone", async () => {
    const user = newUser({ ".cursor/mcp.json": json({ memory }) });
    const { openImport } = await import("../../src/clients/importer.ts");
    const { openHomeServers } = await import("../../src/clients/home-servers.ts");
    const home = await openHomeServers(user.path("home"));
    const found = await openImport({ machine: user.machine, home, self: SELF });
    user.write(".cursor/mcp.json", "{}");
    await expect(found.apply(found.plan(new Set()))).rejects.toThrow(
      /has just been changed by another program/,
    );
    expect(user.read(".cursor/mcp.json")).toBe("{}");
    expect(existsSync(user.path(".cursor/mcp.json.toolgrove-backup"))).toBe(false);
  });
});
