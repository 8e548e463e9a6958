// What is found in a program that is to become a skill: plain data with a place. It knows no program.

/** Something that stands in the way of a skill, or should be better; line and column count from 1. */
export interface Finding {
  /** What it is, in a word: for programs and tests. */
  readonly rule: FindingRule;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Why a program is refused or warned about. */
export type FindingRule =
  | "syntax"
  | "no-export"
  | "name"
  | "no-description"
  | "not-called"
  | "run-state"
  | "re-export"
  | "too-large"
  | "secret"
  | "personal-data"
  | "absolute-path"
  | "identifier"
  | "date"
  | "count"
  | "record";
