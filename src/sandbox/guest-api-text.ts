// The text of guest-api.ts, for those who show it or check code against it.
import { readFile } from "node:fs/promises";
import path from "node:path";

/** The declarations of the global `workspace` with their comments: one TypeScript module, types only. */
export function readGuestApi(): Promise<string> {
  // The build leaves the types in a declaration file.
  const ending = path.extname(import.meta.url) === ".js" ? ".d.ts" : ".ts";
  return readFile(new URL(`./guest-api${ending}`, import.meta.url), "utf8");
}

/** The same without comments and words that tell a reader nothing, in as few lines as it has. */
export async function guestSignatures(): Promise<string> {
  const text = (await readGuestApi())
    .replace(/\/\*[^]*?\*\/|^\/\/.*$/gm, "")
    .replace(/\b(export|readonly) /g, "");
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "")
    .join("\n")
    .replace("interface GuestWorkspace", "const workspace:");
}
