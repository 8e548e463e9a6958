// Whether skills still fit the tools they use: one whose code, tools or skills have changed is checked again, and what no
// longer fits is remembered with the difference. A part of the composition root, like `../execution.ts`.
import type { Checker } from "../sandbox/check/checker.ts";
import { isGeneratedIndex } from "../skills/group-index.ts";
import { readModule, skillAt, skillFiles, type StoredSkill } from "../skills/store.ts";
import { createHandWritten } from "./by-hand.ts";
import { isSkill, shownPath } from "./names.ts";
import { faultOfSaved } from "./saved.ts";
import { createStates, splitTool, type Recorded, type States, type StateParts, type Used } from "./states.ts";

/** What is looked at to tell where skills stand. */
export interface StandingParts extends StateParts {
  readonly checker: Pick<Checker, "files">;
}

/** A skill that fitted before a sync and does not after it, or the other way round. */
export interface SkillChange {
  /** `skills/group/name`. */
  readonly skill: string;
  /** One of the servers it uses. */
  readonly server: string;
  /** For people: that it is stale and why, or that it fits again. */
  readonly line: string;
  readonly fits: boolean;
}

/** Tells where skills stand. */
export interface SkillStanding {
  /**
   * A line for each skill among these files (paths in the home; others count for nothing) that does not fit what it uses:
   * which, the difference, what to do. With `andUsed`, also for the skills that those use.
   */
  unfit(files: readonly string[], how?: { readonly andUsed: boolean }): Promise<string[]>;
  /** Looks at all skills that use these servers; what became of those whose standing is another now. */
  recheck(servers: readonly string[]): Promise<SkillChange[]>;
  /** What a record should say of tools and skills as they are now. */
  record(used: Used): Promise<Recorded>;
}

/** Where a skill stands: what is wrong with it, if anything is, and the modules of other skills it uses. */
interface Standing {
  readonly fault?: string | undefined;
  readonly uses: readonly string[];
}

/** Checks nothing by itself. A skill is checked when something of it changed, and not again before that. */
export function createSkillStanding(parts: StandingParts): SkillStanding {
  const states = createStates(parts);
  const byHand = createHandWritten(parts.checker, states);

  async function standingOf(file: string): Promise<Standing> {
    const skill = await skillAt(parts.skillsDir, file);
    const code = await readModule(skill);
    // What imports mean by a group's index that we wrote is made anew each time.
    if (code === undefined || isGeneratedIndex(file, code)) return { uses: [] };
    const { record } = skill;
    if (!record) return byHand.look(file, code);
    const fault = await faultOfSaved({ checker: parts.checker, states }, { skill, record, code });
    return { fault: fault && staleText(fault), uses: Object.keys(record.skills) };
  }

  /** Looks at it; says what is other than it was known. */
  async function changeOf({ file, record }: StoredSkill): Promise<Omit<SkillChange, "server"> | undefined> {
    const before = record ? record.stale && staleText(record.stale.reason) : byHand.known(file);
    const { fault } = await standingOf(file);
    if (fault === before) return undefined;
    const skill = shownPath(file);
    return { skill, fits: fault === undefined, line: `${skill} ${fault ?? "fits its tools again."}` };
  }

  return {
    async unfit(files, { andUsed } = { andUsed: false }) {
      const lines: string[] = [];
      const found = new Set(files.filter(isSkill));
      // A set that grows while it is walked through is walked to its end.
      for (const file of found) {
        const { fault, uses } = await standingOf(file);
        if (fault !== undefined) lines.push(`${shownPath(file)} ${fault}`);
        if (andUsed) for (const used of uses.filter(isSkill)) found.add(used);
      }
      return lines;
    },
    async recheck(servers) {
      const files = servers.length > 0 ? await skillFiles(parts.skillsDir) : [];
      const changes: SkillChange[] = [];
      for (const file of files) {
        const skill = await skillAt(parts.skillsDir, file);
        const used = await serversOf(skill, states);
        const server = servers.find((one) => used.has(one));
        const change = server !== undefined && (await changeOf(skill));
        if (change) changes.push({ ...change, server });
      }
      return changes;
    },
    record: (used) => states.recorded(used),
  };
}

function staleText(reason: string): string {
  return `is stale: ${reason}`;
}

async function serversOf(skill: StoredSkill, states: States): Promise<ReadonlySet<string>> {
  const recorded = Object.keys(skill.record?.tools ?? {}).map((name) => splitTool(name).server);
  const code = await readModule(skill);
  const reached = code === undefined ? [] : (await states.reach(skill.file, code)).servers;
  return new Set([...recorded, ...reached]);
}
