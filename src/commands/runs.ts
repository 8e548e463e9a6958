// `runs`: the executions that were kept so that they can be gone on with: lists, shows and removes them.
import type { RunState } from "../journal/run-state.ts";
import type { BrokenRun } from "../journal/journal.ts";
import type { Runs } from "../gateway.ts";
import { UsageError, type Command, type CommandContext, type ExitCode } from "./command.ts";
import { visible } from "./visible.ts";

/** One run, as `--json` prints it. */
interface ListedRun {
  readonly id: string;
  /** `interrupted`: its process died. `broken`: its journal cannot be read. The others are how it ended. */
  readonly state: string;
  /** When it began, ISO 8601; null when that cannot be read. */
  readonly begun: string | null;
  /** Completed calls and workspace operations. */
  readonly calls: number;
  /** Calls that were sent and never answered. */
  readonly inDoubt: number;
}

export const runsCommand: Command = {
  name: "runs",
  usage: "[show ID|remove ID|remove --all]",
  summary: "executions that can be gone on with: list, show, remove",
  flags: ["json", "all"],
  async run(context) {
    const [verb, id, ...rest] = context.args;
    if (rest.length > 0) throw new UsageError(`runs takes one id, not "${rest.join(" ")}" as well.`);
    if (context.flags.all && verb !== "remove") throw new UsageError("--all belongs to runs remove.");
    const { runs } = await context.gateway();
    if (verb === undefined) return listRuns(runs, context);
    if (verb === "show") return showRun(runs, needId(id, "show"), context);
    if (verb !== "remove") throw new UsageError(`runs has no "${verb}": show ID, remove ID or remove --all.`);
    if (context.flags.all && id !== undefined) throw new UsageError("remove takes an id or --all, not both.");
    return context.flags.all ? removeAll(runs, context) : removeRun(runs, needId(id, "remove"), context);
  },
};

function needId(id: string | undefined, verb: string): string {
  if (id !== undefined) return id;
  throw new UsageError(`runs ${verb} needs an id; \`toolgrove runs\` lists them.`);
}

async function listRuns(runs: Runs, { flags, out }: CommandContext): Promise<ExitCode> {
  const listed = (await runs.all()).map((run) => describe(run, runs));
  if (flags.json) out(JSON.stringify(listed));
  else if (listed.length === 0) out("There are no runs.");
  else for (const run of listed) out(printRun(run));
  return 0;
}

function describe(run: RunState | BrokenRun, runs: Runs): ListedRun {
  if ("problem" in run) return { id: run.id, state: "broken", begun: null, calls: 0, inDoubt: 0 };
  const isOpen = run.end === undefined;
  const doubts = run.actions.filter(({ standing, kind }) => standing.is === "open" && kind === "write");
  return {
    id: run.id,
    state: isOpen ? (runs.isRunning(run.id) ? "running" : "interrupted") : stateOf(run),
    begun: new Date(run.begunAt).toISOString(),
    calls: run.completed,
    inDoubt: doubts.length,
  };
}

const STATES: Readonly<Record<string, string>> = { value: "finished", error: "failed" };

function stateOf({ end }: RunState): string {
  return STATES[end?.how ?? ""] ?? end?.how ?? "interrupted";
}

function printRun({ id, state, calls, inDoubt }: ListedRun): string {
  const doubt = inDoubt > 0 ? `, ${inDoubt} in doubt` : "";
  return `${id}  ${state.padEnd(11)}  ${calls} call${calls === 1 ? "" : "s"}${doubt}`;
}

async function showRun(runs: Runs, id: string, { flags, out }: CommandContext): Promise<ExitCode> {
  const run = await runs.read(id);
  if (!run) throw new UsageError(`There is no run "${id}"; \`toolgrove runs\` lists them.`);
  const { code, end } = run;
  const actions = run.actions.filter(({ standing }) => standing.is !== "repeated");
  const told = { ...describe(run, runs), message: end?.message ?? null, code };
  if (flags.json) {
    out(JSON.stringify({ ...told, actions: actions.map(toJson) }));
    return 0;
  }
  out(`${printRun(told)}, begun ${told.begun ?? ""}`);
  if (end?.message !== undefined) out(visible(end.message));
  for (const action of actions) out(printAction(action));
  out("");
  out(code.split("\n").map(visible).join("\n"));
  return 0;
}

type RecordedAction = RunState["actions"][number];

function toJson({ server, tool, args, standing }: RecordedAction): object {
  return { server, tool, args, state: standing.is };
}

const SHOWN_STANDINGS: Readonly<Record<string, string>> = { open: "unanswered", unkept: "done" };

function printAction({ server, tool, args, standing }: RecordedAction): string {
  const text = JSON.stringify(args) ?? "";
  const shown = text.length > ARGS_CHARS ? `${text.slice(0, ARGS_CHARS)}…` : text;
  const state = SHOWN_STANDINGS[standing.is] ?? standing.is;
  return `${state.padEnd(10)}  ${visible(`${server ?? "workspace"}.${tool} ${shown}`)}`;
}

const ARGS_CHARS = 160;

async function removeRun(runs: Runs, id: string, { out }: CommandContext): Promise<ExitCode> {
  if (!(await runs.remove(id)))
    throw new UsageError(`There is no run "${id}"; \`toolgrove runs\` lists them.`);
  out(`Removed ${id}.`);
  return 0;
}

async function removeAll(runs: Runs, { out, note }: CommandContext): Promise<ExitCode> {
  const listed = await runs.all();
  const running = listed.filter(({ id }) => runs.isRunning(id));
  for (const { id } of listed) if (!runs.isRunning(id)) await runs.remove(id);
  for (const { id } of running) note(`kept ${id}, which is running`);
  out(`Removed ${listed.length - running.length} of ${listed.length}.`);
  return 0;
}
