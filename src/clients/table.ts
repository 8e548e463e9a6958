// The clients that are known: one row each. What a row says was taken from the client's documentation.
import {
  opencodeLaunch,
  ordinaryLaunch,
  translateCodex,
  translateGemini,
  translateOpencode,
  translateOrdinary,
  translateWindsurf,
  typedLaunch,
  type Launch,
  type RawEntry,
  type Translate,
} from "./dialects.ts";
import {
  inApplicationData,
  inProject,
  inUserHome,
  inXdgConfig,
  joinOn,
  type Location,
  type Machine,
} from "./locations.ts";
import type { VariableStyle } from "./variables.ts";

/** Everything about one client. */
export interface ClientRow {
  /** What `--client` takes. */
  readonly id: string;
  readonly label: string;
  readonly format: "json" | "toml";
  /** The top-level key of its servers. */
  readonly key: string;
  /** The key of a record from project folder to further servers, each under `key`. */
  readonly projectsKey?: string;
  readonly variables: VariableStyle;
  readonly locations: (machine: Machine) => readonly Location[];
  readonly translate: Translate;
  readonly launch: (launch: Launch) => RawEntry;
}

const ordinary = {
  format: "json",
  key: "mcpServers",
  translate: translateOrdinary,
  launch: ordinaryLaunch,
} as const;

/** All clients, in the order in which a server that several of them have is taken. */
export const CLIENTS: readonly ClientRow[] = [
  {
    ...ordinary,
    id: "claude-code",
    label: "Claude Code",
    projectsKey: "projects",
    variables: "shell",
    locations: (machine) => [
      machine.claudeConfigDir
        ? { scope: "user", path: joinOn(machine, machine.claudeConfigDir, ".claude.json") }
        : inUserHome(machine, ".claude.json"),
      inProject(machine, ".mcp.json"),
    ],
  },
  {
    ...ordinary,
    id: "claude-desktop",
    label: "Claude Desktop",
    variables: "none",
    locations: (machine) => [inApplicationData(machine, "Claude", "claude_desktop_config.json")],
  },
  {
    ...ordinary,
    id: "cursor",
    label: "Cursor",
    variables: "editor",
    locations: (machine) => [
      inUserHome(machine, ".cursor", "mcp.json"),
      inProject(machine, ".cursor", "mcp.json"),
    ],
  },
  {
    ...ordinary,
    id: "vscode",
    label: "VS Code",
    key: "servers",
    variables: "editor",
    locations: (machine) => [
      inApplicationData(machine, "Code", "User", "mcp.json"),
      inProject(machine, ".vscode", "mcp.json"),
    ],
    launch: typedLaunch,
  },
  {
    ...ordinary,
    id: "windsurf",
    label: "Windsurf",
    variables: "editor",
    locations: (machine) => [inUserHome(machine, ".codeium", "windsurf", "mcp_config.json")],
    translate: translateWindsurf,
  },
  {
    id: "codex",
    label: "Codex",
    format: "toml",
    key: "mcp_servers",
    variables: "none",
    locations: (machine) => [
      machine.codexHome
        ? { scope: "user", path: joinOn(machine, machine.codexHome, "config.toml") }
        : inUserHome(machine, ".codex", "config.toml"),
    ],
    translate: translateCodex,
    launch: ordinaryLaunch,
  },
  {
    ...ordinary,
    id: "gemini",
    label: "Gemini CLI",
    variables: "dollar",
    locations: (machine) => [
      inUserHome(machine, ".gemini", "settings.json"),
      inProject(machine, ".gemini", "settings.json"),
    ],
    translate: translateGemini,
  },
  {
    id: "opencode",
    label: "opencode",
    format: "json",
    key: "mcp",
    variables: "braces",
    locations: (machine) => [
      ...["opencode.json", "opencode.jsonc"].map((file) => inXdgConfig(machine, "opencode", file)),
      ...["opencode.json", "opencode.jsonc"].map((file) => inProject(machine, file)),
    ],
    translate: translateOpencode,
    launch: opencodeLaunch,
  },
];
