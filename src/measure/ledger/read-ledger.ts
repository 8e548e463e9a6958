// Reads what the ledgers of a home's sessions say. A line that is broken, as the last one of a session that was killed, counts for nothing.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { ToolgroveError } from "../../errors.ts";
import { recordSchema, sessionsDir, type LedgerRecord } from "./records.ts";

/** Which session. */
export interface SessionQuery {
  readonly stateDir: string;
  readonly home: string;
  /** Its id, the beginning of it, or `last`. */
  readonly id: string;
  /** Whether sessions are recorded. */
  readonly isRecording: boolean;
}

/** Throws `bad_input` when there is no such session; the message names those there are. */
export async function readSession(query: SessionQuery): Promise<LedgerRecord[]> {
  const { stateDir, home, id } = query;
  const folder = sessionsDir(stateDir, home);
  const ids = await sessionIds(folder);
  const wanted = id === "last" ? ids[0] : ids.find((known) => known.startsWith(id));
  if (wanted === undefined) throw new ToolgroveError("bad_input", noSession(query, ids));
  const text = await readFile(path.join(folder, `${wanted}.jsonl`), "utf8");
  return text.split("\n").flatMap(readLine);
}

/** The newest first. */
async function sessionIds(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => path.basename(name, ".jsonl"))
    .toSorted()
    .toReversed();
}

function noSession({ id, home, isRecording }: SessionQuery, ids: readonly string[]): string {
  if (ids.length === 0) {
    return isRecording
      ? `No session of ${home} is recorded yet: connect an agent to \`toolgrove serve\` and let it work.`
      : `No session of ${home} is recorded: its toolgrove.json says "recordSessions": false.`;
  }
  return `There is no session "${id}" of ${home}. The newest are: ${ids.slice(0, 5).join(", ")}.`;
}

function readLine(line: string): LedgerRecord[] {
  try {
    return [recordSchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
