// The tree on disk: one folder a server, one file a tool. It writes what changed and touches nothing it did not generate.
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { messageOf } from "../errors.ts";
import type { ToolDefinition } from "../tool.ts";
import { nameServers, nameTools } from "../codegen/identifier.ts";
import { GENERATED_MARK, RUNTIME_SOURCE } from "./runtime-source.ts";
import { generateIndex, generateWrapper } from "./wrapper.ts";

/** Something about one tool that its user should know. */
export interface TreeWarning {
  readonly tool: string;
  readonly reason: string;
}

/** One server's tools, to be written. */
export interface WriteServerOptions {
  /** Absolute path of the home's `servers/`. */
  readonly serversDir: string;
  /** The server's name in mcp.json. */
  readonly server: string;
  /** All names in mcp.json: they decide the folder's name together. */
  readonly servers: readonly string[];
  readonly definitions: readonly ToolDefinition[];
}

/** What changed on disk; paths are relative to `servers/`. */
export interface TreeChange {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  readonly warnings: readonly TreeWarning[];
}

/** The folder of a server's wrappers, relative to `servers/`. */
export function folderOf(server: string, servers: readonly string[]): string {
  return nameServers([...servers, server]).get(server) ?? server;
}

/** Whether a server has generated wrappers already. */
export async function hasWrappers(serversDir: string, server: string, servers: readonly string[]): Promise<boolean> {
  const index = await readOrNothing(path.join(serversDir, folderOf(server, servers), "index.ts"));
  return index?.startsWith(GENERATED_MARK) ?? false;
}

/**
 * Makes the server's folder say what its definitions say. Files are replaced as a whole; generated files of tools that
 * are gone are removed; hand-written files stay. A definition that cannot be turned into a wrapper costs that tool only.
 */
export async function writeServer(options: WriteServerOptions): Promise<TreeChange> {
  const { serversDir, server } = options;
  const folder = folderOf(server, options.servers);
  const existing = await readFolder(path.join(serversDir, folder));
  const { files, warnings } = generateFiles(options, existing);
  const modules = [...new Set([...handWritten(existing), ...files.keys()])].map((file) => file.replace(/\.ts$/, ""));
  files.set("index.ts", generateIndex(server, modules));

  const written: string[] = [];
  let unchanged = 0;
  await mkdir(path.join(serversDir, folder), { recursive: true });
  const runtime = path.join(serversDir, "runtime.ts");
  if ((await readOrNothing(runtime)) !== RUNTIME_SOURCE) {
    await replaceFile(runtime, RUNTIME_SOURCE);
    written.push("runtime.ts");
  }
  for (const [file, text] of files) {
    const before = existing.get(file);
    if (before === text) unchanged += 1;
    // A user's own index.ts is theirs, even where ours would say more.
    else if (before === undefined || isGenerated(before)) {
      await replaceFile(path.join(serversDir, folder, file), text);
      written.push(`${folder}/${file}`);
    }
  }
  const removed = [...existing].filter(([file, text]) => isGenerated(text) && !files.has(file)).map(([file]) => file);
  for (const file of removed) await rm(path.join(serversDir, folder, file));
  return { written, removed: removed.map((file) => `${folder}/${file}`), unchanged, warnings };
}

/** Wrapper texts by file name. */
function generateFiles(
  { server, definitions }: WriteServerOptions,
  existing: ReadonlyMap<string, string>,
): { files: Map<string, string>; warnings: TreeWarning[] } {
  const names = nameTools(definitions.map(({ name }) => name));
  const files = new Map<string, string>();
  const warnings: TreeWarning[] = [];
  for (const definition of definitions) {
    const functionName = names.get(definition.name) ?? definition.name;
    const file = `${functionName}.ts`;
    const before = existing.get(file);
    if (before !== undefined && !isGenerated(before)) {
      warnings.push({ tool: definition.name, reason: `servers/${server}/${file} is hand-written and stays` });
      continue;
    }
    try {
      files.set(file, generateWrapper({ server, functionName, definition }));
    } catch (error) {
      warnings.push({ tool: definition.name, reason: `no wrapper could be generated: ${messageOf(error)}` });
    }
  }
  return { files, warnings };
}

function isGenerated(text: string): boolean {
  return text.startsWith(GENERATED_MARK);
}

/** Hand-written modules of a folder, which its index gathers as well. */
function handWritten(existing: ReadonlyMap<string, string>): string[] {
  return [...existing].filter(([file, text]) => file !== "index.ts" && !isGenerated(text)).map(([file]) => file);
}

/** The TypeScript files of a folder with their texts, sorted; empty when there is no folder. */
async function readFolder(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder).catch(() => []);
  const files = entries.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")).toSorted();
  const texts = await Promise.all(files.map(async (file) => [file, await readOrNothing(path.join(folder, file))] as const));
  return new Map(texts.flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const])));
}

async function readOrNothing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Readers see the old text or the new one, never a part. */
async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
}
