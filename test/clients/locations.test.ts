// Where each client keeps its servers, on all three systems, computed on one.
import { expect, test } from "vitest";
import type { Machine } from "../../src/clients/locations.ts";
import { CLIENTS } from "../../src/clients/table.ts";

const paths = (machine: Machine): object =>
  Object.fromEntries(
    CLIENTS.map(({ id, locations }) => [id, locations(machine).map(({ scope, path }) => `${scope} ${path}`)]),
  );

test("Linux", () => {
  expect(paths({ platform: "linux", userHome: "/home/ada", projectDir: "/src/app" })).toEqual({
    "claude-code": ["user /home/ada/.claude.json", "project /src/app/.mcp.json"],
    "claude-desktop": ["user /home/ada/.config/Claude/claude_desktop_config.json"],
    cursor: ["user /home/ada/.cursor/mcp.json", "project /src/app/.cursor/mcp.json"],
    vscode: ["user /home/ada/.config/Code/User/mcp.json", "project /src/app/.vscode/mcp.json"],
    windsurf: ["user /home/ada/.codeium/windsurf/mcp_config.json"],
    codex: ["user /home/ada/.codex/config.toml"],
    gemini: ["user /home/ada/.gemini/settings.json", "project /src/app/.gemini/settings.json"],
    opencode: [
      "user /home/ada/.config/opencode/opencode.json",
      "user /home/ada/.config/opencode/opencode.jsonc",
      "project /src/app/opencode.json",
      "project /src/app/opencode.jsonc",
    ],
  });
});

test("macOS", () => {
  const found = paths({ platform: "darwin", userHome: "/Users/ada", projectDir: "/src/app" });
  expect(found).toMatchObject({
    "claude-code": ["user /Users/ada/.claude.json", "project /src/app/.mcp.json"],
    "claude-desktop": ["user /Users/ada/Library/Application Support/Claude/claude_desktop_config.json"],
    vscode: [
      "user /Users/ada/Library/Application Support/Code/User/mcp.json",
      "project /src/app/.vscode/mcp.json",
    ],
    codex: ["user /Users/ada/.codex/config.toml"],
  });
});

test("Windows", () => {
  const machine = { platform: "win32", userHome: "C:\\Users\\ada", projectDir: "D:\\app" } as const;
  expect(paths({ ...machine, appData: "C:\\Users\\ada\\AppData\\Roaming" })).toMatchObject({
    "claude-code": ["user C:\\Users\\ada\\.claude.json", "project D:\\app\\.mcp.json"],
    "claude-desktop": ["user C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json"],
    cursor: ["user C:\\Users\\ada\\.cursor\\mcp.json", "project D:\\app\\.cursor\\mcp.json"],
    vscode: [
      "user C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\mcp.json",
      "project D:\\app\\.vscode\\mcp.json",
    ],
    windsurf: ["user C:\\Users\\ada\\.codeium\\windsurf\\mcp_config.json"],
  });
  expect(paths(machine)).toMatchObject({
    "claude-desktop": ["user C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json"],
  });
});

test("variables of the user move folders", () => {
  const found = paths({
    platform: "linux",
    userHome: "/home/ada",
    projectDir: "/src/app",
    xdgConfig: "/cfg",
    claudeConfigDir: "/claude",
    codexHome: "/codex",
  });
  expect(found).toMatchObject({
    "claude-code": ["user /claude/.claude.json", "project /src/app/.mcp.json"],
    "claude-desktop": ["user /cfg/Claude/claude_desktop_config.json"],
    codex: ["user /codex/config.toml"],
    opencode: [
      "user /cfg/opencode/opencode.json",
      "user /cfg/opencode/opencode.jsonc",
      expect.any(String),
      expect.any(String),
    ],
  });
});
