// What an owner does with the skills of a home: lists, links, removes and proves them, and takes those that came with
// Toolgrove. A part of the composition root, like `skill-offering.ts`.
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecuteRequest, ExecutionAnswer } from "./execution.ts";
import type { Home } from "./home.ts";
import type { Parts } from "./parts.ts";
import { chooseSkill, chooseSkills, type Nameable } from "./skills/choose.ts";
import { listFolders } from "./skills/folders.ts";
import { linkOf, linkState, makeLink, removeLink, removeLinksInto, type LinkState } from "./skills/links.ts";
import { folderAround, pathOf } from "./skills/names.ts";
import {
  copySkill,
  listSkills,
  proofFile,
  removeSkill,
  type CopyResult,
  type StoredSkill,
} from "./skills/store.ts";

/** A skill as its owner sees it. */
export interface ListedSkill {
  /** `memory/tagWhere`; of a folder without code, its path. */
  readonly path: string;
  readonly description: string;
  /** Absent for one that was written by hand. */
  readonly version?: number;
  /** That it does not fit its tools, and why. */
  readonly stale?: string;
  /** How its folder stands in the other program's; absent for a function without a `SKILL.md`, which cannot be linked. */
  readonly link?: LinkState;
}

/** What became of one skill's link. */
export interface LinkedSkill {
  /** The skill's folder: `memory/tag-where`. */
  readonly path: string;
  /** Where the link stands, or would. */
  readonly link: string;
  readonly state: LinkState;
}

/** What an owner may do. Names are forgiven; one that fits none or several throws `bad_input` and says which there are. */
export interface SkillUpkeep {
  /** @param linkFolder another program's folder of skills, absolute */
  list(linkFolder: string): Promise<readonly ListedSkill[]>;
  /** Links these skills, or all. */
  link(names: readonly string[], linkFolder: string): Promise<readonly LinkedSkill[]>;
  /** Removes the links of these skills, or all that lead into the home's skills. Gives the links that are gone. */
  unlink(names: readonly string[], linkFolder: string): Promise<readonly string[]>;
  /** Removes a saved skill with its versions, and its link. Gives its path. */
  remove(name: string, linkFolder: string): Promise<string>;
  /** The paths of the skills that were saved, with the run that proved them, or of these of them. */
  provable(names: readonly string[]): Promise<readonly string[]>;
  /** Runs the program that proved the skill, on the servers as they are. */
  prove(name: string, signal: AbortSignal): Promise<ExecutionAnswer>;
  /** Skills that come with Toolgrove and are not in the home. */
  shipped(): Promise<readonly string[]>;
  /** Copies those, or these of them, into the home. */
  add(names: readonly string[]): Promise<readonly { readonly path: string; readonly result: CopyResult }[]>;
}

/** What upkeep works with. */
interface UpkeepParts extends Pick<Parts, "catalogs" | "standing"> {
  readonly skillsDir: Home["skillsDir"];
  readonly execute: (request: ExecuteRequest) => Promise<ExecutionAnswer>;
}

/** Beside `dist` in the package, beside `src` in the repository. */
const SHIPPED = fileURLToPath(new URL("../skills", import.meta.url));

/** Makes it; nothing is looked at before it is asked for. */
export function createSkillUpkeep(parts: UpkeepParts): SkillUpkeep {
  const { skillsDir, execute } = parts;
  return {
    list: (linkFolder) => listAll(parts, linkFolder),
    link: (names, linkFolder) => linkSkills(skillsDir, names, linkFolder),
    unlink: (names, linkFolder) => unlinkSkills(skillsDir, names, linkFolder),
    async remove(name, linkFolder) {
      const { path: removed, skill } = chooseSkill(await named(skillsDir), name);
      await removeLink(skill.dir, linkFolder);
      await removeSkill(skillsDir, skill);
      return removed;
    },
    async provable(names) {
      const proved = (await named(skillsDir)).filter(({ skill }) => skill.record !== undefined);
      return chooseSkills(proved, names).map((one) => one.path);
    },
    async prove(name, signal) {
      const { skill } = chooseSkill(await named(skillsDir), name);
      const code = `import proof from "./${proofFile(skill.file)}";\nreturn await proof();`;
      return execute({ code, signal });
    },
    async shipped() {
      const present = new Set((await listSkills(skillsDir)).map(pathOf));
      return (await listSkills(SHIPPED)).map(pathOf).filter((one) => !present.has(one));
    },
    async add(names) {
      const added = [];
      for (const { path: name, skill } of chooseSkills(await named(SHIPPED), names))
        added.push({ path: name, result: await copySkill(skill, skillsDir) });
      return added;
    },
  };
}

/** The saved skills of a folder, as they can be named. */
async function named(skillsDir: string): Promise<(Nameable & { readonly skill: StoredSkill })[]> {
  return (await listSkills(skillsDir)).map((skill) => ({
    skill,
    path: pathOf(skill),
    alias: folderAround(skill.file),
  }));
}

async function linkSkills(
  skillsDir: string,
  names: readonly string[],
  linkFolder: string,
): Promise<LinkedSkill[]> {
  const linked: LinkedSkill[] = [];
  for (const { path: folder } of chooseSkills(await listFolders(skillsDir), names)) {
    const dir = path.join(skillsDir, folder);
    linked.push({ path: folder, link: linkOf(dir, linkFolder), state: await makeLink(dir, linkFolder) });
  }
  return linked;
}

async function unlinkSkills(
  skillsDir: string,
  names: readonly string[],
  linkFolder: string,
): Promise<string[]> {
  if (names.length === 0) return removeLinksInto(skillsDir, linkFolder);
  const gone: string[] = [];
  for (const { path: folder } of chooseSkills(await listFolders(skillsDir), names)) {
    const dir = path.join(skillsDir, folder);
    if ((await removeLink(dir, linkFolder)) === "linked") gone.push(linkOf(dir, linkFolder));
  }
  return gone;
}

async function listAll(parts: UpkeepParts, linkFolder: string): Promise<ListedSkill[]> {
  const { skillsDir } = parts;
  const functions = await (await parts.catalogs.get()).skills();
  const saved = new Map((await listSkills(skillsDir)).map(({ file, record }) => [file, record?.version]));
  const links = new Map<string, LinkState>();
  for (const { path: folder } of await listFolders(skillsDir))
    links.set(folder, await linkState(path.join(skillsDir, folder), linkFolder));
  const rows: ListedSkill[] = [];
  for (const { path: skill, file, description } of functions) {
    const version = saved.get(file);
    const link = links.get(folderAround(file));
    const stale = (await parts.standing.unfit([file])).join("; ");
    const known = { ...(version !== undefined && { version }), ...(link && { link }) };
    rows.push({
      path: skill.replace(/^skills\//, ""),
      description,
      ...known,
      ...(stale !== "" && { stale }),
    });
  }
  const withCode = new Set(functions.map(({ file }) => folderAround(file)));
  const bare = [...links].filter(([folder]) => !withCode.has(folder));
  for (const [folder, link] of bare)
    rows.push({ path: folder, description: "Instructions, without code.", link });
  return rows.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
