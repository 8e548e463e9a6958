// Names that a new skill must not take: they would be shown, imported or stored as something else. It knows no disk.
import { foldName } from "../nearest.ts";
import { folderOf, pathOf, type SkillName } from "./names.ts";
import type { StoredSkill } from "./store.ts";

/** What there is already. */
export interface Taken {
  readonly skills: readonly StoredSkill[];
  /** Functions that the group's modules export, by module's path. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
  /** Function names of the tools of servers that the skill uses or is filed with, by folder. */
  readonly tools: ReadonlyMap<string, readonly string[]>;
}

/** Why a skill cannot have its name; the same name again is a new version. */
export function collisionOf(
  skill: SkillName & { readonly functions: readonly string[] },
  { skills, exports, tools }: Taken,
): string | undefined {
  const other = skills.find(
    (one) => isNear(one, skill) && (one.name !== skill.name || one.group !== skill.group),
  );
  if (other)
    return `skills/${pathOf(other)} differs from ${pathOf(skill)} in case or separators only: use its name, or another one.`;
  for (const [server, names] of tools) {
    const tool = names.find((name) => foldName(name) === foldName(skill.name));
    if (tool !== undefined)
      return `servers/${server} has a tool ${tool}: a skill of that name would be taken for it. Choose another name.`;
  }
  for (const [module, names] of exports) {
    const twice = skill.functions.find((name) => names.includes(name));
    if (twice !== undefined)
      return `${module} exports ${twice} already, and ./skills/${skill.group} could give only one of them. Choose another name.`;
  }
  return undefined;
}

function isNear(one: SkillName, { group, name }: SkillName): boolean {
  const inGroup = foldName(one.group) === foldName(group);
  return inGroup && (foldName(one.name) === foldName(name) || folderOf(one.name) === folderOf(name));
}
