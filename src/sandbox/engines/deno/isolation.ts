// Which walls can be built around Deno on this machine: found out once by trying, reported, never assumed.
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { promisify } from "node:util";
import path from "node:path";
import { messageOf, ToolgroveError } from "../../../errors.ts";

const run = promisify(execFile);

/** How to start Deno: alone, or inside bubblewrap. */
export interface Launcher {
  readonly bubblewrap: boolean;
  /** Why there is no bubblewrap; empty when there is. */
  readonly reason: string;
  /** The command line that runs `script` (an absolute path) under Deno with `flags`. */
  command(flags: readonly string[], script: string): readonly [command: string, ...args: string[]];
}

/** Where Deno must not find a cache folder: nothing a guest stores may outlive its process. */
export const NO_CACHE: string = path.join(os.devNull, "none");

/** The Deno binary of the npm package. It works whether or not npm was allowed to run install scripts. */
export function findDeno(): string {
  const require = createRequire(import.meta.url);
  const target =
    process.platform === "linux" ? `linux-${process.arch}-glibc` : `${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(require.resolve("deno/package.json")).resolve(
      `@deno/${target}/package.json`,
    );
    return path.join(path.dirname(manifest), process.platform === "win32" ? "deno.exe" : "deno");
  } catch (error) {
    throw new ToolgroveError(
      "engine",
      `The sandbox engine is missing: there is no package @deno/${target}. Run npm install again without --omit=optional.`,
      { cause: error },
    );
  }
}

/**
 * Tries bubblewrap with a real Deno start and returns the strongest launcher that works.
 *
 * @param use `auto` takes bubblewrap when the trial works; `off` never takes it.
 */
export async function chooseLauncher(deno: string, use: "auto" | "off"): Promise<Launcher> {
  const plain = (reason: string): Launcher => ({
    bubblewrap: false,
    reason,
    command: (flags, script) => [deno, ...flags, script],
  });
  if (use === "off") return plain("it is switched off");
  if (process.platform !== "linux") return plain(`it exists only on Linux, and this is ${process.platform}`);
  const launcher: Launcher = {
    bubblewrap: true,
    reason: "",
    command: (flags, script) => ["bwrap", ...walls(deno, script), "/deno", ...flags, inside(script)],
  };
  const [command, ...args] = launcher.command(["--version"], deno);
  try {
    await run(command, args, { timeout: 5_000, env: {}, cwd: "/" });
    return launcher;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return plain(
      missing ? "bwrap is not installed (Debian and Ubuntu: apt-get install bubblewrap)" : firstLine(error),
    );
  }
}

/** An empty read-only root with the system's libraries, Deno and one script in it; no network, no other process. */
function walls(deno: string, script: string): string[] {
  return [
    ...["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"],
    ...["--setenv", "DENO_DIR", NO_CACHE, "--setenv", "NO_COLOR", "1"],
    ...["/usr/lib", "/usr/lib64", "/lib", "/lib64"].flatMap(mountLibrary),
    // Deno aborts without /proc/self/exe. The guest has no read permission for any of it.
    ...["--proc", "/proc", "--dev", "/dev", "--ro-bind", deno, "/deno", "--ro-bind", script, inside(script)],
    ...["--remount-ro", "/", "--chdir", "/", "--"],
  ];
}

/** The script's name inside the walls; its ending tells Deno whether it is TypeScript. */
function inside(script: string): string {
  return `/realm${path.extname(script)}`;
}

function mountLibrary(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return lstatSync(folder).isSymbolicLink()
    ? ["--symlink", readlinkSync(folder), folder]
    : ["--ro-bind", folder, folder];
}

function firstLine(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return `a trial run failed: ${(stderr || messageOf(error)).split("\n")[0]}`;
}
