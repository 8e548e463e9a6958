// Whether skills still fit the tools they use: one whose tools have changed is checked again, and what no longer fits is
// remembered with the difference. A part of the composition root, like `execution.ts`.
import { diffTools } from "./codegen/lock-diff.ts";
import type { LockedTools } from "./codegen/lock.ts";
import type { Parts } from "./parts.ts";
import { pathOf } from "./skills/names.ts";
import { hashText, stateOf, type RecordedTool, type SkillRecord } from "./skills/record.ts";
import { listSkills, readModule, writeRecord, type StoredSkill } from "./skills/store.ts";

/** What is looked at to tell where skills stand. */
export type StandingParts = Pick<Parts, "checker" | "lock"> & { readonly skillsDir: string };

/**
 * One line for each skill named in `text`, or used by one, that no longer fits: which, the difference, what to do. A skill
 * is checked when its code or a tool of it is not what was recorded, and not again before that changes.
 */
export async function staleSkills(parts: StandingParts, text: string): Promise<string[]> {
  if (!text.includes("skills/")) return [];
  const lines: string[] = [];
  for (const skill of concerned(await listSkills(parts.skillsDir), text)) {
    const reason = await staleReason(parts, skill);
    if (reason !== undefined) lines.push(`skills/${pathOf(skill)} is stale: ${reason}`);
  }
  return lines;
}

/** The skills that a text names, and those that they use. */
function concerned(skills: readonly StoredSkill[], text: string): Iterable<StoredSkill> {
  const byPath = new Map(skills.map((skill) => [pathOf(skill), skill]));
  const found = new Set(
    skills.filter(({ group, name }) => text.includes(`skills/${group}`) && text.includes(name)),
  );
  // A set that grows while it is walked through is walked to its end.
  for (const { record } of found) {
    for (const used of record?.skills ?? []) {
      const skill = byPath.get(used);
      if (skill) found.add(skill);
    }
  }
  return found;
}

async function staleReason(parts: StandingParts, skill: StoredSkill): Promise<string | undefined> {
  const { record } = skill;
  const code = await readModule(skill);
  if (!record || code === undefined) return undefined;
  const current = await currentTools(parts, Object.keys(record.tools));
  const hashes = Object.fromEntries([...current].map(([name, tool]) => [name, tool?.sha256]));
  const state = stateOf(code, hashes);
  if (record.stale?.state === state) return record.stale.reason;
  const isKnown = Object.entries(record.tools).every(([name, { sha256 }]) => sha256 === hashes[name]);
  if (isKnown && record.sha256 === hashText(code) && !record.stale) return undefined;
  return checkAgain(parts, { skill, record, code, current, state });
}

type CurrentTools = ReadonlyMap<string, RecordedTool | undefined>;

/** The tools as the servers' locks hold them now; undefined for one that is gone. */
async function currentTools({ lock }: StandingParts, names: readonly string[]): Promise<CurrentTools> {
  const found = await Promise.all(
    names.map(async (name) => {
      const { server, tool } = splitName(name);
      const locked = (await lock.tools(server))?.get(tool);
      return [name, locked && { sha256: locked.sha256, parts: { ...locked.parts } }] as const;
    }),
  );
  return new Map(found);
}

function splitName(name: string): { server: string; tool: string } {
  const [server = "", ...tool] = name.split("/");
  return { server, tool: tool.join("/") };
}

interface Changed {
  readonly skill: StoredSkill;
  readonly record: SkillRecord;
  readonly code: string;
  readonly current: CurrentTools;
  readonly state: string;
}

/** Checks the types; records that it fits as things are now, or that it does not and why. */
async function checkAgain(parts: StandingParts, changed: Changed): Promise<string | undefined> {
  const { skill, record, code, current, state } = changed;
  const checked = await parts.checker.files({ [skill.file]: code });
  // No answer says nothing about the skill: it is asked again.
  if ("unchecked" in checked) return undefined;
  const [fault] = checked.faults;
  const { stale: _, ...kept } = record;
  if (!fault) {
    // What is known of a tool that no lock holds now is all there is to compare it with when it comes back.
    const present = [...current].flatMap(([name, tool]) => (tool ? [[name, tool] as const] : []));
    const tools = { ...record.tools, ...Object.fromEntries(present) };
    await writeRecord(skill, { ...kept, sha256: hashText(code), tools });
    return undefined;
  }
  const place = `${skill.file}:${fault.line}:${fault.column}`;
  const reason =
    `${differences(record, current)}${place}: ${fault.message.split("\n")[0]} ` +
    "Mend that file, or save the skill again; it is checked again when it changes.";
  await writeRecord(skill, { ...kept, stale: { state, reason } });
  return reason;
}

/** What changed of the tools, in the words of `sync`. */
function differences({ tools }: SkillRecord, current: CurrentTools): string {
  const now = [...current].filter((pair): pair is [string, RecordedTool] => pair[1] !== undefined);
  const before: LockedTools = new Map(Object.entries(tools));
  const lines = diffTools(before, new Map(now)).flatMap((change) => change.lines);
  return lines.length > 0 ? `${lines.map((line) => line.trim()).join("; ")}. ` : "";
}
