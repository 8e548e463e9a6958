// One `execute_code`: the program runs in the sandbox, with the servers it names made ready and what was wrong with their
// wrappers said. A part of the composition root, like `parts.ts`: capabilities meet here.
import { nameServers } from "./codegen/identifier.ts";
import type { Home } from "./home.ts";
import type { GatewayOptions, Parts } from "./parts.ts";
import { newExecutionId } from "./sandbox/execution-id.ts";
import type { Run } from "./journal/journal.ts";
import { notRun, type ExecutionAnswer, type ExecutionEnd } from "./sandbox/output.ts";
import { closeRun, createUnfinishedNotice, openRun } from "./resumption.ts";
import type { SavingParts } from "./skill-saving.ts";
import type { CallProgress, ToolRef } from "./tool.ts";
import type { Upstreams } from "./upstream/upstreams.ts";

export type { ExecutionAnswer };

/** What is to be executed, and how. */
export interface ExecuteRequest {
  /** The program; may be left out where `resume` names a run, which then goes on with its own. */
  readonly code?: string | undefined;
  /** The id of a run that did not end well: go on with it. */
  readonly resume?: string | undefined;
  /** What becomes of calls of the resumed run that were sent and never answered; they stop it by default. */
  readonly onDoubt?: "retry" | "skip" | undefined;
  /** Keeps the exported functions as a skill under this path, `group/name`, when the program has run to its end. */
  readonly saveAs?: string | undefined;
  /** Wall-clock limit in milliseconds; the home's `limits.timeoutMs` by default. */
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
  /** Hears how far the calls of the execution are. */
  readonly onProgress?: ((ref: ToolRef, progress: CallProgress) => void) | undefined;
}

/** Makes `execute` of the gateway. */
export function createExecute(
  parts: Parts,
  options: GatewayOptions,
): (request: ExecuteRequest) => Promise<ExecutionAnswer> {
  const { journal } = parts;
  const noteUnfinished = createUnfinishedNotice(journal);
  const runProgram = withSaving(
    { ...parts, skillsDir: options.home.skillsDir },
    createRunner(parts, options),
  );
  return async (request) => {
    const opened = await openRun(journal, request, newExecutionId);
    if ("problem" in opened) return refused(opened.problem);
    // Begun now: while it goes on, the run that is taken up is nobody's news.
    const unfinished = options.isServing ? noteUnfinished() : [];
    let end: ExecutionEnd = { how: "nothing" };
    let answer: ExecutionAnswer | undefined;
    try {
      answer = await runProgram(request, opened.run);
      ({ end } = answer);
    } finally {
      const lines = [...(await closeRun(journal, opened.run, end)), ...(await unfinished)];
      if (answer) answer = { ...answer, text: [answer.text, ...lines].join("\n") };
    }
    return answer;
  };
}

/** Runs the program of a run. */
type RunProgram = (request: ExecuteRequest, run: Run) => Promise<ExecutionAnswer>;

function createRunner(
  { upstreams, synchroniser, sandbox, standing }: Parts,
  { home, trusted }: GatewayOptions,
): RunProgram {
  return async (request, run) => {
    const { timeoutMs = home.settings.limits.timeoutMs, onProgress } = request;
    const named = serversIn(run.code, home);
    if (trusted) prepareServers(named.keys(), upstreams);
    const folders = new Set(named.values());
    await synchroniser.settled(folders);
    const before = synchroniser.reasons(folders);
    const answer = await sandbox.execute(run.code, {
      executionId: run.id,
      timeoutMs,
      signal: AbortSignal.any([request.signal, run.stopped]),
      repeat: run,
      freeCalls: run.recorded,
      async vet(files) {
        const lines = await standing.unfit(files);
        return lines.length > 0 ? lines.join("\n") : undefined;
      },
      onProgress,
    });
    // A server that has no wrappers, or had none when this began, is no more than an unknown name to the code.
    const reasons = answer.isError ? new Set([...before, ...synchroniser.reasons(folders)]) : [];
    return { ...answer, text: [answer.text, ...reasons].join("\n") };
  };
}

/** With `saveAs`, runs only a program that could become a skill, which it becomes when it ends well. */
function withSaving(parts: SavingParts, runProgram: RunProgram): RunProgram {
  return async (request, run) => {
    const { saveAs } = request;
    if (saveAs === undefined) return runProgram(request, run);
    const { prepareSkill, keepSkill } = await import("./skill-saving.ts");
    const prepared = await prepareSkill(parts, { code: run.code, saveAs });
    if ("refusal" in prepared) return refused(prepared.refusal);
    const answer = await runProgram(request, run);
    if (answer.isError) return answer;
    return { ...answer, text: [answer.text, ...(await keepSkill(parts, prepared.skill))].join("\n") };
  };
}

/** The answer to a request that cannot be meant. */
function refused(problem: string): ExecutionAnswer {
  return notRun(`Nothing was run. ${problem}`);
}

/** The servers whose folder's name stands in the code, with that folder. A comment or a word of prose counts as well. */
function serversIn(code: string, { servers }: Home): Map<string, string> {
  return new Map(
    [...nameServers(servers.map(({ name }) => name))].filter(([, folder]) => code.includes(folder)),
  );
}

/** Starts servers while the code that names them is still being bundled. A wrong guess costs a start, never a call. */
function prepareServers(servers: Iterable<string>, upstreams: Upstreams): void {
  // What goes wrong here goes wrong again, and is told, when the tool is called.
  for (const server of servers) upstreams.list(server).catch(() => undefined);
}
