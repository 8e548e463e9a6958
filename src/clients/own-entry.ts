// Toolgrove's own entry in a client's file: how it is known again, so that it is never imported and never doubled.
import path from "node:path";
import type { HomeEntry } from "./entry.ts";
import type { Launch } from "./dialects.ts";

/** The key under which Toolgrove stands in a client's file. */
export const OWN_NAME = "toolgrove";

const PROGRAM = /(?:^|[\\/])toolgrove(?:@[^\\/]*)?(?:\.(?:cmd|exe|js|mjs))?$/;
/** Its script where it was built in a clone, whatever the folder is called. */
const CLONE = /[\\/]dist[\\/]cli\.js$/;

/** What starts Toolgrove on a home; `self` is the command line that started this very program. */
export function launchOf(self: readonly string[], home: string): Launch {
  const [command = OWN_NAME, ...rest] = self;
  return { command, args: [...rest, "serve", "--home", home] };
}

/** Whether the entry starts Toolgrove, however it was installed. */
export function isOwnEntry(name: string, entry: HomeEntry, launch: Launch): boolean {
  if ("url" in entry) return false;
  const words = [entry.command, ...(entry.args ?? [])];
  const script = launch.args.find((word) => path.isAbsolute(word));
  if (words.some((word) => PROGRAM.test(word) || word === script)) return true;
  return words.includes("serve") && (name === OWN_NAME || words.some((word) => CLONE.test(word)));
}

/** Whether Toolgrove's entry serves this very home. */
export function servesHome(entry: HomeEntry, launch: Launch): boolean {
  const home = "url" in entry ? undefined : homeIn(entry.args ?? []);
  return home !== undefined && home === homeIn(launch.args);
}

function homeIn(args: readonly string[]): string | undefined {
  const flag = args.indexOf("--home");
  return flag < 0 ? undefined : args[flag + 1];
}
