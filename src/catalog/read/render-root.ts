// Plain text for agents: which servers there are. A line for each of a few, one list of many, groups of very many.
import type { ToolDocument } from "../document.ts";
import { wordsOf } from "../search/text.ts";

const MAX_LINES = 60;
const MAX_LIST_CHARS = 3_500;
const MAX_GROUPS = 150;

/** A folder that holds functions, as the root names it: `servers/github`, `skills`. */
interface Area {
  readonly path: string;
  readonly noun: "tool" | "skill";
  readonly count: number;
}

/** The servers and the skills with their counts. */
export function renderRoot(documents: readonly ToolDocument[]): string {
  const areas = areasOf(documents);
  if (areas.length <= MAX_LINES) return areas.map(areaLine).join("\n");
  const servers = areas.filter(({ noun }) => noun === "tool");
  const skills = areas.filter(({ noun }) => noun === "skill");
  const tools = servers.reduce((sum, { count }) => sum + count, 0);
  const list = servers.map(({ path, count }) => `${nameOf(path)} ${count}`).join(", ");
  return [
    `servers/ ${servers.length} servers, ${tools} tools${list.length <= MAX_LIST_CHARS ? "; tools of each:" : "; servers by first word:"}`,
    list.length <= MAX_LIST_CHARS ? list : groupList(servers),
    ...skills.map(areaLine),
    'Read "servers/NAME", or the start of a name for the servers that begin so.',
  ].join("\n");
}

function groupList(servers: readonly Area[]): string {
  const byWord = groupsOf(servers, (name) => wordsOf(name)[0] ?? name);
  const groups = byWord.size <= MAX_GROUPS ? byWord : groupsOf(servers, (name) => name.slice(0, 1));
  return [...groups].map(([start, count]) => (count > 1 ? `${start}* ${count}` : start)).join(", ");
}

function groupsOf(servers: readonly Area[], startOf: (name: string) => string): Map<string, number> {
  const groups = new Map<string, number>();
  for (const { path } of servers) {
    const start = startOf(nameOf(path));
    groups.set(start, (groups.get(start) ?? 0) + 1);
  }
  return groups;
}

function areasOf(documents: readonly ToolDocument[]): Area[] {
  const areas = new Map<string, Area>();
  for (const { kind, server } of documents) {
    const own = server === "servers" ? "servers" : `servers/${server}`;
    const path = kind === "skill" ? "skills" : own;
    areas.set(path, { path, noun: kind, count: (areas.get(path)?.count ?? 0) + 1 });
  }
  return [...areas.values()];
}

function areaLine({ path, noun, count }: Area): string {
  return `${path}/ ${count} ${noun}${count === 1 ? "" : "s"}`;
}

function nameOf(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}
