// A quota that no test meets by accident.
import type { Quota } from "../../src/workspace/usage.ts";

export const ROOMY: Quota = { maxMb: 4_096, maxFileMb: 1_024, maxFiles: 100_000 };
