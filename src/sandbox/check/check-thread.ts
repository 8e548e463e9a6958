// The thread of type checks: agent code may be shaped to exhaust a compiler, and that must cost no more than this thread.
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import { createCheck } from "./checking.ts";
import type { CheckQuestion } from "./contract.ts";

// `checker.ts` starts this thread, with the guest's declarations, and asks nothing but checks.
const check = createCheck(workerData as Readonly<Record<string, string>>);

parentPort?.on("message", (question: CheckQuestion) => {
  try {
    parentPort?.postMessage({ report: check(question) });
  } catch (error) {
    parentPort?.postMessage({ reason: messageOf(error) });
  }
});
