// One Deno process: started and made ready ahead of time, used for one run, killed. It knows frames, not meanings.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { randomBytes } from "node:crypto";
import { ToolgroveError } from "../../../errors.ts";
import { createFrameDecoder, type Frame } from "../../protocol.ts";
import { NO_CACHE, type Launcher } from "./isolation.ts";
import { capData, processTree, residentBytes } from "./memory.ts";

const START_LIMIT_MS = 10_000;
const STDERR_CHARS = 4_000;

/** A process that is ready for its one run. */
export interface DenoProcess {
  /** Every process of this sandbox, outermost first; empty where that cannot be seen. */
  readonly pids: readonly number[];
  /** Resident memory when idle, in bytes. */
  readonly idleBytes: number;
  /** Whether the operating system itself limits its memory. */
  readonly capped: boolean;
  /** Resolves when the process has gone, with how and with the end of its stderr. */
  readonly exited: Promise<string>;
  send(kind: string, id: number, payload: string): void;
  onFrame(handler: (frame: Frame) => void): void;
  onOversize(handler: () => void): void;
  /** Stops and resumes reading from the process: back-pressure against a guest that floods. */
  pause(): void;
  resume(): void;
  /** SIGKILL to the whole process group. */
  kill(): void;
}

/** What a process is started with. */
export interface DenoProcessOptions {
  readonly launcher: Launcher;
  /** Absolute path of the outer realm's script. */
  readonly realm: string;
  /** Text of the Worker's script. */
  readonly guest: string;
  readonly memoryMb: number;
}

/** Starts Deno and resolves when its Worker has answered. Rejects with code `engine` when it does not within 10 s. */
export async function startDeno(options: DenoProcessOptions): Promise<DenoProcess> {
  const { launcher, realm, memoryMb } = options;
  const flags = [
    ...["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"],
    ...["--unstable-worker-options", `--v8-flags=--max-old-space-size=${memoryMb}`],
  ];
  const [command, ...args] = launcher.command(flags, realm);
  // Its own group, so that one signal ends all of it; an empty environment and `/` give a guest nothing to look at.
  const child = spawn(command, args, {
    cwd: process.platform === "win32" ? undefined : "/",
    env: { DENO_DIR: NO_CACHE, NO_COLOR: "1" },
    stdio: "pipe",
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const wire = connect(child);
  child.stdin.write(`${JSON.stringify({ nonce: wire.nonce, guest: options.guest })}\n`);
  await ready(wire, child);
  const pids = processTree(child.pid ?? 0);
  // Deno itself is the innermost of them: what is around it runs none of the agent's code.
  const deno = pids.at(-1);
  return {
    ...wire,
    pids,
    idleBytes: residentBytes(pids),
    capped: deno !== undefined && (await capData(deno, memoryMb * 1_048_576)),
  };
}

const ignore = (): void => undefined;

type Wire = Omit<DenoProcess, "pids" | "idleBytes" | "capped"> & { readonly nonce: string };

function connect(child: ChildProcessWithoutNullStreams): Wire {
  const nonce = randomBytes(24).toString("base64url");
  let frameHandler: (frame: Frame) => void = ignore;
  let oversizeHandler: () => void = ignore;
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    // The beginning says why it died; a crash report's stack trace follows and would push it out.
    if (stderr.length < STDERR_CHARS) stderr += chunk.toString();
  });
  child.stdout.on(
    "data",
    createFrameDecoder(
      nonce,
      (frame) => frameHandler(frame),
      () => oversizeHandler(),
    ),
  );
  // Writing to a process that has just died is no news: `exited` tells.
  child.stdin.on("error", () => undefined);
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) =>
      resolve(`${signal ?? `exit code ${code}`}. ${stderr.trim()}`.trim()),
    );
  });
  return {
    nonce,
    exited,
    send: (kind, id, payload) => void child.stdin.write(`${kind} ${id} ${payload}\n`),
    onFrame: (handler) => (frameHandler = handler),
    onOversize: (handler) => (oversizeHandler = handler),
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    kill: () => killGroup(child),
  };
}

async function ready(wire: Wire, child: ChildProcessWithoutNullStreams): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it was not ready within ${START_LIMIT_MS / 1_000} s`), START_LIMIT_MS);
    void wire.exited.then(resolve);
  });
  const started = new Promise<undefined>((resolve) =>
    wire.onFrame(({ kind }) => kind === "ready" && resolve(undefined)),
  );
  const reason = await Promise.race([started, failed]);
  clearTimeout(timer);
  if (reason === undefined) return;
  killGroup(child);
  throw new ToolgroveError("engine", `The sandbox did not start: ${reason} Run \`toolgrove doctor\`.`);
}

function killGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
