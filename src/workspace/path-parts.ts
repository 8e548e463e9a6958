// What a path in the workspace may look like. It looks at text only; whether links stand in the way is place.ts's matter.
import { ToolgroveError } from "../errors.ts";

/** The folder of unfinished writes and of what is being removed; agents never see it. */
export const DRAFTS = ".drafts";

const MAX_PATH_CHARS = 1_000;
/** What common file systems take for one name. */
const MAX_NAME_BYTES = 255;
// Names Windows opens as devices wherever they stand, with or without an ending.
const DEVICE = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$|clock\$) *(\..*)?$/i;
// `PROGRA~1`: another name that Windows gives a file.
const SHORT_NAME = /^[^.]{1,6}~\d{1,2}(\.[^.]{0,3})?$/;

/**
 * The names on the way from the workspace to a file; none for the workspace itself. `workspace/` in front is allowed.
 *
 * Refuses, with code `workspace`, what leaves the folder, what some system would take for another file or a device, and
 * what looks like another name: a home is carried between systems, so every system refuses the same.
 */
export function pathParts(relative: unknown): string[] {
  if (typeof relative !== "string") throw refusal(relative, "a path is a string");
  if (relative.length > MAX_PATH_CHARS)
    throw refusal(relative.slice(0, 60), `it is longer than ${MAX_PATH_CHARS} characters`);
  // What the agent sees in answers is `workspace/…`; it may write it as well.
  const clean = relative.replaceAll("\\", "/").replace(/^(\.\/)*workspace(\/|$)/i, "");
  const wrong = wholeFault(clean);
  if (wrong !== undefined) throw refusal(relative, wrong);
  const parts = clean.split("/").filter((part) => part !== "" && part !== ".");
  const fault = parts.map(nameFault).find((found) => found !== undefined);
  if (fault !== undefined) throw refusal(relative, fault);
  if (parts[0]?.toLowerCase() === DRAFTS) throw refusal(relative, `${DRAFTS}/ belongs to Toolgrove`);
  return parts;
}

/** A refused path, in words that name no folder of this machine. */
export function refusal(relative: unknown, why: string): ToolgroveError {
  const shown = typeof relative === "string" ? JSON.stringify(relative) : String(relative);
  return new ToolgroveError(
    "workspace",
    `The path ${shown} is refused: ${why}. Use a path relative to workspace/, such as "reports/today.json".`,
  );
}

function wholeFault(text: string): string | undefined {
  if (/\p{Cc}/u.test(text)) return "it holds control characters";
  const unseen = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.exec(text);
  if (unseen) return `it holds the invisible character ${codePoint(unseen[0])}`;
  if (text.startsWith("/") || /^[A-Za-z]:/.test(text)) return "it is absolute";
  return undefined;
}

function nameFault(name: string): string | undefined {
  if (name === "..") return 'it contains ".."';
  const folded = name.normalize("NFKC");
  if (/^[.\s]+$/.test(folded) || /[/\\]/.test(folded)) return `"${name}" looks like dots or slashes`;
  if (name.includes(":")) return `"${name}" contains ":"`;
  if (/[. ]$/.test(name)) return `"${name}" ends with a dot or a space`;
  if (name === "~" || SHORT_NAME.test(name)) return `"${name}" has another meaning on some systems`;
  if (DEVICE.test(name)) return `"${name}" is a device name`;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `a name in it is longer than ${MAX_NAME_BYTES} bytes`;
  return undefined;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
