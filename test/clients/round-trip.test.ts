// Real configuration files come in: each is changed only where it must be, its backup is the original, and a second time
// nothing changes any more.
import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fixture, useUsers, type TestUser } from "./world.ts";

const newUser = useUsers();

/** Our entry, printed at the depth of the file's servers. */
const own = (user: TestUser, indent: string, unit = indent.slice(indent.length / 2)): string =>
  JSON.stringify(
    { command: "node", args: ["/opt/toolgrove/cli.js", "serve", "--home", user.path("home")] },
    null,
    unit,
  ).replaceAll("\n", `\n${indent}`);

/** The text between two marks, the first included. */
function between(text: string, from: string, to: string): string {
  return text.slice(text.indexOf(from), text.indexOf(to));
}

interface Case {
  readonly client: string;
  readonly file: string;
  readonly text: string;
  /** The text as it must be afterwards. */
  readonly after: (text: string, user: TestUser) => string;
  /** Entries of the home afterwards. */
  readonly servers: (user: TestUser) => object;
}

const crlf = (text: string): string => text.replaceAll("\n", "\r\n");

const CASES: readonly Case[] = [
  {
    client: "Claude Code",
    file: ".claude.json",
    text: fixture("claude-code-user.json"),
    after: (text, user) =>
      text
        .replace(between(text, '"github": {', '"sentry"'), `"toolgrove": ${own(user, "    ", "  ")}\n    `)
        .replace(/ {4}"sentry": .*\n/, "")
        .replace(between(text, '        "warehouse"', '      },\n      "hasTrust'), ""),
    servers: () => ({
      github: {
        command: "npx",
        args: ["-y", "@modelcontextprotocol/server-github"],
        env: { GITHUB_PERSONAL_ACCESS_TOKEN: "ghp_exampleexampleexampleexampleexampl0" },
      },
      sentry: { url: "https://mcp.sentry.dev/mcp", headers: { "X-Region": "eu" } },
      warehouse: {
        command: "node",
        args: ["./tools/warehouse.mjs"],
        env: { DATABASE_URL: "${WAREHOUSE_URL:-postgres://localhost/warehouse}" },
        cwd: "/home/ada/analytics",
      },
    }),
  },
  {
    client: "Claude Code, project",
    file: "project/.mcp.json",
    text: fixture("claude-code-project.json"),
    after: (text, user) =>
      text.replace(between(text, '"playwright"', "\n\t}\n}"), `"toolgrove": ${own(user, "\t\t", "\t")}`),
    servers: () => ({
      playwright: { command: "npx", args: ["@playwright/mcp@latest"] },
      docs: { type: "sse", url: "${DOCS_URL}/sse", headers: { Authorization: "Bearer ${DOCS_TOKEN}" } },
    }),
  },
  {
    client: "Claude Desktop",
    file: ".config/Claude/claude_desktop_config.json",
    text: fixture("claude-desktop.json"),
    after: (text, user) =>
      text.replace(
        between(text, '"filesystem"', '},"globalShortcut"'),
        `"toolgrove": ${JSON.stringify(JSON.parse(own(user, "")))}`,
      ),
    servers: () => ({
      filesystem: {
        command: "npx",
        args: ["-y", "@modelcontextprotocol/server-filesystem", "/Users/ada/Documents"],
      },
      "My-Notes": {
        command: "uvx",
        args: ["mcp-obsidian"],
        env: { OBSIDIAN_API_KEY: "8f2b6c1d9e4a7053b8f2b6c1d9e4a705" },
      },
    }),
  },
  {
    client: "Cursor",
    file: ".cursor/mcp.json",
    text: fixture("cursor.json"),
    after: (text, user) =>
      text
        .replace(between(text, '"linear"', ",\n    // the house"), `"toolgrove": ${own(user, "    ", "  ")}`)
        .replace(between(text, '    "house"', "    // needs a file"), ""),
    servers: (user) => ({
      linear: { url: "https://mcp.linear.app/mcp" },
      house: {
        command: "python",
        args: ["-m", "house_mcp", "--home", user.path("house")],
        env: { HOUSE_TOKEN: "${HOUSE_TOKEN}" },
      },
    }),
  },
  {
    client: "VS Code",
    file: ".config/Code/User/mcp.json",
    text: crlf(fixture("vscode.json")),
    after: (text, user) =>
      text.replace(
        between(text, '"perplexity"', "\r\n    }\r\n}"),
        crlf(
          `"toolgrove": ${own(user, "        ", "    ").replace('"command"', '"type": "stdio",\n            "command"')}`,
        ),
      ),
    servers: () => ({
      perplexity: {
        command: "npx",
        args: ["-y", "server-perplexity-ask"],
        env: { PERPLEXITY_API_KEY: "${PERPLEXITY_KEY}" },
      },
      context7: { url: "https://mcp.context7.com/mcp" },
    }),
  },
  {
    client: "Windsurf",
    file: ".codeium/windsurf/mcp_config.json",
    text: fixture("windsurf.json"),
    after: (text, user) =>
      text.replace(between(text, '"figma"', "\n  }\n}"), `"toolgrove": ${own(user, "    ", "  ")}`),
    servers: () => ({
      figma: {
        url: "https://mcp.figma.com/mcp",
        headers: { API_KEY: "Bearer ${AUTH_TOKEN}" },
        exclude: ["delete_file"],
      },
      old: { command: "old-server", disabled: true },
    }),
  },
  {
    client: "Codex",
    file: ".codex/config.toml",
    text: fixture("codex.toml"),
    after: (text, user) =>
      text
        .replace(
          between(text, "[mcp_servers.context7]", "# Figma"),
          `[mcp_servers.toolgrove]\ncommand = "node"\nargs = [ "/opt/toolgrove/cli.js", "serve", "--home", "${user.path("home")}" ]\n\n`,
        )
        .replace(between(text, "[mcp_servers.figma]", "[profiles"), "\n"),
    servers: () => ({
      context7: {
        command: "npx",
        args: ["-y", "@upstash/context7-mcp"],
        env: { LOCAL: "1" },
        startTimeout: 20_000,
      },
      figma: {
        url: "https://mcp.figma.com/mcp",
        headers: { "X-Figma-Region": "us-east-1", Authorization: "Bearer ${FIGMA_OAUTH_TOKEN}" },
      },
      "quoted-name": {
        command: "C:\\Tools\\server.exe",
        args: ["multi [line]\n"],
        env: { HOME_DIR: "${HOME_DIR}" },
        include: ["open", "screenshot"],
        timeout: 45_000,
        disabled: true,
      },
    }),
  },
  {
    client: "Gemini CLI",
    file: ".gemini/settings.json",
    text: fixture("gemini.json"),
    after: (text, user) =>
      text.replace(between(text, '"python"', '\n  },\n  "ui"'), `"toolgrove": ${own(user, "    ", "  ")}`),
    servers: () => ({
      python: {
        command: "python",
        args: ["-m", "my_mcp_server"],
        cwd: "/srv/python",
        env: { API_KEY: "${MY_API_TOKEN}" },
        timeout: 15_000,
        include: ["safe_tool"],
      },
      remote: { url: "http://localhost:3000/mcp" },
    }),
  },
  {
    client: "opencode",
    file: ".config/opencode/opencode.jsonc",
    text: fixture("opencode.jsonc"),
    after: (text, user) =>
      text.replace(
        between(text, '"everything"', ",\n    // read"),
        `"toolgrove": ${JSON.stringify(
          {
            type: "local",
            command: ["node", "/opt/toolgrove/cli.js", "serve", "--home", user.path("home")],
            enabled: true,
          },
          null,
          "  ",
        ).replaceAll("\n", "\n    ")}`,
      ),
    servers: () => ({
      everything: {
        command: "npx",
        args: ["-y", "@modelcontextprotocol/server-everything"],
        env: { LEVEL: "${LEVEL}" },
      },
      grep: { url: "https://mcp.grep.app", disabled: true },
    }),
  },
];

describe.each(CASES)("$client", ({ file, text, after, servers }) => {
  test("comes in, and only its entries change", async () => {
    const user = newUser({ [file]: text });
    const { replaced } = await user.bringIn("all");
    expect(user.read(file)).toBe(after(text, user));
    expect(user.servers()).toEqual(servers(user));
    expect(replaced).toEqual([{ path: user.path(file), backup: user.path(`${file}.toolgrove-backup`) }]);
    expect(user.read(`${file}.toolgrove-backup`)).toBe(text);
  });

  test("a second time changes nothing", async () => {
    const user = newUser({ [file]: text });
    await user.bringIn("all");
    const [once, home] = [user.read(file), user.read("home/servers/mcp.json")];
    const { plan, replaced } = await user.bringIn("all");
    expect({ replaced, entries: [...plan.entries] }).toEqual({ replaced: [], entries: [] });
    expect([user.read(file), user.read("home/servers/mcp.json")]).toEqual([once, home]);
  });
});

test("all clients at once: the first definition of a name wins, and only it leaves its file", async () => {
  const user = newUser(Object.fromEntries(CASES.map(({ file, text }) => [file, text])));
  const { plan } = await user.bringIn("all");
  const kept = plan.files.flatMap(({ label, servers }) =>
    servers
      .filter(({ action }) => action === "keep")
      .map(({ name, reason }) => `${label} ${name}: ${reason}`),
  );
  expect(kept).toEqual([
    'Cursor vault: Toolgrove cannot take over its "envFile"',
    'Codex context7: "context7" in VS Code is another server: rename one of them to bring in both',
    'Codex figma: "figma" in Windsurf is another server: rename one of them to bring in both',
    "opencode secretive: it reads a file ({file:~/.token}), which only this client does",
  ]);
  expect(user.read(".codex/config.toml")).toContain("[mcp_servers.figma]");
  expect(user.read("project/.mcp.json")).toBe('{\n\t"mcpServers": {\n\t}\n}\n');
});

test("a link is followed, and the mode of a file stays", async () => {
  const user = newUser({ "dotfiles/cursor.json": fixture("cursor.json"), ".cursor/keep": "" });
  const { chmodSync, lstatSync, symlinkSync } = await import("node:fs");
  chmodSync(user.path("dotfiles/cursor.json"), 0o640);
  symlinkSync(user.path("dotfiles/cursor.json"), user.path(".cursor/mcp.json"));
  await user.bringIn();
  expect(lstatSync(user.path(".cursor/mcp.json")).isSymbolicLink()).toBe(true);
  expect(user.read("dotfiles/cursor.json")).toContain('"toolgrove"');
  expect(statSync(user.path("dotfiles/cursor.json")).mode & 0o777).toBe(0o640);
});
