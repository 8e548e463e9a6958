// Which other functions the server has that a search was about, for a line under its hits. It ranks nothing anew.
import type { ToolDocument } from "../document.ts";
import type { SearchHit } from "../search/search-index.ts";
import { wordsOf } from "../search/text.ts";

/** Functions beside the hits, in the folder most of the hits are from. */
export interface OtherTools {
  /** Such as `servers/github`. */
  readonly folder: string;
  /** Some of their names, those that share words with the query first. */
  readonly names: readonly string[];
  /** How many more there are. */
  readonly more: number;
}

/** The line is a hint, not a list: reading the folder gives that. */
const MAX_CHARS = 100;
/** Names that share nothing with the query only show what names there are. */
const MAX_UNRELATED_CHARS = 40;
const MIN_HITS = 3;
/** Part of the hits that must be from one server. */
const MOST = 0.6;
/** A best hit that is so much better than the next is the answer. */
const CLEAR_LEAD = 1.6;

/** The other tools of the server that the hits speak for; undefined when they name a tool clearly, or no server. */
export function othersOf(
  query: string,
  hits: readonly SearchHit[],
  documents: Iterable<ToolDocument>,
): OtherTools | undefined {
  const [best, second] = hits;
  if (!best || !second || hits.length < MIN_HITS || best.score >= second.score * CLEAR_LEAD) return undefined;
  const { server, kind } = best.document;
  const isThere = (document: ToolDocument): boolean => document.server === server && document.kind === kind;
  if (kind !== "tool" || hits.filter((hit) => isThere(hit.document)).length < hits.length * MOST)
    return undefined;
  const shown = new Set(hits.map((hit) => hit.document.path));
  const folder = best.document.path.split("/").slice(0, 2).join("/");
  const rest = [...documents].filter((document) => isThere(document) && !shown.has(document.path));
  if (rest.length === 0) return undefined;
  const asked = new Set(wordsOf(query.slice(0, 500)));
  const shares = ({ name }: ToolDocument): number => wordsOf(name).filter((word) => asked.has(word)).length;
  const sorted = rest.toSorted((a, b) => shares(b) - shares(a));
  const nameOf = ({ path }: ToolDocument): string => path.slice(folder.length + 1);
  const related = sorted.filter((document) => shares(document) > 0).length;
  const names = withinChars(sorted.map(nameOf), related);
  return { folder, names, more: rest.length - names.length };
}

/** The first of the names: of those that are related, and of those that are not. */
function withinChars(names: readonly string[], related: number): string[] {
  let chars = 0;
  return names.filter((name, at) => {
    chars += name.length + 2;
    return at === 0 || chars <= (at < related ? MAX_CHARS : MAX_UNRELATED_CHARS);
  });
}
