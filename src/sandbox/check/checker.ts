// The type check as the rest of the sandbox sees it: agent code or files of the home in, faults in their own lines out.
// It starts the thread when it is first needed and ends it when nothing has been asked for a while.
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { messageOf } from "../../errors.ts";
import { bareImports } from "../bare-imports.ts";
import { toUserPosition } from "../positions.ts";
import type { ProgramModule } from "../program.ts";
import type { Sources } from "../sources.ts";
import { closureOf } from "./closure.ts";
import type { CheckFault, CheckQuestion, CheckReport } from "./contract.ts";
import { guestDeclarations } from "./globals.ts";

export type { CheckFault, CheckReport, UsedFunction } from "./contract.ts";

/** What a check gave; `unchecked` when there is no answer, which says nothing about the code. */
export type Checked = CheckReport | { readonly unchecked: string };

/** Checks types: strict about calls into `servers/` and `skills/`, lenient about the code between. */
export interface Checker {
  /** Checks agent code; faults have positions in its own text. */
  program(module: ProgramModule): Promise<Checked>;
  /** Checks files of the home, by path with the text they have or would have. */
  files(files: Readonly<Record<string, string>>): Promise<Checked>;
  close(): Promise<void>;
}

const THREAD = new URL(`./check-thread${extname(import.meta.url)}`, import.meta.url);
const PROGRAM = "program.ts";
const PATIENCE_MS = 30_000;
/** A compiler at rest holds more than 100 MB. */
const REST_MS = 60_000;
const MEMORY_MB = 1_024;

/** Starts nothing by itself. */
export function createChecker(sources: Sources): Checker {
  let thread: Promise<Worker> | undefined;
  let rest: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function end(): Promise<void> {
    clearTimeout(rest);
    const ending = thread;
    thread = undefined;
    await (await ending)?.terminate();
  }
  async function answer(question: CheckQuestion): Promise<Checked> {
    clearTimeout(rest);
    const worker = await (thread ??= startThread());
    const heard = await ask(worker, question);
    if ("unchecked" in heard) await end();
    else rest = setTimeout(() => void end(), REST_MS).unref();
    return heard;
  }
  /** One after another: the thread has one compiler. */
  function inTurn(entries: Readonly<Record<string, string>>, subjects: readonly string[]): Promise<Checked> {
    const answered = queue.then(async () => answer({ ...(await closureOf(entries, sources)), subjects }));
    queue = answered.catch(() => undefined);
    return answered;
  }

  return {
    async program(module) {
      const text = `${module.code}${await bareImports(module, sources)}`;
      const checked = await inTurn({ [PROGRAM]: text }, [PROGRAM]);
      return "unchecked" in checked
        ? checked
        : { ...checked, faults: checked.faults.map(inUserText(module)) };
    },
    files: (files) => inTurn(files, Object.keys(files)),
    close: end,
  };
}

function inUserText({ map }: ProgramModule): (fault: CheckFault) => CheckFault {
  return (fault) => ({ ...fault, ...(toUserPosition(map, fault) ?? { line: 1, column: 1 }) });
}

async function startThread(): Promise<Worker> {
  const worker = new Worker(THREAD, {
    workerData: await guestDeclarations(),
    // Piped and left unread: whatever is printed there would break the protocol on ours.
    stdout: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  worker.on("error", () => undefined);
  worker.unref();
  return worker;
}

const answerSchema = z.union([z.object({ report: z.looseObject({}) }), z.object({ reason: z.string() })]);

async function ask(worker: Worker, question: CheckQuestion): Promise<Checked> {
  const over = new AbortController();
  const { signal } = over;
  worker.ref();
  try {
    worker.postMessage(question);
    const [message] = (await Promise.race([
      once(worker, "message", { signal }),
      once(worker, "exit", { signal }).then(() => [{ reason: "the compiler ended, as for want of memory" }]),
      pause(PATIENCE_MS, signal).then(() => [{ reason: `it took longer than ${PATIENCE_MS / 1_000} s` }]),
    ])) as [unknown];
    const parsed = answerSchema.parse(message);
    // The thread is this package's own code of the same version.
    return "reason" in parsed ? { unchecked: parsed.reason } : (parsed.report as unknown as CheckReport);
  } catch (error) {
    return { unchecked: messageOf(error) };
  } finally {
    over.abort();
    worker.unref();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
