// Where a skill that was saved stands: compared with its record, checked again when that differs, and recorded anew.
import { diffTools } from "../codegen/lock-diff.ts";
import type { LockedTools } from "../codegen/lock.ts";
import type { Checker, CheckReport } from "../sandbox/check/checker.ts";
import { hashText, stateOf, UNKNOWN_STATE, type RecordedTool, type SkillRecord } from "../skills/record.ts";
import { readProof, writeRecord, type StoredSkill } from "../skills/store.ts";
import { skillModulesIn, shownFault, shownPath, toolsIn } from "./names.ts";
import { hashesOf, namesIn, type States, type UsedNow } from "./states.ts";

/** A skill that was saved, as it stands on disk. */
export interface SavedSkill {
  readonly skill: StoredSkill;
  readonly record: SkillRecord;
  readonly code: string;
}

/** What judges it. */
export interface SavedParts {
  readonly checker: Pick<Checker, "files">;
  readonly states: States;
}

/** Why the skill no longer fits what it uses, with the difference; undefined when it fits. */
export async function faultOfSaved(parts: SavedParts, saved: SavedSkill): Promise<string | undefined> {
  const { skill, record, code } = saved;
  const used = await parts.states.used(namesIn(record));
  const proof = await readProof(skill);
  const state = stateOf(code, [...hashesOf(used), ["proof", proof && hashText(proof.text)]]);
  if (record.stale ? record.stale.state === state : isAsRecorded(saved, used)) return record.stale?.reason;
  // The run that proves it must fit as well.
  const texts = { [skill.file]: code, ...(proof && { [proof.file]: proof.text }) };
  const checked = await parts.checker.files(texts);
  // No answer says nothing about the skill: it is asked again.
  if ("unchecked" in checked) return undefined;
  const { stale: _, ...kept } = record;
  const reason = reasonIn(checked, differences(record, used));
  const found =
    reason === undefined
      ? { sha256: hashText(code), ...(await usedBy(saved, checked, parts.states)) }
      : { stale: { state, reason } };
  // A home that cannot be written costs another check the next time, and no answer.
  await writeRecord(skill, { ...kept, ...found }).catch(() => undefined);
  return reason;
}

function isAsRecorded({ record, code }: SavedSkill, used: UsedNow): boolean {
  const recorded = new Map(Object.entries(record.tools).map(([name, { sha256 }]) => [name, sha256]));
  return (
    record.sha256 === hashText(code) &&
    hashesOf(used).every(([name, hash]) => hash === (recorded.get(name) ?? record.skills[name]))
  );
}

function reasonIn({ faults: [fault] }: CheckReport, difference: string): string | undefined {
  return (
    fault &&
    `${difference}${shownFault(fault)} Mend that file, or save the skill again; it is checked again when it changes.`
  );
}

/** What a skill that fits uses now. */
async function usedBy(
  { skill: { file }, record }: SavedSkill,
  { uses }: CheckReport,
  states: States,
): Promise<Pick<SkillRecord, "tools" | "skills">> {
  const used = uses[file] ?? [];
  return states.recorded({ tools: toolsIn(used), skills: skillModulesIn(file, used) }, record);
}

/** What changed of the tools, in the words of `sync`, and which skills did. */
function differences({ tools, skills }: SkillRecord, used: UsedNow): string {
  const changes = diffTools(comparable(Object.entries(tools)), comparable(used.tools));
  const ofTools = changes
    .filter(({ kind, parts }) => kind !== "changed" || parts.length > 0)
    .flatMap((change) => change.lines);
  const ofSkills = [...used.skills].flatMap(([file, state]) => {
    if (state === skills[file] || skills[file] === UNKNOWN_STATE) return [];
    return [`${state === undefined ? "-" : "~"} ${shownPath(file)}`];
  });
  const lines = [...ofTools, ...ofSkills];
  return lines.length > 0 ? `${lines.map((line) => line.trim()).join("; ")}. ` : "";
}

/** Without descriptions: a skill fits whatever they say, and records do not hold their texts. */
function comparable(tools: Iterable<readonly [string, RecordedTool | undefined]>): LockedTools {
  const there = [...tools].flatMap(([name, tool]) => {
    const { description: _, ...parts } = tool?.parts ?? {};
    return tool ? [[name, { ...tool, parts }] as const] : [];
  });
  return new Map(there);
}
