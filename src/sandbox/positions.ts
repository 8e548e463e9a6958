// From positions in the bundled script back to the agent's own lines, and an error shown at its line.
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { PROGRAM_URL, SCRIPT_PREFIX } from "./engine.ts";

/** The name of the agent's source in maps and messages. It stands here: what knows positions is loaded before the parser. */
export const USER_FILE = "user.ts";

/** A place in the agent's text; line and column count from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** Maps a position (from 1) of text that `map` describes to the agent's source; undefined when it is not the agent's. */
export function toUserPosition(map: string, position: SourcePosition): SourcePosition | undefined {
  const found = originalPositionFor(new TraceMap(map), { line: position.line, column: position.column - 1 });
  if (found.line === null || !found.source?.endsWith(USER_FILE)) return undefined;
  return { line: found.line, column: found.column + 1 };
}

/** The frames of a stack that lie in the agent's source, innermost first, without repetition. */
export function userFrames(stack: string, map: string): SourcePosition[] {
  const found: SourcePosition[] = [];
  for (const { source, line, column } of programFrames(stack, map)) {
    const last = found.at(-1);
    if (!source.endsWith(USER_FILE) || (last?.line === line && last.column === column)) continue;
    found.push({ line, column });
  }
  return found;
}

/** The wrapper or skill that threw, as `skills/report.ts:3`; undefined when the agent's code or the bridge did. */
export function homePlace(stack: string, map: string): string | undefined {
  const [frame] = programFrames(stack, map);
  const file = /(servers|skills)\/.+$/.exec(frame?.source ?? "")?.[0];
  return file === undefined || file === "servers/runtime.ts" ? undefined : `${file}:${frame?.line}`;
}

/** The frames of a stack that lie in the program, with the file each came from. */
function programFrames(stack: string, map: string): (SourcePosition & { readonly source: string })[] {
  // Deno names evaluated code `URL, <anonymous>:LINE:COLUMN`.
  const frame = new RegExp(`${PROGRAM_URL.replaceAll(".", "\\.")}(?:, <anonymous>)?:(\\d+):(\\d+)`, "g");
  const trace = new TraceMap(map);
  return [...stack.matchAll(frame)].flatMap(([, lineText, columnText]) => {
    const line = Number(lineText);
    const column = Number(columnText) - 1 - (line === 1 ? SCRIPT_PREFIX.length : 0);
    const original = originalOf(trace, { line, column: Math.max(column, 0) });
    return original ? [original] : [];
  });
}

/** Where a place of the script came from; for text that was put in, such as a `return (`, where the text after it came from. */
function originalOf(
  trace: TraceMap,
  place: SourcePosition,
): (SourcePosition & { readonly source: string }) | undefined {
  const before = originalPositionFor(trace, place);
  const found =
    before.source === null ? originalPositionFor(trace, { ...place, bias: LEAST_UPPER_BOUND }) : before;
  return found.source === null
    ? undefined
    : { source: found.source, line: found.line, column: found.column + 1 };
}

/** `user.ts:3:14`, the source line, and a caret below its column. */
export function showPosition(source: string, { line, column }: SourcePosition): string {
  const text = source.split("\n")[line - 1] ?? "";
  const gutter = `${line} | `;
  // A line without end would drown the message; the window keeps the column in sight.
  const from = column > 100 ? column - 60 : 0;
  const shown = text.slice(from, from + 160).replaceAll("\t", " ");
  return `${USER_FILE}:${line}:${column}\n${gutter}${shown}\n${" ".repeat(gutter.length + column - 1 - from)}^`;
}
