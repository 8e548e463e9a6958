// Links by which another program finds skills: one in its own folder of skills for each. It knows no such program.
import { lstat, mkdir, readdir, readlink, rm, symlink } from "node:fs/promises";
import path from "node:path";

/** How a skill's folder stands in another program's: `taken` when something else has its name there. */
export type LinkState = "linked" | "absent" | "taken";

/** Looks at the link of a skill's folder `target` in `folder`. */
export async function linkState(target: string, folder: string): Promise<LinkState> {
  const link = linkOf(target, folder);
  const found = await lstat(link).catch(() => undefined);
  if (!found) return "absent";
  if (!found.isSymbolicLink()) return "taken";
  return (await targetOf(link)) === path.resolve(target) ? "linked" : "taken";
}

/** Makes the link where nothing has its name; gives how it stands now. */
export async function makeLink(target: string, folder: string): Promise<LinkState> {
  const before = await linkState(target, folder);
  if (before !== "absent") return before;
  await mkdir(folder, { recursive: true });
  // Windows lets everybody make junctions, but not links; elsewhere the word means nothing.
  await symlink(path.resolve(target), linkOf(target, folder), "junction");
  return "linked";
}

/** Removes the link if it is the skill's; gives how it stood before. */
export async function removeLink(target: string, folder: string): Promise<LinkState> {
  const before = await linkState(target, folder);
  if (before === "linked") await rm(linkOf(target, folder));
  return before;
}

/** Removes all links in `folder` that lead into `skillsDir`, also to what is no more there; gives them, sorted. */
export async function removeLinksInto(skillsDir: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => path.join(folder, name));
  const gone: string[] = [];
  for (const link of links.toSorted()) {
    if (!(await targetOf(link)).startsWith(path.resolve(skillsDir) + path.sep)) continue;
    await rm(link);
    gone.push(link);
  }
  return gone;
}

async function targetOf(link: string): Promise<string> {
  return path.resolve(path.dirname(link), await readlink(link));
}

/** Where the link stands: the skill's folder gives its name. */
export function linkOf(target: string, folder: string): string {
  return path.join(folder, path.basename(target));
}
