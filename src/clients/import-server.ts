// One server on its way from a client's file into `servers/mcp.json`: variables, keys, folder, secrets, name. Pure.
import path from "node:path";
import type { FoundServer } from "./config-file.ts";
import type { RawEntry } from "./dialects.ts";
import { readEntry, type HomeEntry, type ReadEntry } from "./entry.ts";
import type { ClientRow } from "./table.ts";
import { translateVariables, type VariableContext } from "./variables.ts";

/** Reads a found server as an entry of ours. Throws with the reason when it cannot be taken over. */
export function importServer(
  { raw }: FoundServer,
  client: ClientRow,
  { homeRoot, ...context }: VariableContext & { readonly homeRoot: string },
): ReadEntry {
  const ours = mapTexts(raw, (text) => translateVariables(text, client.variables, context)) as RawEntry;
  const { entry, dropped } = readEntry(client.translate(ours));
  return { entry: settle(entry, context.projectDir, homeRoot), dropped };
}

/** The name a server can have in a home: letters, digits, `.`, `_` and `-`. Undefined when nothing is left of it. */
export function homeNameOf(name: string): string | undefined {
  const clean = name.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replaceAll(/^[._-]+|-+$/g, "");
  return clean.slice(0, 64) || undefined;
}

/**
 * A project's entry was started in the project's folder; in a home it is only when it says so. That matters where the
 * program or an argument is a relative path.
 */
function settle(entry: HomeEntry, projectDir: string | undefined, homeRoot: string): HomeEntry {
  if ("url" in entry || projectDir === undefined || entry.cwd?.startsWith("${")) return entry;
  const { cwd, ...rest } = entry;
  const isRelative = [entry.command, ...(entry.args ?? [])].some(isRelativePath);
  if (cwd === undefined && !isRelative) return entry;
  const folder = path.resolve(projectDir, cwd ?? ".");
  return folder === homeRoot ? rest : { ...rest, cwd: folder };
}

function isRelativePath(word: string): boolean {
  if (/^\.{1,2}(?:[\\/]|$)/.test(word)) return true;
  return /^[^-/\\@$][^:]*\.(?:[cm]?[jt]s|py|rb|sh|jar|json|ya?ml|env)$/.test(word);
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
}
