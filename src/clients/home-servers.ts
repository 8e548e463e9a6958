// A home's `servers/mcp.json`: which entries stand in it, and the file with some more or one fewer. Comments stay.
//
// Secrets: where the home lies in a git repository the file may be committed, so that a secret is written as `${NAME}`;
// anywhere else it stays as it is, and only the file's owner can read the file.
import { existsSync } from "node:fs";
import path from "node:path";
import { messageOf, ToolgroveError } from "../errors.ts";
import type { HomeEntry } from "./entry.ts";
import { readText, writeHomeFile } from "./files.ts";
import { editProperties, parseJson } from "./json-edit.ts";
import { createSecretNames, replaceSecrets } from "./secrets.ts";

const KEY = "mcpServers";

/** The servers of a home as they are written. */
export interface HomeServers {
  readonly root: string;
  readonly file: string;
  /** Whether the file may be committed, so that secrets must stay out of it. */
  readonly isShared: boolean;
  /** The entries as they were when this was opened, as written. */
  readonly entries: ReadonlyMap<string, object>;
  /** Writes the file with these entries added or replaced; it is made when it is absent. */
  readonly add: (entries: ReadonlyMap<string, HomeEntry>) => Promise<void>;
  /** Writes the file without an entry. */
  readonly remove: (name: string) => Promise<void>;
}

/** Reads a home's servers. Throws `bad_home` when the file is broken. */
export async function openHomeServers(root: string): Promise<HomeServers> {
  const file = path.join(root, "servers", "mcp.json");
  const text = await readText(file);
  const isShared = isInGit(root);
  const write = (after: string): Promise<void> => writeHomeFile(file, after, !isShared);
  return {
    root,
    file,
    isShared,
    entries: readEntries(file, text ?? ""),
    async add(entries) {
      if (entries.size === 0 && text !== undefined) return;
      await write(editProperties(text ?? EMPTY, [KEY], { remove: new Set(), set: entries }));
    },
    remove: (name) =>
      write(editProperties(text ?? EMPTY, [KEY], { remove: new Set([name]), set: new Map() })),
  };
}

/** The entry as it may be written, and the environment variables that stand for its secrets. */
export function withoutSecrets(name: string, entry: HomeEntry): { entry: HomeEntry; variables: string[] } {
  const names = createSecretNames();
  const variables: string[] = [];
  const replaced = replaceSecrets(entry, (hint, secret) => {
    variables.push(names.nameFor(name, hint, secret));
    return `\${${variables.at(-1)}}`;
  });
  return { entry: replaced, variables };
}

const EMPTY = `{\n  "${KEY}": {}\n}\n`;

function readEntries(file: string, text: string): Map<string, object> {
  try {
    const servers = new Map<string, unknown>(Object.entries(parseJson(text) as object)).get(KEY) ?? {};
    return new Map(Object.entries(servers as Record<string, object>));
  } catch (error) {
    throw new ToolgroveError("bad_home", `${file}: ${messageOf(error)}. Mend it first.`, { cause: error });
  }
}

function isInGit(folder: string): boolean {
  if (existsSync(path.join(folder, ".git"))) return true;
  const parent = path.dirname(folder);
  return parent !== folder && isInGit(parent);
}
