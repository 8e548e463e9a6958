// From positions in the bundled script back to the agent's own lines, and an error shown at its line.
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { PROGRAM_URL, SCRIPT_PREFIX } from "./engine.ts";
import { USER_FILE } from "./program.ts";

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
  // Deno names evaluated code `URL, <anonymous>:LINE:COLUMN`.
  const frame = new RegExp(`${PROGRAM_URL.replaceAll(".", "\\.")}(?:, <anonymous>)?:(\\d+):(\\d+)`, "g");
  const trace = new TraceMap(map);
  const found: SourcePosition[] = [];
  for (const [, lineText, columnText] of stack.matchAll(frame)) {
    const line = Number(lineText);
    const column = Number(columnText) - 1 - (line === 1 ? SCRIPT_PREFIX.length : 0);
    const original = originalPositionFor(trace, { line, column: Math.max(column, 0) });
    if (original.line === null || !original.source?.endsWith(USER_FILE)) continue;
    const last = found.at(-1);
    if (last?.line !== original.line || last.column !== original.column + 1) {
      found.push({ line: original.line, column: original.column + 1 });
    }
  }
  return found;
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
