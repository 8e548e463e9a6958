// What there is of one server on disk, and how the generated part of it goes away. It starts and generates nothing.
import { rmdir } from "node:fs/promises";
import path from "node:path";
import { readSources, removeFiles } from "./files.ts";
import { isGenerated } from "./folder-plan.ts";
import { folderOf } from "./tree.ts";

/** Names a server's folder: its key in mcp.json, and all keys, which together decide the names of folders. */
export interface ServerFolder {
  /** Absolute path of the home's `servers/`. */
  readonly serversDir: string;
  readonly server: string;
  readonly servers: readonly string[];
}

/** Texts of the server's tools, by file name, its index left out; undefined when it has no index, and so no wrappers. */
export async function readWrappers(where: ServerFolder): Promise<ReadonlyMap<string, string> | undefined> {
  const sources = await readSources(absoluteOf(where));
  return sources.delete("index.ts") ? sources : undefined;
}

/** What became of a server's folder; paths are relative to `servers/`, with forward slashes. */
export interface RemovedWrappers {
  readonly removed: readonly string[];
  /** Files of the user. */
  readonly kept: readonly string[];
}

/** Removes what was generated for a server. */
export async function removeWrappers(where: ServerFolder): Promise<RemovedWrappers> {
  const { serversDir, server, servers } = where;
  const sources = [...(await readSources(absoluteOf(where)))];
  const inFolder = ([name]: readonly [string, string]): string => `${folderOf(server, servers)}/${name}`;
  const removed = sources.filter(([, text]) => isGenerated(text)).map(inFolder);
  const kept = sources.filter(([, text]) => !isGenerated(text)).map(inFolder);
  await removeFiles(serversDir, removed);
  // A folder that holds anything else stays: rmdir refuses it.
  await rmdir(absoluteOf(where)).catch(() => undefined);
  return { removed, kept };
}

function absoluteOf({ serversDir, server, servers }: ServerFolder): string {
  return path.join(serversDir, folderOf(server, servers));
}
