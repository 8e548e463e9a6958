// Where each client keeps its configuration on each system. Pure: it looks at no disk and no environment.
import path from "node:path";

/** What decides the paths: a system, the user's folders, and the folder that is worked in. Paths are absolute. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly userHome: string;
  readonly projectDir: string;
  /** Windows' `APPDATA`. */
  readonly appData?: string | undefined;
  /** `XDG_CONFIG_HOME`. */
  readonly xdgConfig?: string | undefined;
  /** `CLAUDE_CONFIG_DIR`. */
  readonly claudeConfigDir?: string | undefined;
  /** `CODEX_HOME`. */
  readonly codexHome?: string | undefined;
}

/** A user's file holds his own choices; a project's file came with the repository and may be a stranger's. */
export type Scope = "user" | "project";

/** A place where a client may keep its servers. */
export interface Location {
  readonly scope: Scope;
  readonly path: string;
}

/** Joins paths the way the machine writes them, which need not be the machine this runs on. */
export function joinOn({ platform }: Machine, ...parts: readonly string[]): string {
  return (platform === "win32" ? path.win32 : path.posix).join(...parts);
}

/** A file under the user's home. */
export function inUserHome(machine: Machine, ...parts: readonly string[]): Location {
  return { scope: "user", path: joinOn(machine, machine.userHome, ...parts) };
}

/** Where Claude Code looks for the user's own skills. */
export function claudeSkillsFolder(machine: Machine): string {
  return joinOn(machine, machine.claudeConfigDir || joinOn(machine, machine.userHome, ".claude"), "skills");
}

/** A file of the project. */
export function inProject(machine: Machine, ...parts: readonly string[]): Location {
  return { scope: "project", path: joinOn(machine, machine.projectDir, ...parts) };
}

/** A file in the folder where the system's desktop programs keep their settings. */
export function inApplicationData(machine: Machine, ...parts: readonly string[]): Location {
  const { platform, userHome, appData } = machine;
  if (platform === "win32")
    return {
      scope: "user",
      path: joinOn(machine, appData || joinOn(machine, userHome, "AppData", "Roaming"), ...parts),
    };
  if (platform === "darwin") return inUserHome(machine, "Library", "Application Support", ...parts);
  return inXdgConfig(machine, ...parts);
}

/** A file under `XDG_CONFIG_HOME` or `~/.config`, which some programs use on every system. */
export function inXdgConfig(machine: Machine, ...parts: readonly string[]): Location {
  const base = machine.xdgConfig || joinOn(machine, machine.userHome, ".config");
  return { scope: "user", path: joinOn(machine, base, ...parts) };
}
