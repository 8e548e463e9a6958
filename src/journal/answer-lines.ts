// What an answer says about its run, in few words: every one is paid for. It knows neither files nor calls.
import { inDoubt, type Action, type Recorded, type RunState } from "./run-state.ts";

/** What the answer of an attempt has to say about it. */
export interface AttemptReport {
  /** Actions that were answered from the journal. */
  readonly replayed: number;
  /** Failures among them. */
  readonly failures: number;
  /** The first action that was done now. */
  readonly firstLive: Action | undefined;
  /** Completed actions that were never asked for. */
  readonly unasked: readonly Recorded[];
  /** Reads whose answer was lost, which were sent again. */
  readonly sentAgain: readonly Action[];
  /** Reads too large for the journal that gave something else this time. */
  readonly changed: readonly Action[];
}

const ARGS_CHARS = 120;
const SHOWN = 3;

/** Why a run stopped at an action in doubt, and what can be done. */
export function doubtMessage(record: Recorded): string {
  const time = new Date(record.at).toISOString();
  const what =
    record.standing.is === "unkept"
      ? `was done at ${time}, but its answer was too large for the journal`
      : `was sent at ${time} and never answered: it may have been done`;
  return (
    `Stopped before ${showAction(record)}: it ${what}. Find out, then resume with on_doubt: "retry" sends it again, ` +
    `"skip" takes it as done (its value is undefined).`
  );
}

/** How to go on with a run that did not end well; nothing when there is nothing to go on with. */
export function goOnLines(state: RunState): string[] {
  const counts = state.actions.some(
    ({ standing, server, kind }) =>
      (standing.is === "done" || standing.is === "unkept" || standing.is === "skipped") &&
      (server !== null || kind !== "read"),
  );
  const doubts = inDoubt(state);
  if (!counts && doubts.length === 0) return [];
  const named = doubts.length === 0 ? [] : [`In doubt (sent, never answered): ${showSome(doubts)}.`];
  // A run that stopped has said both ways out.
  if (state.end?.how === "stopped" || doubts.length === 0) return [...named, goOn(state.id)];
  return [...named, `${goOn(state.id)}, and on_doubt: "retry" or "skip" for what is in doubt`];
}

/** What a resumed attempt did; its first line is always there. */
export function attemptLines(id: string, report: AttemptReport): string[] {
  const { replayed, failures, firstLive, unasked, sentAgain, changed } = report;
  const failed = failures > 0 ? ` (${failures} failed; on_doubt: "retry" makes those again)` : "";
  const live = firstLive ? `live from ${showAction(firstLive)}` : "nothing was done anew";
  const lines = [`Resumed ${id}: ${count(replayed, "call")} from the journal${failed}, ${live}.`];
  if (unasked.length > 0)
    lines.push(`Done before and not asked for now: ${count(unasked.length, "call")}: ${showSome(unasked)}.`);
  if (sentAgain.length > 0) lines.push(`Sent again, as their answer was lost: ${showSome(sentAgain)}.`);
  if (changed.length > 0) lines.push(`Read anew and found changed: ${showSome(changed)}.`);
  return lines;
}

/** Names runs that nobody was told of. */
export function unfinishedLine(runs: readonly RunState[]): string {
  const shown = runs.slice(0, SHOWN).map((run) => {
    const doubts = inDoubt(run);
    const done = count(run.completed, "call");
    return `${run.id} (${done} done${doubts.length > 0 ? `, ${doubts.length} in doubt` : ""})`;
  });
  const more = runs.length > SHOWN ? ` and ${runs.length - SHOWN} more` : "";
  const [first] = runs;
  return `Unfinished since an earlier server ended: ${shown.join(", ")}${more}. ${goOn(first?.id ?? "")}`;
}

function goOn(id: string): string {
  return `To go on from there: execute_code({ resume: "${id}" })`;
}

function showSome(actions: readonly Action[]): string {
  const more = actions.length > SHOWN ? `, and ${actions.length - SHOWN} more` : "";
  return `${actions.slice(0, SHOWN).map(showAction).join(", ")}${more}`;
}

/** `memory.openNodes({"names":["a"]})`, arguments shortened. */
export function showAction({ server, tool, args }: Action): string {
  const list = server === null && Array.isArray(args) ? args : args === undefined ? [] : [args];
  const text = list.map((one) => JSON.stringify(one)).join(", ");
  const shown = text.length > ARGS_CHARS ? `${text.slice(0, ARGS_CHARS)}…` : text;
  return `${server ?? "workspace"}.${tool}(${shown})`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
