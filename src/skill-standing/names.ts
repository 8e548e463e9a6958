// What skills and the things they use are called, in answers and in records. It reads nothing.
import { placeOf } from "../catalog/document.ts";
import type { CheckFault, UsedFunction } from "../sandbox/check/checker.ts";

/** Whether a path in the home is one of a skill. */
export function isSkill(file: string): boolean {
  return file.startsWith("skills/");
}

/** `skills/group/name`, as agents name it. */
export function shownPath(file: string): string {
  return placeOf(file, file.replace(/^.*\/|\.ts$/g, "")).path;
}

/** `server/tool` of each tool among the functions that are used, sorted. */
export function toolsIn(uses: readonly UsedFunction[]): string[] {
  return [...new Set(uses.flatMap(({ tool }) => tool ?? []))].toSorted();
}

/** The modules of `skills/` among the functions that a module uses, sorted. */
export function skillModulesIn(file: string, uses: readonly UsedFunction[] = []): string[] {
  const modules = uses.map(({ path }) => path).filter((path) => isSkill(path) && path !== file);
  return [...new Set(modules)].toSorted();
}

/** The place of a fault, and what it is. */
export function shownFault({ path, line, column, message }: CheckFault): string {
  return `${path}:${line}:${column}: ${message.split("\n")[0]}`;
}
