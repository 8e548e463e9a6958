// The journals of one home: begins runs and takes them up again, and wraps calls and workspace operations so that those of
// a run are written down. It knows neither who runs a program nor who answers its calls.
import { randomBytes } from "node:crypto";
import { messageOf } from "../errors.ts";
import type { CallTool } from "../tool.ts";
import type { ActionKind, EndKind } from "./entry.ts";
import { createReplay } from "./replay.ts";
import { createRun, type OnDoubt, type Run } from "./run.ts";
import { inDoubt, type RunState } from "./run-state.ts";
import { openStore, type BrokenRun, type KeepLimits, type Store } from "./store.ts";
import { createWriter } from "./writer.ts";

export type { BrokenRun, Run, RunState };

/** Answers `workspace.METHOD(...args)` of one execution. */
type PerformWorkspace = (
  method: string,
  args: readonly unknown[],
  context: { readonly executionId: string; readonly signal: AbortSignal },
) => Promise<unknown>;

/** What journals are made with. */
export interface JournalOptions {
  /** A folder of the user, outside every home: journals hold data. */
  readonly stateDir: string;
  /** Absolute path of the home. */
  readonly home: string;
  readonly limits: KeepLimits & { readonly megabytes: number };
  /** The kind of a workspace operation; undefined for those that are done anew each time. */
  readonly kindOf: (method: string) => ActionKind | undefined;
  readonly log: (line: string) => void;
}

/** How a run is taken up again. */
export interface ResumeOptions {
  /** Mended code; the run's own without it. */
  readonly code: string | undefined;
  readonly onDoubt: OnDoubt;
}

/** A run that has begun, or why it cannot be. */
export type Opened = { readonly run: Run } | { readonly problem: string };

/** The journals of one home. */
export interface Journal {
  /** Begins a run. Nothing is written before its first action. */
  begin(id: string, code: string): Run;
  /** Takes a run up again, or says why that cannot be. Never rejects. */
  resume(id: string, options: ResumeOptions): Promise<Opened>;
  /** What is known of a run; undefined when there is none. Throws `journal` when it is broken. */
  read(id: string): Promise<RunState | undefined>;
  /** Every run of the home, newest first. */
  all(): Promise<(RunState | BrokenRun)[]>;
  isRunning(id: string): boolean;
  /** False when there was none. Throws `journal` while it is running. */
  remove(id: string): Promise<boolean>;
  /** Runs that a server left when it died or was ended, and that nobody was told of; each is given once. */
  unfinished(sinceMs: number): Promise<RunState[]>;
  clean(): Promise<void>;
  readonly watchCalls: (callTool: CallTool) => CallTool;
  readonly watchWorkspace: (perform: PerformWorkspace) => PerformWorkspace;
}

const MEGABYTE = 1_048_576;
/** Ends of which the agent has had an answer. */
const ANSWERED: ReadonlySet<EndKind> = new Set(["value", "error", "limit", "stopped"]);

/** Opens the journals of a home; nothing is read or written yet. */
export function openJournal(options: JournalOptions): Journal {
  const { limits, kindOf, log } = options;
  const store = openStore(options.stateDir, options.home, limits);
  const running = new Map<string, Run>();
  const desk: Desk = { store, running, maxBytes: limits.megabytes * MEGABYTE, log };
  return {
    begin: (id, code) => beginRun(desk, id, code),
    resume: (id, how) => resumeRun(desk, id, how),
    read: async (id) => (await store.read(id))?.state,
    all: store.all,
    isRunning: (id) => store.locks.holder(id) !== undefined,
    remove: store.remove,
    unfinished: (sinceMs) => tellUnfinished(store, sinceMs),
    clean: store.clean,
    watchCalls: (callTool) => (ref, args, context) => {
      const run = running.get(context.executionId);
      if (!run) return callTool(ref, args, context);
      return run.perform({ ...ref, args }, (onSend) => callTool(ref, args, { ...context, onSend }));
    },
    watchWorkspace: (perform) => async (method, args, context) => {
      const run = running.get(context.executionId);
      const kind = kindOf(method);
      if (!run || !kind) return perform(method, args, context);
      return run.perform({ server: null, tool: method, args }, (onSend) => {
        onSend(kind);
        return perform(method, args, context);
      });
    },
  };
}

/** Where attempts begin and end. */
interface Desk {
  readonly store: Store;
  readonly running: Map<string, Run>;
  readonly maxBytes: number;
  readonly log: (line: string) => void;
}

function start(
  { store, running, log }: Desk,
  parts: Omit<Parameters<typeof createRun>[0], "onEnd">,
  release: () => void,
): Run {
  const { id } = parts.state;
  const run = createRun({
    ...parts,
    async onEnd(how) {
      running.delete(id);
      const problem = parts.writer.problem();
      if (problem !== undefined) log(`The journal of run ${id} is incomplete: ${problem}`);
      // Nothing to go on with: what the calls were about need not lie around.
      if (how === "value") await store.shorten(id).catch((error: unknown) => log(messageOf(error)));
      release();
    },
  });
  running.set(id, run);
  return run;
}

function beginRun(desk: Desk, id: string, code: string): Run {
  const { store, maxBytes } = desk;
  const seed = randomBytes(32).toString("hex");
  const state = { id, code, seed, clock: { date: [], performance: [] }, actions: [] };
  const lock = lateLock(store, id);
  const head = { is: "begin", v: 1, id, at: Date.now(), code, seed } as const;
  const file = store.fileOf(id);
  const writer = createWriter({ file, head, wholeBytes: 0, maxBytes, beforeOpen: lock.take });
  const replay = createReplay(state, false);
  return start(desk, { state, replay, isResumed: false, onDoubt: undefined, writer }, lock.release);
}

async function resumeRun(desk: Desk, id: string, { code, onDoubt }: ResumeOptions): Promise<Opened> {
  const { store, maxBytes } = desk;
  // A name that is none must not become a file.
  if (!store.isId(id)) return { problem: await unknownRun(store, id) };
  const lock = store.locks.take(id);
  if ("holder" in lock) return { problem: `Run ${id} is still running (${lock.holder}).` };
  try {
    const stored = await store.read(id);
    const problem = await refusal(store, id, stored?.state);
    if (problem !== undefined || !stored) {
      lock.release();
      return { problem: problem ?? "" };
    }
    const { state, wholeBytes } = stored;
    const isMended = code !== undefined && code !== state.code;
    const head = { is: "resume", at: Date.now(), ...(isMended && { code }) } as const;
    const writer = createWriter({ file: store.fileOf(id), head, wholeBytes, maxBytes });
    const attempt = { ...state, code: code ?? state.code };
    const replay = createReplay(state, isMended);
    return { run: start(desk, { state: attempt, replay, isResumed: true, onDoubt, writer }, lock.release) };
  } catch (error) {
    lock.release();
    return { problem: messageOf(error) };
  }
}

async function tellUnfinished(store: Store, sinceMs: number): Promise<RunState[]> {
  const runs = (await store.all()).filter((run): run is RunState => !("problem" in run));
  const told: RunState[] = [];
  for (const run of runs) {
    const isNews = run.begunAt >= sinceMs && !run.isTold && !(run.end && ANSWERED.has(run.end.how));
    if (isNews && run.completed + inDoubt(run).length > 0 && (await tell(store, run))) told.push(run);
  }
  return told;
}

/** A lock that is taken when there is something to lock. */
function lateLock({ locks }: Store, id: string): { take: () => void; release: () => void } {
  let taken: { readonly release: () => void } | undefined;
  return {
    take() {
      const lock = locks.take(id);
      if ("holder" in lock) throw new Error(`run ${id} is running (${lock.holder})`);
      taken = lock;
    },
    release: () => taken?.release(),
  };
}

/** Why a run cannot be taken up again; undefined when it can. */
async function refusal(store: Store, id: string, state: RunState | undefined): Promise<string | undefined> {
  if (state?.end?.how === "value")
    return `Run ${id} ended well; there is nothing to go on with. Give code without resume.`;
  return state ? undefined : unknownRun(store, id);
}

async function unknownRun(store: Store, id: string): Promise<string> {
  const known = (await store.ids()).slice(0, 5);
  const there = known.length > 0 ? `The newest are: ${known.join(", ")}.` : "There are none.";
  return `There is no run "${id}" of this home to go on with. ${there}`;
}

/** Notes that the run has been told of; false while somebody works on it, or somebody else was quicker. */
async function tell(store: Store, { id }: RunState): Promise<boolean> {
  const lock = store.locks.take(id);
  if ("holder" in lock) return false;
  try {
    const stored = await store.read(id);
    if (!stored || stored.state.isTold) return false;
    const { wholeBytes } = stored;
    const head = { is: "told", at: Date.now() } as const;
    const writer = createWriter({ file: store.fileOf(id), head, wholeBytes, maxBytes: Infinity });
    writer.begin();
    writer.close();
    return true;
  } finally {
    lock.release();
  }
}
