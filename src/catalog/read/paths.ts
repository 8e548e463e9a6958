// Finds what an agent means by a path, however it is written. It knows documents, and neither files nor rendering.
import type { ToolDocument } from "../document.ts";
import { compileGlob, isGlob } from "./glob.ts";
import { foldName, nearestLabels, type Suggestion } from "../../nearest.ts";

/** What a path stands for. */
export type Resolution =
  /** `path` is "" for the root; `documents` is all beneath it. */
  | { readonly kind: "folder"; readonly path: string; readonly documents: readonly ToolDocument[] }
  | { readonly kind: "tools"; readonly documents: readonly ToolDocument[] }
  | { readonly kind: "miss"; readonly asked: string; readonly nearest: readonly string[] };

/** Answers paths over one set of documents. */
export interface PathLookup {
  resolve(path: string): Resolution;
  /** Paths near to any of the texts, at most five. */
  nearest(texts: readonly string[], accepts?: (document: ToolDocument) => boolean): string[];
}

const MAX_PATH_CHARS = 500;

/** Prepares the lookup; it holds for as long as the documents stay the same. */
export function createPathLookup(documents: ReadonlyMap<string, ToolDocument>): PathLookup {
  const all = [...documents.values()];
  const tables = tablesOf(documents);

  function nearestPaths(texts: readonly string[], accepts: (document: ToolDocument) => boolean): string[] {
    const folders = new Set(all.filter(accepts).map(({ path }) => path.split("/").slice(0, 2).join("/")));
    const areas = [...folders].filter((folder) => !documents.has(folder)).map(suggestFolder);
    return nearestLabels(texts, [...areas, ...all.filter(accepts).map(suggestDocument)]);
  }

  return {
    resolve(path) {
      const asked = path.slice(0, MAX_PATH_CHARS).trim();
      const wanted = tidy(asked);
      const found = isGlob(wanted) ? findByGlob(wanted, all) : findByPath(wanted, tables);
      if (found) return found;
      const plain = wanted.replaceAll(/[*?{},]/g, "");
      const texts = [plain, plain.split(/[/.]/).findLast((part) => part !== "") ?? ""];
      return { kind: "miss", asked, nearest: nearestPaths(texts, () => true) };
    },
    nearest: (texts, accepts = () => true) => nearestPaths(texts, accepts),
  };
}

/** Quotes, leading `./` or `/`, backslashes, an extension, an argument list: agents copy them along. */
function tidy(path: string): string {
  return path
    .replaceAll(/["'`]/g, "")
    .replace(/\(.*$/s, "")
    .trim()
    .replaceAll("\\", "/")
    .replaceAll(/\/{2,}/g, "/")
    .replace(/^(?:\.?\/)+/, "")
    .replace(/\/$/, "")
    .replace(/(?:\.d)?\.[mc]?[jt]s$/, "")
    .replace(/(?:^|\/)index$/, "")
    .replace(/^\.$/, "");
}

/** The full paths a text may stand for, likeliest first: dots may separate, and the root may be left out. */
function readings(text: string): string[] {
  const dotted = [text, text.replace(/\.([^./]*)$/, "/$1"), text.replaceAll(".", "/")];
  return [...new Set(dotted)].flatMap((path) => ["", "servers/", "skills/"].map((root) => root + path));
}

interface PathTables {
  readonly documents: ReadonlyMap<string, ToolDocument>;
  /** By path with the upstream tool's own name. */
  readonly upstream: ReadonlyMap<string, readonly ToolDocument[]>;
  readonly folders: ReadonlyMap<string, readonly ToolDocument[]>;
  /** By folded path, in either spelling. */
  readonly folded: ReadonlyMap<string, readonly ToolDocument[]>;
  /** Folded folder → the true ones. */
  readonly foldedFolders: ReadonlyMap<string, readonly string[]>;
  /** By folded name alone. */
  readonly names: ReadonlyMap<string, readonly ToolDocument[]>;
}

function tablesOf(documents: ReadonlyMap<string, ToolDocument>): PathTables {
  const all = [...documents.values()];
  // The roots are there to be read even when nothing is in them.
  const folders = new Map<string, ToolDocument[]>([
    ["", all],
    ["servers", []],
    ["skills", []],
    ...groupBy(all, foldersOf),
  ]);
  return {
    documents,
    upstream: groupBy(all, spellingsOf),
    folders,
    folded: groupBy(all, (document) => spellingsOf(document).map(foldName)),
    foldedFolders: groupBy([...folders.keys()], (folder) => [foldName(folder)]),
    names: groupBy(all, ({ name, tool }) => [foldName(name), foldName(tool)]),
  };
}

function findByPath(wanted: string, tables: PathTables): Resolution | undefined {
  const paths = readings(wanted);
  for (const path of paths) {
    const found = findExactly(path, tables);
    if (found) return found;
  }
  for (const path of paths.map(foldName)) {
    const [folder] = tables.foldedFolders.get(path) ?? [];
    const found = toolsOf(tables.folded.get(path)) ?? folderAt(folder, tables);
    if (found) return found;
  }
  return toolsOf(tables.names.get(foldName(wanted))) ?? foldersNamedLike(paths, tables);
}

/** The servers whose names begin with what was asked: of many servers, a prefix names a few. */
function foldersNamedLike(paths: readonly string[], { folders }: PathTables): Resolution | undefined {
  const isPrefix = (folder: string): boolean =>
    paths.some((path) => /^servers\/[^/]{2,}$/.test(path) && folder.startsWith(path));
  return toolsOf(
    [...folders]
      .filter(([folder]) => /^servers\/[^/]+$/.test(folder) && isPrefix(folder))
      .flatMap(([, documents]) => documents),
  );
}

function findExactly(path: string, tables: PathTables): Resolution | undefined {
  const document = tables.documents.get(path);
  return document ? toolsOf([document]) : (toolsOf(tables.upstream.get(path)) ?? folderAt(path, tables));
}

function folderAt(path: string | undefined, { folders }: PathTables): Resolution | undefined {
  const documents = path === undefined ? undefined : folders.get(path);
  return path !== undefined && documents ? { kind: "folder", path, documents } : undefined;
}

function findByGlob(wanted: string, documents: readonly ToolDocument[]): Resolution | undefined {
  const globs = readings(wanted);
  // A glob may name folders: then it means what is in them.
  const attempts = [globs, globs.map((glob) => `${glob}/**`)];
  const select = (patterns: readonly string[], fold?: (text: string) => string): Resolution | undefined => {
    const spell = fold ?? String;
    const matchers = patterns.map((pattern) => compileGlob(spell(pattern)));
    const matches = (text: string): boolean => matchers.some((match) => match(spell(text)));
    return toolsOf(documents.filter((document) => spellingsOf(document).some(matches)));
  };
  for (const patterns of attempts) {
    const found = select(patterns) ?? select(patterns, foldName);
    if (found) return found;
  }
  return undefined;
}

function toolsOf(documents: readonly ToolDocument[] = []): Resolution | undefined {
  return documents.length === 0 ? undefined : { kind: "tools", documents };
}

/** A document's path, and the same with the upstream tool's own name. */
function spellingsOf({ path, tool }: ToolDocument): string[] {
  return [...new Set([path, `${path.slice(0, path.lastIndexOf("/"))}/${tool}`])];
}

function foldersOf({ path }: ToolDocument): string[] {
  const segments = path.split("/");
  return segments.slice(1).map((_, nth) => segments.slice(0, nth + 1).join("/"));
}

function suggestDocument({ path, name, tool }: ToolDocument): Suggestion {
  return { label: path, spellings: [path, path.slice(path.indexOf("/") + 1), name, tool] };
}

function suggestFolder(folder: string): Suggestion {
  return { label: `${folder}/`, spellings: [folder, folder.slice(folder.indexOf("/") + 1)] };
}

function groupBy<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
