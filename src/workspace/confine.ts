// Turns a path an agent wrote into a path inside the workspace, or refuses. Every file operation goes through here.
import { lstat, realpath } from "node:fs/promises";
import path from "node:path";
import { ToolgroveError } from "../errors.ts";

// Names Windows opens as devices wherever they stand, with or without an ending.
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
const MAX_PATH_CHARS = 1_000;

/**
 * The absolute path of `relative` inside `root`.
 *
 * Refuses, with code `workspace`: absolute paths, `..` that leaves the folder, NUL and control characters, device names,
 * and anything reached through a symbolic link. The file itself need not exist.
 */
export async function confine(root: string, relative: unknown): Promise<string> {
  const parts = splitPath(relative);
  const realRoot = await realpath(root);
  let current = realRoot;
  for (const part of parts) {
    current = path.join(current, part);
    const stats = await lstat(current).catch(() => undefined);
    if (stats?.isSymbolicLink()) throw refusal(relative, "it goes through a symbolic link");
    if (stats === undefined) break;
  }
  return path.join(realRoot, ...parts);
}

/** The parts of a relative path, cleaned; refuses what is not one. */
function splitPath(relative: unknown): string[] {
  if (typeof relative !== "string") throw refusal(relative, "a path is a string");
  // What the agent sees in answers is `workspace/…`; it may write it as well.
  const clean = relative.replaceAll("\\", "/").replace(/^(\.\/)*workspace\/(?=.)/, "");
  if (clean.length > MAX_PATH_CHARS)
    throw refusal(relative.slice(0, 60), `it is longer than ${MAX_PATH_CHARS} characters`);
  if (/\p{Cc}/u.test(clean)) throw refusal(relative, "it holds control characters");
  if (clean.startsWith("/") || /^[A-Za-z]:/.test(clean)) throw refusal(relative, "it is absolute");
  const parts = clean.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refusal(relative, 'it contains ".."');
  const device = parts.find((part) => DEVICE.test(part));
  if (device !== undefined) throw refusal(relative, `"${device}" is a device name`);
  return parts;
}

function refusal(relative: unknown, why: string): ToolgroveError {
  const shown = typeof relative === "string" ? JSON.stringify(relative) : String(relative);
  return new ToolgroveError(
    "workspace",
    `The path ${shown} is refused: ${why}. Use a path relative to workspace/, such as "reports/today.json".`,
  );
}
