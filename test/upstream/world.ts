// What the tests of this folder share: server entries, a temp folder and upstreams that end with each test.
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { ServerEntry } from "../../src/home.ts";
import type { SaveMedia } from "../../src/upstream/media.ts";
import { createUpstreams, type Upstreams } from "../../src/upstream/upstreams.ts";

export const clientInfo = { name: "test", version: "1.0.0" };
export const repository = path.resolve(import.meta.dirname, "../..");
export const memoryServer = path.join(
  repository,
  "node_modules/@modelcontextprotocol/server-memory/dist/index.js",
);

type StdioTransport = Extract<ServerEntry["transport"], { kind: "stdio" }>;
type Changes = Partial<StdioTransport> &
  Pick<ServerEntry, "timeoutMs" | "concurrency" | "protocol" | "startTimeoutMs">;

/** The entry of a server that `node` runs. */
export function entry(name: string, script: string, changes: Changes = {}): ServerEntry {
  const { timeoutMs, concurrency, protocol, startTimeoutMs, args = [], ...transport } = changes;
  return {
    name,
    transport: {
      kind: "stdio",
      command: process.execPath,
      args: [script, ...args],
      env: {},
      cwd: repository,
      ...transport,
    },
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(concurrency !== undefined && { concurrency }),
    ...(protocol !== undefined && { protocol }),
    ...(startTimeoutMs !== undefined && { startTimeoutMs }),
  };
}

/** The entry of a fixture server, named like its file. */
export function fixture(name: string, changes: Changes = {}): ServerEntry {
  return entry(name, path.join(repository, "test/fixtures/servers", `${name}.mjs`), changes);
}

/** Registers set-up and clean-up; call it at the top of a test file. */
export function useWorld() {
  const opened: Upstreams[] = [];
  const logged: string[] = [];
  const log = (line: string): void => void logged.push(line);
  const changed: string[] = [];
  let folder = "";
  const saveMedia: SaveMedia = async (bytes, mimeType, name) => {
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    return { path: name, mimeType, bytes: bytes.length };
  };

  beforeEach(async () => {
    logged.length = 0;
    changed.length = 0;
    folder = await mkdtemp(path.join(tmpdir(), "upstream-"));
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((upstreams) => upstreams.close()));
    await rm(folder, { recursive: true, force: true });
  });

  return {
    logged,
    /** The servers that said their tools had changed, a name for each report. */
    changed,
    file: (name: string): string => path.join(folder, name),
    open(servers: readonly ServerEntry[], startLimitMs = 20_000): Upstreams {
      const upstreams = createUpstreams({
        servers,
        clientInfo,
        log,
        startLimitMs,
        credentialsDir: path.join(folder, "oauth"),
        saveMedia,
        onToolsChanged: (server) => void changed.push(server),
      });
      opened.push(upstreams);
      return upstreams;
    },
    /** The `timing` server and the events it records. */
    timing(changes: Changes = {}) {
      const events = path.join(folder, "events");
      const upstreams = this.open([fixture("timing", { env: { EVENTS_FILE: events }, ...changes })]);
      return {
        upstreams,
        events: async (): Promise<string[]> => {
          const text = await readFile(events, "utf8").catch(() => "");
          return text.split("\n").filter(Boolean);
        },
      };
    },
  };
}

/** The context of a call that nobody cancels, or of one that the signal cancels. */
export function context(signal: AbortSignal = new AbortController().signal) {
  return { signal, executionId: "test" };
}

/** What the promise rejects with; fails the test when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) return outcome.error;
  throw new Error(`expected a rejection, got ${JSON.stringify(outcome.value)}`);
}

/** Asks until the answer is true, for at most ten seconds. */
export async function eventually(question: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await question()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not come true within ten seconds");
}

/** False also for a process that has ended and waits for a lazy parent to notice. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
