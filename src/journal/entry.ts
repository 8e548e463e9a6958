// The lines of a journal: what each may say, and the way from text and back. It knows nothing of what follows from them.
import { z } from "zod";
import { ToolgroveError } from "../errors.ts";

/**
 * What doing an action again means. `read`: nothing. `repeatable`: the same state as before. `write`: perhaps a second
 * effect.
 */
export type ActionKind = "read" | "repeatable" | "write";

/** Readings of the clocks, run-length coded. */
export interface ClockTape {
  readonly date: readonly number[];
  readonly performance: readonly number[];
}

const clock: z.ZodType<ClockTape> = z.object({
  date: z.array(z.number()),
  performance: z.array(z.number()),
});
const failure = z.object({ name: z.string(), code: z.string(), message: z.string() });
/** When, in milliseconds since 1970. */
const at = z.number();
/** Numbers an action within its run. */
const n = z.int().min(0);

const lineSchema = z.discriminatedUnion("is", [
  z.object({
    is: z.literal("begin"),
    v: z.literal(1),
    id: z.string(),
    at,
    code: z.string(),
    seed: z.string(),
  }),
  /** The run is taken up again, with `code` when it is another. */
  z.object({ is: z.literal("resume"), at, code: z.string().optional() }),
  /** An action leaves us. `server` is null for the workspace; `again` names the action that this one repeats. */
  z.object({
    is: z.literal("sent"),
    n,
    at,
    server: z.string().nullable(),
    tool: z.string(),
    args: z.unknown().optional(),
    /** Stands for arguments that are too large to be kept. */
    key: z.string().optional(),
    kind: z.enum(["read", "repeatable", "write"]),
    again: n.optional(),
    clock: clock.optional(),
  }),
  /** Its answer; `left` says why the value is not here, `hash` then is that of its JSON text. */
  z.object({
    is: z.literal("done"),
    n,
    value: z.unknown().optional(),
    left: z.literal("large").optional(),
    hash: z.string().optional(),
  }),
  /** Whoever was asked said no: there was no effect, or one that it told of. */
  z.object({ is: z.literal("failed"), n, failure }),
  /** The agent has decided that an action in doubt counts as done. */
  z.object({ is: z.literal("skipped"), n }),
  z.object({
    is: z.literal("end"),
    at,
    how: z.enum(["value", "error", "limit", "crashed", "cancelled", "stopped"]),
    message: z.string().optional(),
    /** Completed actions, where the lines of them were let go. */
    calls: z.int().optional(),
  }),
  /** The agent has been told of this run by a later server process. */
  z.object({ is: z.literal("told"), at }),
]);

/** One line. */
export type Line = z.infer<typeof lineSchema>;

/** How an attempt ended; `stopped`: at an action in doubt. */
export type EndKind = Extract<Line, { is: "end" }>["how"];

/** The failure of an action, as it is thrown again. */
export type Failure = z.infer<typeof failure>;

/** The line as text, with its newline. */
export function printLine(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * The lines of a journal. A last line without its newline was being written when its writer died, and is left out.
 * Throws `journal`, naming file and line, for any other line that cannot be read.
 */
export function parseLines(text: string, file: string): Line[] {
  const pieces = text.slice(0, wholeLength(text)).split("\n").slice(0, -1);
  return pieces.map((piece, index) => {
    const line = lineSchema.safeParse(parseJson(piece));
    if (line.success) return line.data;
    throw broken(file, index + 1, "it is not a line of a journal");
  });
}

/** The part of the text that consists of whole lines, in characters. */
export function wholeLength(text: string): number {
  return text.lastIndexOf("\n") + 1;
}

/** A journal that cannot be used. */
export function broken(file: string, line: number, why: string): ToolgroveError {
  return new ToolgroveError(
    "journal",
    `The journal ${file} is broken at line ${line}: ${why}. Only this run is lost; \`toolgrove runs remove\` takes it away.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
