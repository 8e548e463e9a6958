// An execution that can be taken up again: finds the run it belongs to, and says in the answer what there is to say about
// it. A part of the composition root, like `execution.ts`.
import { attemptLines, goOnLines, unfinishedLine } from "./journal/answer-lines.ts";
import type { Journal, Opened, Run } from "./journal/journal.ts";
import type { ExecutionEnd } from "./sandbox/output.ts";

/** The parts of a request that name its run. */
export interface RunRequest {
  readonly code?: string | undefined;
  readonly resume?: string | undefined;
  readonly onDoubt?: "retry" | "skip" | undefined;
}

/** Begins a run, or takes one up again. */
export async function openRun(journal: Journal, request: RunRequest, newId: () => string): Promise<Opened> {
  const { code, resume, onDoubt } = request;
  if (resume !== undefined) return journal.resume(resume, { code: code?.trim() ? code : undefined, onDoubt });
  if (onDoubt !== undefined)
    return { problem: "on_doubt decides about a run that is taken up again: give resume as well." };
  if (code === undefined)
    return { problem: "There is no code. Give code, or resume with the id of a run to go on with." };
  return { run: journal.begin(newId(), code) };
}

/** Ends the attempt and gives the lines that its answer ends with. */
export async function closeRun(journal: Journal, run: Run, end: ExecutionEnd): Promise<string[]> {
  const isStopped = end.how === "cancelled" && run.stopped.aborted;
  const report = run.report();
  await run.end(isStopped ? "stopped" : end.how, end.message);
  const lines = run.isResumed && end.how !== "nothing" ? attemptLines(run.id, report) : [];
  if (run.problem() !== undefined)
    return [
      ...lines,
      `This run cannot be gone on with: its journal could not be written (${run.problem()}).`,
    ];
  if (end.how === "value") return lines;
  const state = await journal.read(run.id);
  return state ? [...lines, ...goOnLines(state)] : lines;
}

const RECENT_MS = 6 * 3_600_000;

/** Gives, once in the life of a server, the line about runs that an earlier one left. Never rejects. */
export function createUnfinishedNotice(journal: Journal): () => Promise<string[]> {
  let isGiven = false;
  return async () => {
    if (isGiven) return [];
    isGiven = true;
    const runs = await journal.unfinished(Date.now() - RECENT_MS).catch(() => []);
    return runs.length > 0 ? [unfinishedLine(runs)] : [];
  };
}
