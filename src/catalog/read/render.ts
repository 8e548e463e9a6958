// Plain text for agents: answers to searches and reads, as short as they can be. It decides no ranking and no match.
import type { SearchResult, ServerCount } from "../catalog.ts";
import { commonNames, hitLine } from "./entry-line.ts";
import { foldName, nearest as nearestNames } from "../../nearest.ts";
import type { OtherTools } from "./others.ts";
import { ALWAYS_SHOWN, renderFolder, renderMany } from "./render-folder.ts";
import { renderTools } from "./render-tools.ts";
import type { Resolution } from "./paths.ts";
import type { ToolDocument } from "../document.ts";
import type { SearchHit } from "../search/search-index.ts";

/** How much a hit says: its path; a line; all that reading it would say. */
export type SearchDetail = "name" | "summary" | "full";

/** One hit for programs. */
export interface JsonHit {
  readonly path: string;
  readonly server: string;
  readonly tool: string;
  readonly description: string;
  readonly score: number;
}

/** More functions fit in no answer, and are not even laid out. */
const MAX_LIST = 200;
const MAX_COUNTS = 40;

/** The answer to a search, best hit first; without hits, what to try instead. */
export function renderSearch(result: SearchResult, detail: SearchDetail = "summary", room?: number): string {
  const documents = result.hits.map((hit) => hit.document);
  if (documents.length === 0) return renderNoHit(result);
  if (detail === "full") return renderTools(documents, room);
  if (detail === "name") return documents.map(({ path }) => path).join("\n");
  const common = commonNames(documents);
  return lines(...documents.map((document) => hitLine(document, common)), othersLine(result.others));
}

/**
 * The answer to a read: a folder's list, the declarations of tools, or the nearest paths.
 *
 * @param room how many characters an answer should have at most; unlimited by default
 */
export function renderRead(resolution: Resolution, room = Infinity): string {
  if (resolution.kind === "folder") return renderFolder(resolution.path, resolution.documents);
  if (resolution.kind === "miss") return renderMiss(resolution);
  const { documents } = resolution;
  return declarations(documents, room) ?? renderMany(documents);
}

/** Of a few functions in any case, of more if they fit. */
function declarations(documents: readonly ToolDocument[], room: number): string | undefined {
  if (documents.length > MAX_LIST) return undefined;
  const text = renderTools(documents, room);
  return documents.length <= ALWAYS_SHOWN || text.length <= room ? text : undefined;
}

/** The hits of a search for programs: an array, best first. */
export function toJson(hits: readonly SearchHit[]): JsonHit[] {
  return hits.map(({ document: { path, server, tool, description }, score }) => ({
    path,
    server,
    tool,
    description,
    score,
  }));
}

function renderMiss({ asked, nearest }: Extract<Resolution, { kind: "miss" }>): string {
  return lines(`Nothing at "${shorten(asked)}".`, nearestLine(nearest), 'Read "" to see what there is.');
}

function renderNoHit({ query, server, nearest, servers }: SearchResult): string {
  if (servers.length === 0) return lines(`No tool matches "${shorten(query)}".`, "There are no tools yet.");
  const names = servers.map(({ name }) => name);
  const known = server === undefined || names.map(foldName).includes(foldName(server));
  const where = server === undefined ? "" : ` in "${shorten(server)}"`;
  const closest = known ? nearest : nearestNames(server, names);
  return lines(
    known ? `No tool matches "${shorten(query)}"${where}.` : `There is no server "${shorten(server)}".`,
    nearestLine(closest),
    server === undefined || !known ? `There are: ${countsText(servers)}.` : "",
    closest.length === 0 && known
      ? 'Try words for what the tool does ("create issue"), or read a folder.'
      : "",
  );
}

function othersLine(others: OtherTools | undefined): string {
  if (!others) return "";
  const { folder, names, more } = others;
  return `Others in ${folder}: ${names.join(", ")}${more > 0 ? `, … +${more}` : ""}`;
}

function countsText(servers: readonly ServerCount[]): string {
  const more = servers.length - MAX_COUNTS;
  const shown = servers.slice(0, MAX_COUNTS).map(serverCount).join(", ");
  return more > 0 ? `${shown} and ${more} more (read "")` : shown;
}

function serverCount({ name, kind, count }: ServerCount): string {
  return kind === "skill" && name !== "skills" ? `skills/${name} (${count})` : `${name} (${count})`;
}

function nearestLine(paths: readonly string[]): string {
  return paths.length > 0 ? `Nearest: ${paths.join(", ")}.` : "";
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}
