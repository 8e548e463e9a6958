// What a type check is asked and what it answers: plain data, for it crosses into a thread. It knows no compiler.
import type { Closure } from "./closure.ts";

/** Modules to check, with all that they import. */
export interface CheckQuestion extends Closure {
  /** Paths of the modules that are checked; what they import is taken as it is. */
  readonly subjects: readonly string[];
}

/** Something wrong at a place of a checked module; line and column count from 1. */
export interface CheckFault {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A function of the home that a checked module uses. */
export interface UsedFunction {
  /** The module it is declared in, relative to the home. */
  readonly path: string;
  readonly name: string;
  /** `server/tool` of the upstream tool it stands for, when it is a wrapper. */
  readonly tool?: string | undefined;
}

/** What a check found. */
export interface CheckReport {
  readonly faults: readonly CheckFault[];
  /** By checked module. */
  readonly uses: Readonly<Record<string, readonly UsedFunction[]>>;
}
