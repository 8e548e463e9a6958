// The workspace: files that outlive an execution, reached by agent code through a closed list of operations.
import fastGlob from "fast-glob";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { messageOf, ToolgroveError } from "../errors.ts";
import { confine } from "./confine.ts";

/** The largest file that is read or written as one value, in bytes. */
const MAX_FILE_BYTES = 48 * 1024 * 1024;

/** What `stat` tells of a file. */
export interface FileFacts {
  readonly bytes: number;
  /** Last change, ISO 8601. */
  readonly modified: string;
  readonly kind: "file" | "folder";
}

/** File operations below one folder. */
export interface Workspace {
  /**
   * Performs `method` for guest code and resolves with a JSON value. Bytes travel as base64.
   * Rejects with code `workspace` for an unknown method, a refused path or a failing file system, never with an absolute path.
   */
  perform(method: string, args: readonly unknown[]): Promise<unknown>;
  /** Writes what the host wants kept, of any size; resolves with the path relative to the workspace. */
  keep(file: string, content: string | Uint8Array): Promise<string>;
}

type Operation = (root: string, ...args: readonly unknown[]) => Promise<unknown>;

// A Map, so that a method called "constructor" is simply unknown.
const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["readText", async (root, file) => (await readWhole(root, file)).toString("utf8")],
  ["readBytes", async (root, file) => (await readWhole(root, file)).toString("base64")],
  ["writeText", (root, file, text) => writeWhole(root, file, Buffer.from(asText(text), "utf8"))],
  ["writeBytes", (root, file, base64) => writeWhole(root, file, Buffer.from(asText(base64), "base64"))],
  ["appendText", appendText],
  ["list", list],
  ["stat", stat],
  ["remove", remove],
]);

/** @param root absolute path of the folder; it is made when first needed. */
export function createWorkspace(root: string): Workspace {
  return {
    async perform(method, args) {
      const operation = OPERATIONS.get(method);
      if (!operation) {
        const known = [...OPERATIONS.keys(), "readJson", "writeJson"].join(", ");
        throw new ToolgroveError("workspace", `workspace.${method} does not exist. There are: ${known}.`);
      }
      await mkdir(root, { recursive: true });
      try {
        return (await operation(root, ...args)) ?? null;
      } catch (error) {
        throw asWorkspaceError(error, `workspace.${method}`, args[0]);
      }
    },
    async keep(file, content) {
      await mkdir(root, { recursive: true });
      await replaceFile(root, file, typeof content === "string" ? Buffer.from(content, "utf8") : content);
      return file;
    },
  };
}

async function readWhole(root: string, file: unknown): Promise<Buffer> {
  const handle = await openInside(root, file, constants.O_RDONLY);
  try {
    const { size } = await handle.stat();
    if (size > MAX_FILE_BYTES) throw tooLarge("The file", size);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function writeWhole(root: string, file: unknown, bytes: Buffer): Promise<void> {
  if (bytes.length > MAX_FILE_BYTES) throw tooLarge("The text", bytes.length);
  await replaceFile(root, file, bytes);
}

/** Replaces the file as a whole: readers see the old text or the new one, also when we die between. */
async function replaceFile(root: string, file: unknown, bytes: Uint8Array): Promise<void> {
  const target = await confine(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  const draft = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(draft, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function appendText(root: string, file: unknown, text: unknown): Promise<void> {
  const target = await confine(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  const handle = await openInside(root, file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  try {
    await handle.appendFile(asText(text));
  } finally {
    await handle.close();
  }
}

async function list(root: string, glob: unknown): Promise<string[]> {
  const pattern = typeof glob === "string" ? glob.replace(/^(\.\/)?workspace\//, "") : "**";
  // A glob can name several folders to start from, as in `{a,/etc}/*`: each must be one of ours.
  await Promise.all(fastGlob.generateTasks(pattern).map(({ base }) => confine(root, base)));
  const files = await fastGlob(pattern, { cwd: root, followSymbolicLinks: false, ignore: ["**/*.tmp"] });
  return files.toSorted();
}

async function stat(root: string, file: unknown): Promise<FileFacts> {
  const handle = await openInside(root, file, constants.O_RDONLY);
  try {
    const facts = await handle.stat();
    const kind = facts.isDirectory() ? "folder" : "file";
    return { bytes: facts.size, modified: facts.mtime.toISOString(), kind };
  } finally {
    await handle.close();
  }
}

async function remove(root: string, file: unknown): Promise<void> {
  const target = await confine(root, file);
  if (path.relative(root, target) === "")
    throw new ToolgroveError("workspace", "The workspace itself is not removed.");
  await rm(target, { recursive: true });
}

/** Opens a file of the workspace; a file that has other names (hard links) may belong to someone else and is refused. */
async function openInside(root: string, file: unknown, flags: number): Promise<FileHandle> {
  const handle = await open(await confine(root, file), flags | (constants.O_NOFOLLOW ?? 0));
  const facts = await handle.stat();
  if (facts.isFile() && facts.nlink > 1) {
    await handle.close();
    throw new ToolgroveError("workspace", `${JSON.stringify(file)} is refused: it is a hard link.`);
  }
  return handle;
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new ToolgroveError(
    "workspace",
    `The content must be a string, not ${value === null ? "null" : typeof value}.`,
  );
}

function tooLarge(what: string, bytes: number): ToolgroveError {
  const limit = MAX_FILE_BYTES / 1_048_576;
  return new ToolgroveError(
    "workspace",
    `${what} has ${bytes} bytes; ${limit} MB is the most that is handled as one value.`,
  );
}

/** The file system's refusals in our words: which file, without the absolute path that Node puts in. */
function asWorkspaceError(error: unknown, what: string, file: unknown): unknown {
  if (error instanceof ToolgroveError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const name = JSON.stringify(file);
  if (code === "ENOENT") {
    return new ToolgroveError(
      "workspace",
      `${what}: there is no ${name}. workspace.list() shows what there is.`,
    );
  }
  if (code === "EISDIR") return new ToolgroveError("workspace", `${what}: ${name} is a folder.`);
  return new ToolgroveError("workspace", `${what}: ${name} failed (${code ?? messageOf(error)}).`, {
    cause: error,
  });
}
