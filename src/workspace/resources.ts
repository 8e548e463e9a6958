// The workspace's files as resources: addresses, types, contents, changes. It knows no protocol.
import { lstat } from "node:fs/promises";
import path from "node:path";
import { ToolgroveError } from "../errors.ts";
import { typeOf } from "./mime.ts";
import { fileExists, listFiles, readPiece, versionOf } from "./reading.ts";
import type { Workspace } from "./workspace.ts";

/** One file that can be read as a resource. */
export interface FileResource {
  /** `workspace:///reports/today.json`, percent-encoded. */
  readonly uri: string;
  /** Path in the workspace. */
  readonly name: string;
  readonly mimeType: string;
  /** In bytes. */
  readonly size: number;
  /** ISO 8601. */
  readonly modified: string;
}

/** What a resource holds: text, or bytes as base64. */
export type ResourceContents = { readonly uri: string; readonly mimeType: string } & (
  | { readonly text: string }
  | { readonly blob: string }
);

/** What has changed since the last look. */
export interface ResourceChanges {
  /** Files that were written or removed. */
  readonly updated: readonly string[];
  /** Whether there are other files than before. */
  readonly isListChanged: boolean;
}

/** Files of the workspace as resources. */
export interface Resources {
  list(): Promise<FileResource[]>;
  /** Undefined when there is no such file. Rejects with code `workspace` for a refused path or one that is too large. */
  read(uri: string): Promise<ResourceContents | undefined>;
  /**
   * Calls `onChange` with what this process changes, and with `isThorough` also with what others do, which costs a look at
   * the folder each second. Resolves, once changes are noticed, with the function that ends it.
   */
  watch(onChange: (changes: ResourceChanges) => void, isThorough: boolean): Promise<() => void>;
}

const SCHEME = "workspace:///";
/** What a client takes into its memory at once; code reads larger files. */
const MAX_BYTES = 4 * 1_048_576;
/** Changes that come together are told together. */
const SETTLE_MS = 50;
const LOOK_EVERY_MS = 1_000;
/** Looking takes at most this share of the time. */
const MAX_SHARE = 0.05;

/** Makes them; nothing is looked at before it is asked for. */
export function createResources(workspace: Workspace): Resources {
  const { root } = workspace;
  return {
    async list() {
      const states = await look(root);
      return [...states].map(([name, { size, modified }]) => ({
        uri: toUri(name),
        name,
        mimeType: typeOf(name) ?? "application/octet-stream",
        size,
        modified,
      }));
    },
    async read(uri) {
      const file = toPath(uri);
      if (file === undefined || !(await fileExists(root, file))) return undefined;
      return { uri, ...(await readContents(root, file)) };
    },
    watch: (onChange, isThorough) => watch(workspace, { onChange, isThorough }),
  };
}

function toUri(file: string): string {
  return SCHEME + file.split("/").map(encodeURIComponent).join("/");
}

function toPath(uri: string): string | undefined {
  if (!uri.startsWith(SCHEME)) return undefined;
  try {
    return decodeURIComponent(uri.slice(SCHEME.length));
  } catch {
    return undefined;
  }
}

async function readContents(
  root: string,
  file: string,
): Promise<{ mimeType: string; text: string } | { mimeType: string; blob: string }> {
  const { data, bytes } = await readPiece(root, file, { start: 0, length: MAX_BYTES, encoding: "base64" });
  if (bytes > MAX_BYTES) {
    throw new ToolgroveError(
      "workspace",
      `${JSON.stringify(file)} has ${bytes} bytes; ${MAX_BYTES / 1_048_576} MB is the most for one resource. Read it with execute_code.`,
    );
  }
  const content = Buffer.from(data, "base64");
  const text = content.toString("utf8");
  const isText = !text.includes("\0") && Buffer.from(text, "utf8").equals(content);
  if (isText) return { mimeType: typeOf(file) ?? "text/plain", text };
  return { mimeType: typeOf(file) ?? "application/octet-stream", blob: data };
}

interface FileState {
  readonly size: number;
  readonly modified: string;
  readonly version: string;
}

/** The state of every file. */
async function look(root: string): Promise<Map<string, FileState>> {
  const states = new Map<string, FileState>();
  // Some at a time: a folder of many files must not fill the queue of the file system.
  const names = await listFiles(root, "**").catch(() => []);
  for (let at = 0; at < names.length; at += 256) {
    await Promise.all(
      names.slice(at, at + 256).map(async (name) => {
        const facts = await lstat(path.join(root, name), { bigint: true }).catch(() => undefined);
        if (!facts) return;
        const modified = facts.mtime.toISOString();
        states.set(name, { size: Number(facts.size), modified, version: versionOf(facts) });
      }),
    );
  }
  return new Map([...states].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface WatchOptions {
  readonly onChange: (changes: ResourceChanges) => void;
  readonly isThorough: boolean;
}

async function watch(workspace: Workspace, { onChange, isThorough }: WatchOptions): Promise<() => void> {
  let before = await look(workspace.root);
  let timer: NodeJS.Timeout | undefined;
  let isEnded = false;
  let restMs = LOOK_EVERY_MS;

  async function compare(): Promise<void> {
    const started = performance.now();
    const now = await look(workspace.root);
    const changes = difference(before, now);
    before = now;
    restMs = Math.max(LOOK_EVERY_MS, (performance.now() - started) / MAX_SHARE);
    if (isEnded) return;
    if (changes.updated.length > 0) onChange(changes);
    if (isThorough) schedule(restMs);
  }
  function schedule(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void compare(), delayMs).unref();
  }
  const stopListening = workspace.onChange(() => schedule(SETTLE_MS));
  if (isThorough) schedule(restMs);
  return () => {
    isEnded = true;
    clearTimeout(timer);
    stopListening();
  };
}

function difference(
  old: ReadonlyMap<string, FileState>,
  now: ReadonlyMap<string, FileState>,
): ResourceChanges {
  const gone = [...old.keys()].filter((name) => !now.has(name));
  const fresh = [...now.keys()].filter((name) => !old.has(name));
  const changed = [...now].filter(([name, { version }]) => {
    const known = old.get(name);
    return known !== undefined && known.version !== version;
  });
  const updated = [...gone, ...fresh, ...changed.map(([name]) => name)];
  return { updated: updated.map(toUri), isListChanged: gone.length + fresh.length > 0 };
}
