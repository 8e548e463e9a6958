// A home as an MCP client meets it: the built server over stdio, with the heap of each of its threads.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const cli = path.resolve(import.meta.dirname, "../../dist/cli.js");
const STARTING_MS = 1_000;
const PROBE = `import { writeFileSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { threadId } from "node:worker_threads";
const file = new URL("./heap-" + process.pid + "-" + threadId, import.meta.url);
setInterval(() => writeFileSync(file, String(getHeapStatistics().used_heap_size)), 100).unref();
`;

/**
 * Starts `toolgrove serve` on a home; its cache and everything else of the user is under `userDir`.
 *
 * @param isProbed whether the heap is asked for; it costs the process a little
 */
export async function serveHome(root, userDir, isProbed = false) {
  mkdirSync(userDir, { recursive: true });
  const probe = path.join(userDir, "probe.mjs");
  if (isProbed) writeFileSync(probe, PROBE);
  const env = {
    PATH: process.env.PATH,
    HOME: userDir,
    XDG_CACHE_HOME: path.join(userDir, "cache"),
    XDG_CONFIG_HOME: path.join(userDir, "config"),
    ...(isProbed ? { NODE_OPTIONS: `--import=${pathToFileURL(probe).href}` } : {}),
  };
  const args = [cli, "serve", "--home", root];
  const transport = new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" });
  const client = new Client({ name: "bench", version: "1" }, { versionNegotiation: { mode: "legacy" } });
  const startedAt = performance.now();
  await client.connect(transport);
  const initializeMs = performance.now() - startedAt;
  return {
    client,
    startedAt,
    initializeMs,
    async search(query) {
      const { content } = await client.callTool({ name: "search_tools", arguments: { query } });
      return content[0].text;
    },
    /** Megabytes of each thread. */
    heaps() {
      const names = readdirSync(userDir).filter((name) => name.startsWith(`heap-${transport.pid}-`));
      return names.map((name) => Number(readFileSync(path.join(userDir, name), "utf8")) / 1e6);
    },
    close: () => client.close(),
  };
}

/**
 * Asks for a ping every 20 ms; `end()` gives the longest round trips in milliseconds: of those sent while the process still
 * loads its modules, which any start does, and of all after them.
 */
export function pingWhile(client) {
  const longest = { startingMs: 0, afterMs: 0 };
  const over = new AbortController();
  const begun = performance.now();
  const pinging = (async () => {
    while (!over.signal.aborted) {
      const sent = performance.now();
      await client.ping();
      const key = sent - begun < STARTING_MS ? "startingMs" : "afterMs";
      longest[key] = Math.max(longest[key], performance.now() - sent);
      await pause(20);
    }
  })();
  return {
    async end() {
      over.abort();
      await pinging;
      return longest;
    },
  };
}

/** Waits; benches may. */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
