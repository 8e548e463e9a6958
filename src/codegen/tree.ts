// The tree on disk: one folder a server, one file a tool. It writes what changed and touches nothing it did not make.
import path from "node:path";
import type { ToolDefinition } from "../tool.ts";
import { replaceFiles, readSources, readText, removeFiles } from "./files.ts";
import { isGenerated, planFolder, type TreeWarning } from "./folder-plan.ts";
import { nameServers } from "./identifier.ts";
import { RUNTIME_SOURCE } from "./runtime-source.ts";
import type { Learned } from "./shape.ts";

export type { TreeWarning };

/** One server's tools, to be written. */
export interface WriteServerOptions {
  /** Absolute path of the home's `servers/`. */
  readonly serversDir: string;
  /** The server's key in mcp.json. */
  readonly server: string;
  /** All keys in mcp.json: together they decide the names of the folders. */
  readonly servers: readonly string[];
  readonly definitions: readonly ToolDefinition[];
  /** Names of further tools, whose wrappers stay as they are. */
  readonly held?: readonly string[];
  /** What results look like, by tool: the output type of tools whose server gives none. */
  readonly learned?: ReadonlyMap<string, Learned>;
  /** Writes and removes nothing; the change says what it would have been. */
  readonly dryRun?: boolean;
}

/** What became of the tree; paths are relative to `servers/`, with forward slashes. */
export interface TreeChange {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  readonly warnings: readonly TreeWarning[];
}

/** The name of a server's folder under `servers/`, which is also its identifier in code. */
export function folderOf(server: string, servers: readonly string[]): string {
  return nameServers([...servers, server]).get(server) ?? server;
}

/** Whether the server's folder has an index. The index is written last, so then its wrappers are there as well. */
export async function hasWrappers(
  serversDir: string,
  server: string,
  servers: readonly string[],
): Promise<boolean> {
  return (await readText(path.join(serversDir, folderOf(server, servers), "index.ts"))) !== undefined;
}

/**
 * Makes a server's folder say what its definitions say, together with `servers/runtime.ts`. Files that change are
 * replaced whole; generated files of tools that are gone are removed; files of the user stay, and stand in for the
 * generated ones of the same name. A definition that cannot be used costs its own tool and gives a warning.
 */
export async function writeServer(options: WriteServerOptions): Promise<TreeChange> {
  const { serversDir, server } = options;
  const folder = folderOf(server, options.servers);
  const before = await readSources(path.join(serversDir, folder));
  const plan = planFolder({ ...options, before });
  const runtime = await readText(path.join(serversDir, "runtime.ts"));
  const wanted = [
    { file: "runtime.ts", text: RUNTIME_SOURCE, before: runtime },
    ...[...plan.files].map(([name, text]) => ({ file: `${folder}/${name}`, text, before: before.get(name) })),
  ].filter((file) => file.before === undefined || isGenerated(file.before));
  const changed = wanted.filter((file) => file.text !== file.before);
  const removed = [...before]
    .filter(([name, text]) => isGenerated(text) && !plan.kept.has(name))
    .map(([name]) => `${folder}/${name}`);

  if (!options.dryRun) {
    // Removed first: where case does not count, an old name may be a new file's.
    await removeFiles(serversDir, removed);
    await replaceFiles(serversDir, changed);
  }
  return {
    written: changed.map(({ file }) => file),
    removed,
    unchanged: wanted.length - changed.length,
    warnings: plan.warnings,
  };
}
