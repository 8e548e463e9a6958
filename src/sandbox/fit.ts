// Keeps an answer within its room: what is too long goes to a file, and the answer says where, how big and what it is.
import { messageOf } from "../errors.ts";

/** Writes text the answer has no room for; resolves with the path to name. */
export type Spill = (kind: "json" | "txt" | "log", text: string) => Promise<string>;

const MAX_SHAPE_CHARS = 300;

/** How much room there is, and where the rest may go. */
export interface FitOptions {
  /** Characters. */
  readonly room: number;
  readonly kind: "json" | "txt" | "log";
  /** What the text is, in a few words. */
  readonly shape: string;
  readonly spill: Spill;
  /** Characters of the text's end to keep as well; none by default. */
  readonly tail?: number;
}

/** `text`, or its beginning (and end) and the file that has all of it, together within the room. */
export async function fit(text: string, { room, kind, shape, spill, tail = 0 }: FitOptions): Promise<string> {
  if (text.length <= room) return text;
  const bytes = Buffer.byteLength(text);
  const read = kind === "json" ? "readJson" : "readText";
  // What has been done must be told also when the rest finds no room.
  const where = await spill(kind, text).then(
    (file) => `whole in workspace/${file}: workspace.${read}("${file}")`,
    (error: unknown) => `the rest is lost: ${cut(messageOf(error), MAX_SHAPE_CHARS)}`,
  );
  // The guest wrote the shape.
  const what = cut(shape, MAX_SHAPE_CHARS);
  const note = `\n[cut: ${what}, ${bytes.toLocaleString("en")} bytes, ${where}]`;
  const end = tail > 0 ? `\n…\n${text.slice(-tail)}` : "";
  return cut(text, room - end.length - note.length) + end + note;
}

/** At most `room` characters, never half of a surrogate pair. */
export function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const end = Math.max(Math.floor(room), 0);
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return text.slice(0, splitsPair ? end - 1 : end);
}
