// Where skills without a record stand: what was found is kept in memory, for nothing is written into a folder that is its
// owner's work.
import type { Checker } from "../sandbox/check/checker.ts";
import { skillModulesIn, shownFault } from "./names.ts";
import type { States } from "./states.ts";

/** What a look found. */
interface Look {
  readonly fault?: string | undefined;
  readonly uses: readonly string[];
}

/** Skills that were written by hand. */
export interface HandWritten {
  /** What is wrong with it, and the modules of other skills it uses. */
  look(file: string, code: string): Promise<Look>;
  /** What was found wrong when it was last looked at. */
  known(file: string): string | undefined;
}

/** Remembers a skill as long as it and what it reaches stay as they are. */
export function createHandWritten(checker: Pick<Checker, "files">, states: States): HandWritten {
  const known = new Map<string, Look & { readonly state: string }>();
  return {
    async look(file, code) {
      // Code that imports nothing fits whatever the tools are.
      if (!/\b(?:import|from)\b/.test(code)) return { uses: [] };
      const { state } = await states.reach(file, code);
      const before = known.get(file);
      if (before?.state === state) return before;
      const checked = await checker.files({ [file]: code });
      // No answer says nothing about the skill, and would be as long in coming the next time.
      const { faults, uses } = "unchecked" in checked ? { faults: [], uses: {} } : checked;
      const [first] = faults;
      const fault = first && `does not fit its tools: ${shownFault(first)} Mend that file.`;
      const found = { state, fault, uses: skillModulesIn(file, uses[file]) };
      known.set(file, found);
      return found;
    },
    known: (file) => known.get(file)?.fault,
  };
}
