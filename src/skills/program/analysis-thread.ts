// The thread of one analysis: it loads the parser, which would hold up a server for a third of a second, and ends.
import { parentPort, workerData } from "node:worker_threads";
import { analyseProgram, type AnalysisRequest } from "./analyse.ts";

// `analysis.ts` starts this thread with a request and nothing else.
parentPort?.postMessage(analyseProgram(workerData as AnalysisRequest));
