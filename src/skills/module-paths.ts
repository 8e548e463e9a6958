// Which file `./skills/GROUP` and `./skills/GROUP/NAME` mean in an import. It reads folders and parses nothing.
import path from "node:path";
import { foldName } from "../nearest.ts";
import { indexText, modulesOf, ownIndex } from "./group-index.ts";

/** A module that an import means: a file of the home, or a text that stands for one. */
export interface SkillModule {
  /** Relative to the home. */
  readonly path: string;
  /** Set when no file holds it. */
  readonly text?: string;
}

/**
 * Finds what a path without its ending means, such as `skills/memory` or `skills/memory/backupAllEntities`. Undefined when
 * the path is that of a file, or of nothing.
 */
export async function findSkillModule(skillsDir: string, target: string): Promise<SkillModule | undefined> {
  const [root, group = "", name, ...more] = target.split("/");
  if (root !== "skills" || group === "" || group.startsWith(".") || more.length > 0) return undefined;
  const groupDir = path.join(skillsDir, group);
  const modules = await modulesOf(groupDir);
  if (modules.length === 0) return undefined;
  if (name === undefined) {
    if (await ownIndex(groupDir)) return undefined;
    // What is on disk now counts, and not what was there when an index was written.
    return { path: `skills/${group}/index.ts`, text: indexText(modules) };
  }
  const folded = foldName(name);
  const found = modules.find((module) => {
    const [folder = "", file] = module.split("/");
    return file !== undefined && [folder, file.replace(/\.ts$/, "")].some((one) => foldName(one) === folded);
  });
  return found === undefined ? undefined : { path: `skills/${group}/${found}` };
}
