// The catalog's own thread: opens a catalog and answers questions about it until it is closed. It knows no gateway.
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import { openCatalogDoor, type CatalogDoor } from "../catalog-door.ts";
import { parseAsked, type Question, type Said, type ThreadSetup } from "./door-messages.ts";

const say = (said: Said): void => parentPort?.postMessage(said);

const door = openCatalogDoor({
  // `threaded-door.ts` starts this thread, with nothing else.
  ...(workerData as ThreadSetup),
  watch: true,
  log: (line) => say({ kind: "log", line }),
  onSkillsChanged: () => say({ kind: "skills-changed" }),
});

parentPort?.on("message", (message: unknown) => {
  const asked = parseAsked(message);
  if (!asked) return;
  const { id, question } = asked;
  answer(door, question).then(
    (value) => say({ kind: "answer", id, value }),
    (error: unknown) => say({ kind: "failure", id, message: messageOf(error) }),
  );
});

function answer(from: CatalogDoor, question: Question): Promise<unknown> {
  if (question.method === "search") return from.search(question.query, question.options);
  if (question.method === "read") return from.read(question.path);
  return from[question.method]();
}
