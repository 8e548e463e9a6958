// `servers/lock.json`: what was accepted, server by server. It writes only what changed, and judges nothing.
import { stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { messageOf, ToolgroveError } from "../errors.ts";
import { inTurn } from "../turn.ts";
import { readText, replaceFiles } from "./files.ts";
import { lockedToolSchema, type LockedTool, type LockedTools } from "./lock.ts";

/** The lock of a home. */
export interface LockFile {
  /** A server's tools; undefined when it has never been synced. Throws `bad_home` when the file cannot be read. */
  readonly tools: (server: string) => Promise<LockedTools | undefined>;
  /** Replaces a server's tools. The same tools are the same bytes, and then nothing is written. */
  readonly update: (server: string, tools: LockedTools) => Promise<void>;
  /** Removes a server, as if it had never been synced. */
  readonly forget: (server: string) => Promise<void>;
}

const FILE = "lock.json";
const VERSION = 1;

type Servers = ReadonlyMap<string, LockedTools>;
type Change = (servers: Map<string, LockedTools>) => void;

/** The file as it was seen last; `text` is undefined when there was none. */
interface Seen {
  readonly stamp: string;
  readonly text: string | undefined;
  readonly servers: Servers;
}

/** Opens the lock in a home's `servers/`; it need not be there yet. The file is read again when it has changed. */
export function openLock(serversDir: string): LockFile {
  const file = path.join(serversDir, FILE);
  let seen: Seen | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  /** Parsed only where the text is another one: with thousands of tools that costs tens of milliseconds. */
  async function read(): Promise<Seen> {
    const stamp = await stampOf(file);
    const text = await readText(file);
    const servers = seen && seen.text === text ? seen.servers : parseServers(file, text);
    const now = { stamp, text, servers };
    seen = now;
    return now;
  }

  async function current(): Promise<Seen> {
    const stamp = await stampOf(file);
    return seen?.stamp === stamp ? seen : read();
  }

  /** What the file would hold after the change; undefined when that is what it holds. */
  async function rewritten(change: Change): Promise<{ text: string; servers: Servers } | undefined> {
    const before = await read();
    const after = new Map(before.servers);
    change(after);
    const text = textOf(after);
    const isSame = text === before.text || (before.text === undefined && after.size === 0);
    return isSame ? undefined : { text, servers: after };
  }

  /** Other processes wait for their turn meanwhile: each change starts from what the one before it left. */
  async function write(change: Change): Promise<void> {
    if ((await rewritten(change)) === undefined) return;
    await inTurn(serversDir, async () => {
      const after = await rewritten(change);
      if (!after) return;
      await replaceFiles(serversDir, [{ file: FILE, text: after.text }]);
      seen = { ...after, stamp: await stampOf(file) };
    });
  }

  function rewrite(change: Change): Promise<void> {
    const written = writing.then(() => write(change));
    writing = written.catch(() => undefined);
    return written;
  }

  return {
    tools: async (server) => (await current()).servers.get(server),
    update: (server, tools) => rewrite((all) => void all.set(server, tools)),
    forget: (server) => rewrite((all) => void all.delete(server)),
  };
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "none";
  }
}

const fileSchema = z.object({
  version: z.literal(VERSION),
  servers: z.record(z.string(), z.unknown()),
});

function parseServers(file: string, text: string | undefined): Servers {
  if (text === undefined) return new Map();
  try {
    const { servers } = fileSchema.parse(JSON.parse(text));
    return new Map(Object.entries(servers).map(([server, tools]) => [server, readTools(tools)]));
  } catch (error) {
    throw new ToolgroveError(
      "bad_home",
      `${file} cannot be read: ${firstLine(messageOf(error))}. Restore it, or remove it to accept whatever the servers say at the next sync.`,
    );
  }
}

/** Entry by entry: as a record, a tool called `__proto__` would be lost. */
function readTools(tools: unknown): LockedTools {
  if (typeof tools !== "object" || tools === null) throw new Error("a server's tools are not an object");
  return new Map(Object.entries(tools).map(([tool, locked]) => [tool, lockedToolSchema.parse(locked)]));
}

function textOf(servers: Servers): string {
  const object = byName(servers, (tools) => byName(tools, (tool: LockedTool) => tool));
  return `${JSON.stringify({ version: VERSION, servers: object }, null, 2)}\n`;
}

function byName<T>(map: ReadonlyMap<string, T>, write: (value: T) => unknown): object {
  const names = [...map.keys()].toSorted();
  return Object.fromEntries(names.map((name) => [name, write(map.get(name) as T)]));
}

function firstLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 200);
}
