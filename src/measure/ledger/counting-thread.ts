// The ledger's thread: counts texts, writes one line for each, and forgets them. It ends when it is told to.
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { createO200kCounter } from "../tokens.ts";
import type { Uncounted } from "./records.ts";

const KEPT_DAYS = 30;
const KEPT_SESSIONS = 200;
const MAX_BYTES = 20_000_000;

// What comes in is this package's own, from ledger.ts of the same version.
const { folder, id } = workerData as { readonly folder: string; readonly id: string };
const file = path.join(folder, `${id}.jsonl`);
const counter = await createO200kCounter();

function write(lines: readonly Uncounted[]): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeOld();
  }
  if ((size ?? 0) > MAX_BYTES) return;
  const text = lines.map((line) => `${JSON.stringify(toRecord(line))}\n`).join("");
  const isFull = (size ?? 0) + text.length > MAX_BYTES;
  appendFileSync(file, isFull ? `${text}{"kind":"cut"}\n` : text, { mode: 0o600 });
}

function toRecord({ facts, texts }: Uncounted): object {
  const counts = Object.entries(texts).map(([key, parts]) => [
    key,
    parts.reduce((sum, part) => sum + counter.count(part), 0),
  ]);
  return { ...facts, ...Object.fromEntries(counts) };
}

/** Keeps the newest sessions of a month. Names begin with the time, so that they sort by it. */
function removeOld(): void {
  const sessions = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .toReversed();
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const [index, name] of sessions.entries()) {
    const session = path.join(folder, name);
    if (index < KEPT_SESSIONS - 1 && statSync(session).mtimeMs > oldest) continue;
    rmSync(session, { force: true });
  }
}

parentPort?.on("message", (message: readonly Uncounted[] | "end") => {
  if (message === "end") parentPort?.close();
  else write(message);
});
