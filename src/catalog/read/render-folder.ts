// Plain text for agents: what is in a folder, or what a wide glob matches. It stays short however much there is.
import type { ToolDocument } from "../document.ts";
import { commonNames, entryLine } from "./entry-line.ts";
import { renderRoot } from "./render-root.ts";
import { wordsOf } from "../search/text.ts";

/** The types of so many functions are shown however long they are. */
export const ALWAYS_SHOWN = 20;
const MAX_LINES = 100;
const MAX_NAMES = 400;
const MAX_GROUPS = 60;

/** A folder: its subfolders with counts, then its functions, one a line; the root shows servers and skills. */
export function renderFolder(folder: string, documents: readonly ToolDocument[]): string {
  if (documents.length === 0) return emptyFolder(folder);
  if (folder === "") return renderRoot(documents);
  const rest = ({ path }: ToolDocument): string => path.slice(folder.length + 1);
  const direct = documents.filter((document) => !rest(document).includes("/"));
  const nested = documents.filter((document) => rest(document).includes("/"));
  // The folders of servers/ are given in full, ready to be read; deeper ones stand under their parent's line.
  const isTop = folder === "servers";
  if (isTop && direct.length === 0) return renderRoot(documents);
  const heading = isTop ? [] : [countLine(folder, documents)];
  const folders = countLines(
    nested,
    (document) => `${isTop ? "servers/" : ""}${rest(document).split("/")[0]}`,
  );
  return [...heading, ...folders, ...entryLines(direct, rest, `${folder}/`)].join("\n");
}

/** More matches than can be shown in full: their lines, and how to see more of fewer. */
export function renderMany(documents: readonly ToolDocument[]): string {
  const folders = new Set(documents.map(parentOf));
  const [only = ""] = folders;
  const shown =
    documents.length > MAX_LINES && folders.size > 1
      ? countLines(documents, parentOf)
      : entryLines(documents, ({ path }) => path, folders.size > 1 ? "" : `${only}/`);
  const hint = `${documents.length} matches: narrow the glob to ${ALWAYS_SHOWN} or fewer for their types.`;
  return [...shown, hint].join("\n");
}

/** A line for each function; only the names of many; only how many begin with which word of very many. */
function entryLines(
  documents: readonly ToolDocument[],
  labelOf: (document: ToolDocument) => string,
  prefix: string,
): string[] {
  if (documents.length > MAX_NAMES) return wordLines(documents, prefix);
  if (documents.length > MAX_LINES) return documents.map(labelOf);
  const common = commonNames(documents);
  return documents.map((document) => entryLine(labelOf(document), document, common));
}

function wordLines(documents: readonly ToolDocument[], prefix: string): string[] {
  const groups = countBy(documents, ({ name }) => wordsOf(name)[0] ?? name);
  const largest = [...groups].toSorted(([a, few], [b, many]) => many - few || (a < b ? -1 : 1));
  const shown = largest.slice(0, MAX_GROUPS).map(([word, count]) => `${word}* ${count}`);
  const more = largest.length > MAX_GROUPS ? [`and ${largest.length - MAX_GROUPS} more first words`] : [];
  return [...shown, ...more, `Read a glob for names: "${prefix}${largest[0]?.[0]}*".`];
}

function countLines(documents: readonly ToolDocument[], keyOf: (document: ToolDocument) => string): string[] {
  const groups = new Map<string, ToolDocument[]>();
  for (const document of documents) {
    const key = keyOf(document);
    groups.set(key, [...(groups.get(key) ?? []), document]);
  }
  return [...groups].map(([path, group]) => countLine(path, group));
}

function countLine(path: string, documents: readonly ToolDocument[]): string {
  const noun = documents.every(({ kind }) => kind === "skill") ? "skill" : "tool";
  return `${path}/ ${documents.length} ${noun}${documents.length === 1 ? "" : "s"}`;
}

function countBy(
  documents: readonly ToolDocument[],
  keyOf: (document: ToolDocument) => string,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const document of documents) counts.set(keyOf(document), (counts.get(keyOf(document)) ?? 0) + 1);
  return counts;
}

function parentOf({ path }: ToolDocument): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function emptyFolder(folder: string): string {
  if (folder === "skills") return "skills/ is empty: no skill has been saved yet.";
  return "There are no tools yet: name MCP servers in servers/mcp.json, then run `toolgrove sync`.";
}
