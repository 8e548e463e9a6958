// Analyses a program in a thread of its own: code that exhausts a parser costs that thread. It knows no syntax.
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import type { Analysis, AnalysisRequest } from "./analyse.ts";

const THREAD = new URL(`./analysis-thread${extname(import.meta.url)}`, import.meta.url);
const MEMORY_MB = 512;
const PATIENCE_MS = 20_000;

/** The analysis of a program; one that cannot be analysed is refused with the reason. */
export function analyse(request: AnalysisRequest): Promise<Analysis> {
  const worker = new Worker(THREAD, {
    workerData: request,
    // Piped and left unread: whatever is printed there would break the protocol on ours.
    stdout: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  return new Promise<Analysis>((resolve) => {
    const fail = (why: string): void =>
      resolve({
        refusals: [{ rule: "syntax", message: `The code cannot be read: ${why}.`, line: 1, column: 1 }],
      });
    const timer = setTimeout(() => fail(`it took longer than ${PATIENCE_MS / 1_000} s`), PATIENCE_MS);
    const settle = (analysis: Analysis): void => {
      clearTimeout(timer);
      resolve(analysis);
    };
    // The other side is this package's own code of the same version.
    worker.once("message", settle).once("error", (error) => fail(messageOf(error)));
    worker.once("exit", () => {
      clearTimeout(timer);
      fail("the parser ended, as for want of memory");
    });
  }).finally(() => void worker.terminate());
}
