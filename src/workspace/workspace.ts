// The workspace: files that outlive an execution, reached by agent code through a closed list of operations.
import { mkdir } from "node:fs/promises";
import { z } from "zod";
import { messageOf, ToolgroveError } from "../errors.ts";
import { createDrafts } from "./drafts.ts";
import { fileExists, listFiles, readPiece, statFile } from "./reading.ts";
import type { OperationName } from "./operation-kinds.ts";
import { createReplacing, type Replacing } from "./replacing.ts";
import { createLedger, type Ledger, type Quota } from "./usage.ts";
import { createWriting, type Writing } from "./writing.ts";

/** File operations below one folder. */
export interface Workspace {
  /** Absolute path of the folder. */
  readonly root: string;
  /**
   * Performs `method` for guest code and resolves with a JSON value. Bytes travel as base64.
   * Rejects with code `workspace` for an unknown method, a refused path, a full workspace or a failing file system, never
   * with an absolute path.
   */
  perform(method: string, args: readonly unknown[]): Promise<unknown>;
  /** Writes what the host wants kept; resolves with the path relative to the workspace. Rejects when there is no room. */
  keep(file: string, content: string | Uint8Array): Promise<string>;
  /** What is held and may be. */
  readonly ledger: Pick<Ledger, "usage" | "quota">;
  /** Calls `listener` with each path that is changed through this object. Returns the function that ends it. */
  onChange(listener: (file: string) => void): () => void;
}

const HOUR_MS = 3_600_000;

/**
 * @param root absolute path of the folder; it is made when first needed
 * @param draftsKeptMs how long a write that was not finished may still be gone on with, in milliseconds; one hour by default
 */
export function createWorkspace(root: string, quota: Quota, draftsKeptMs: number = HOUR_MS): Workspace {
  const listeners = new Set<(file: string) => void>();
  const ledger = createLedger(root, quota);
  const parts = {
    root,
    drafts: createDrafts(root, draftsKeptMs),
    ledger,
    onChange: (file: string) => listeners.forEach((listener) => listener(file)),
  };
  const replacing = createReplacing(parts);
  const writing = createWriting(parts, replacing);
  const operations = createOperations(root, replacing, writing);
  return {
    root,
    async perform(method, args) {
      const operation = operations.get(method);
      if (!operation) {
        throw new ToolgroveError(
          "workspace",
          `workspace.${method} does not exist. read_tool("workspace") shows what there is.`,
        );
      }
      await mkdir(root, { recursive: true });
      try {
        return (await operation(...args)) ?? null;
      } catch (error) {
        throw asWorkspaceError(error, `workspace.${method}`, args[0]);
      }
    },
    async keep(file, content) {
      await mkdir(root, { recursive: true });
      await writing.put(file, typeof content === "string" ? Buffer.from(content, "utf8") : content);
      return file;
    },
    ledger,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

type Operation = (...args: readonly unknown[]) => Promise<unknown>;

const encodingSchema = z.enum(["utf8", "base64"]);
const pieceSchema = z.object({
  start: z.int().min(0),
  length: z.int().min(1),
  encoding: encodingSchema,
  version: z.string().optional(),
});

/** What a guest may ask for. A Map, so that a method called "constructor" is simply unknown. */
function createOperations(
  root: string,
  replacing: Replacing,
  writing: Writing,
): ReadonlyMap<string, Operation> {
  const operations: Readonly<Record<OperationName, Operation>> = {
    readPiece: (file, request) => readPiece(root, file, asked(pieceSchema, request)),
    writeText: (file, text) => writing.put(file, asBytes(text, "utf8")),
    writeBytes: (file, base64) => writing.put(file, asBytes(base64, "base64")),
    beginWrite: (file) => replacing.begin(file),
    writePiece: (token, at, data, encoding) =>
      replacing.addPiece(
        token,
        asked(pieceSchema.shape.start, at),
        asBytes(data, asked(encodingSchema, encoding)),
      ),
    commitWrite: (file, token) => replacing.commit(token, file),
    discardWrite: (token) => replacing.discard(token),
    appendText: (file, text, head) => writing.append(file, asText(text), asText(head ?? "")),
    copy: (from, to) => writing.copy(from, to),
    move: (from, to) => writing.move(from, to),
    remove: (file) => writing.remove(file),
    list: (glob) => listFiles(root, glob),
    stat: (file) => statFile(root, file),
    exists: (file) => fileExists(root, file),
  };
  return new Map(Object.entries(operations));
}

/** What only a guest that speaks past our own object gets wrong. */
function asked<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ToolgroveError("workspace", `The request is malformed: ${parsed.error.issues[0]?.message}.`);
}

function asBytes(value: unknown, encoding: "utf8" | "base64"): Buffer {
  return Buffer.from(asText(value), encoding);
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new ToolgroveError(
    "workspace",
    `The content must be a string, not ${value === null ? "null" : typeof value}.`,
  );
}

/** The file system's refusals in our words: which file, without the absolute path that Node puts in. */
function asWorkspaceError(error: unknown, what: string, file: unknown): unknown {
  if (error instanceof ToolgroveError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const name = JSON.stringify(file);
  const say = (text: string): ToolgroveError =>
    new ToolgroveError("workspace", `${what}: ${text}`, { cause: error });
  if (code === "ENOENT") return say(`there is no ${name}. workspace.list() shows what there is.`);
  if (code === "EISDIR") return say(`${name} is a folder.`);
  if (code === "ENOTDIR") return say(`${name} leads through a file that is no folder.`);
  if (code === "ENOTEMPTY") return say("there is a folder of that name already, and it is not empty.");
  if (code === "ENOSPC" || code === "EDQUOT")
    return say("the disk is full. Remove files you no longer need.");
  return say(`${name} failed (${code ?? messageOf(error)}).`);
}
