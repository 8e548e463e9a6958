// One child process and everything it starts: spawned as a group, ended as a group. It knows nothing of MCP.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import spawn from "cross-spawn";

/** What to run. Nothing of our own environment is added. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A running group of processes. */
export interface ProcessTree {
  readonly child: ChildProcessWithoutNullStreams;
  /** Settles when the first process is gone (or could not be started); what it left behind is killed then. */
  readonly gone: Promise<void>;
  /** Ends the group: closes stdin, after `graceMs` SIGTERM, after `graceMs` more SIGKILL. Resolves when it is gone. */
  end(graceMs: number): Promise<void>;
}

const onWindows = process.platform === "win32";

/** Starts a command as a process group of its own. Failures to start arrive as the child's `error` event. */
export function startProcessTree(command: Command): ProcessTree {
  // cross-spawn finds `npx.cmd` and the like on Windows; its types do not know that all three streams are pipes.
  const child = spawn(command.command, [...command.args], {
    cwd: command.cwd,
    env: command.env,
    detached: !onWindows,
    windowsHide: true,
  }) as ChildProcessWithoutNullStreams;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => {
      // A child of the server must not outlive it, also when the server crashed.
      signalTree(child, "SIGKILL");
      resolve();
    });
    child.once("error", () => {
      if (child.pid === undefined) resolve();
    });
  });
  return { child, gone, end: (graceMs) => endTree(child, gone, graceMs) };
}

async function endTree(
  child: ChildProcessWithoutNullStreams,
  gone: Promise<void>,
  graceMs: number,
): Promise<void> {
  child.stdin.end();
  if (await settlesWithin(gone, graceMs)) return;
  signalTree(child, "SIGTERM");
  if (await settlesWithin(gone, graceMs)) return;
  signalTree(child, "SIGKILL");
  await gone;
}

function signalTree(child: ChildProcessWithoutNullStreams, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (onWindows) {
    spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { windowsHide: true }).on("error", () =>
      child.kill(),
    );
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: nobody of the group is left, which is what we want.
  }
}

/** True when the promise settles within the time. */
export async function settlesWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
