// Starts the HTTP fixture servers in processes of their own, which end with each test.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterEach } from "vitest";
import { repository } from "./world.ts";

/** A running fixture server. */
export interface HttpFixture {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Gives a starter of servers; call it at the top of a test file. */
export function useHttpFixtures(): (script: string, ...args: readonly string[]) => Promise<HttpFixture> {
  const running: ChildProcess[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((child) => endProcess(child)));
  });
  return async (script, ...args) => {
    const file = path.join(repository, "test/fixtures/servers", `${script}.mjs`);
    const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    running.push(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { port } = JSON.parse(line.toString()) as { port: number };
    return { url: `http://127.0.0.1:${port}/mcp`, child };
  };
}

/** Kills a process that may have ended already. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
