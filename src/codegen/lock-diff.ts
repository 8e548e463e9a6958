// What changed between two locks of a server, for programs and for people. It reads no files.
import { MAX_DESCRIPTION, type LockedTool, type LockedTools } from "./lock.ts";
import { showInvisible } from "./safe-text.ts";

/** One tool that is not as it was. */
export interface ToolChange {
  readonly tool: string;
  readonly kind: "added" | "changed" | "removed";
  /** For a changed tool: what of it is new, gone or different, such as `description` or `input.path`. */
  readonly parts: readonly string[];
  /** The change for people to read, harmless in a terminal; the first line names the tool. */
  readonly lines: readonly string[];
}

/** The differences, by tool name. What was learned from results is none. */
export function diffTools(before: LockedTools, after: LockedTools): ToolChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((tool) => {
    const [old, now] = [before.get(tool), after.get(tool)];
    if (!old) return [{ tool, kind: "added", parts: [], lines: [`+ ${oneLine(tool)}`] }];
    if (!now) return [{ tool, kind: "removed", parts: [], lines: [`- ${oneLine(tool)}`] }];
    return old.sha256 === now.sha256 ? [] : [changeOf(tool, old, now)];
  });
}

function changeOf(tool: string, old: LockedTool, now: LockedTool): ToolChange {
  const names = [...new Set([...Object.keys(old.parts), ...Object.keys(now.parts)])].toSorted();
  const parts = names.filter((name) => old.parts[name] !== now.parts[name]);
  const areas = [...new Set(parts.map(areaOf))];
  const details = areas.flatMap((area) => {
    if (area === "description") return descriptionLines(old.description ?? "", now.description ?? "");
    const marks = parts
      .filter((part) => part !== area && areaOf(part) === area)
      .map((part) => `${markOf(part, old, now)} ${oneLine(part.slice(area.length + 1))}`);
    return marks.length === 0 ? [] : [`${area}: ${marks.join(", ")}`];
  });
  return {
    tool,
    kind: "changed",
    parts,
    lines: [`~ ${oneLine(tool)}: ${areas.join(", ")}`, ...details.map((line) => `    ${line}`)],
  };
}

function areaOf(part: string): string {
  return part.split(".", 1)[0] ?? part;
}

function markOf(part: string, old: LockedTool, now: LockedTool): "+" | "-" | "~" {
  if (!Object.hasOwn(old.parts, part)) return "+";
  return Object.hasOwn(now.parts, part) ? "~" : "-";
}

function descriptionLines(old: string, now: string): string[] {
  const [before, after] = [old, now].map((text) => text.split(/\r?\n/).filter((line) => line.trim() !== ""));
  const gone = before?.filter((line) => !after?.includes(line)) ?? [];
  const fresh = after?.filter((line) => !before?.includes(line)) ?? [];
  if (gone.length + fresh.length > 0)
    return [...gone.map((line) => `- ${line}`), ...fresh.map((line) => `+ ${line}`)];
  return [`description: in its spacing or order, or after its first ${MAX_DESCRIPTION} characters`];
}

function oneLine(text: string): string {
  return showInvisible(text.replaceAll(/\s+/g, " "));
}
