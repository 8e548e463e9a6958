// A process tree's memory, seen and limited from outside. On Linux through /proc; elsewhere only the engine's own heap
// limit applies, and the isolation report says so.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
const PAGE_BYTES = 4_096;

/** Whether this system lets us see and cap the memory of another process. */
export const CAN_WATCH_MEMORY: boolean = process.platform === "linux";

/** `pid` and all its descendants; an empty list where that cannot be seen. */
export function processTree(pid: number): number[] {
  const children = readProc(`/proc/${pid}/task/${pid}/children`);
  if (children === undefined) return [];
  const ids = children.split(" ").filter(Boolean).map(Number);
  return [pid, ...ids.flatMap(processTree)];
}

/** Resident memory of the processes together, in bytes; 0 for those that are gone. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce(
    (sum, pid) => sum + Number(readProc(`/proc/${pid}/statm`)?.split(" ")[1] ?? 0) * PAGE_BYTES,
    0,
  );
}

/**
 * Lets the process map at most `extraBytes` of data beyond what it maps now (RLIMIT_DATA through util-linux `prlimit`).
 * A fixed limit cannot serve: Deno maps about 1.1 GB at start, nearly all of it never touched.
 *
 * @returns whether the limit is in force.
 */
export async function capData(pid: number, extraBytes: number): Promise<boolean> {
  const mapped = /VmData:\s+(\d+) kB/.exec(readProc(`/proc/${pid}/status`) ?? "")?.[1];
  if (mapped === undefined) return false;
  const limit = Number(mapped) * 1_024 + extraBytes;
  const args = ["--pid", String(pid), `--data=${limit}:${limit}`, "--core=0:0", "--fsize=0:0"];
  return run("prlimit", args).then(
    () => true,
    () => false,
  );
}

/** Calls `onExceeded` once when the processes hold more than `limitBytes`. Returns the function that stops watching. */
export function watchMemory(pids: readonly number[], limitBytes: number, onExceeded: () => void): () => void {
  if (pids.length === 0) return () => undefined;
  const timer = setInterval(() => {
    if (residentBytes(pids) <= limitBytes) return;
    clearInterval(timer);
    onExceeded();
  }, 20);
  return () => clearInterval(timer);
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
