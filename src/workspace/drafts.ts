// Files on their way into the workspace: written beside it piece by piece, then put in place as a whole. A draft is known
// by its token alone, so it survives the process that began it; drafts nobody goes on with are thrown away by age.
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { ToolgroveError } from "../errors.ts";
import { installFile } from "../replace-file.ts";
import { DRAFTS } from "./path-parts.ts";

const TIDY_EVERY_MS = 600_000;
const TOKEN = /^[0-9a-f]{32}$/;

/** The drafts of one workspace. */
export interface Drafts {
  /** Makes an empty draft; resolves with its token. */
  begin(): Promise<string>;
  /** Writes bytes at a position, which must not lie behind the draft's end; resolves with the size before and after. */
  write(
    token: unknown,
    at: number,
    bytes: Uint8Array,
  ): Promise<{ readonly before: number; readonly after: number }>;
  size(token: unknown): Promise<number>;
  /** Puts the draft in place of `target`, in one step that also survives a power cut. */
  install(token: unknown, target: string): Promise<void>;
  /** Throws the draft away; resolves with the size it had. */
  discard(token: unknown): Promise<number>;
  /** Takes a file or folder out of sight in one step, then removes it. */
  sweep(target: string): Promise<void>;
}

/**
 * @param root absolute path of the workspace
 * @param keptMs age in milliseconds at which a draft that nobody goes on with is thrown away
 */
export function createDrafts(root: string, keptMs: number): Drafts {
  const folder = path.join(root, DRAFTS);
  let tidiedAt = -Infinity;

  async function fresh(): Promise<string> {
    await mkdir(folder, { recursive: true });
    if (!(await lstat(folder)).isDirectory())
      throw new ToolgroveError(
        "workspace",
        `workspace/${DRAFTS} must be a folder. Remove what stands there.`,
      );
    if (performance.now() - tidiedAt > TIDY_EVERY_MS) {
      tidiedAt = performance.now();
      await tidy(folder, keptMs);
    }
    return randomBytes(16).toString("hex");
  }
  function fileOf(token: unknown): string {
    if (typeof token === "string" && TOKEN.test(token)) return path.join(folder, token);
    throw new ToolgroveError("workspace", "There is no such unfinished write.");
  }
  const size = (token: unknown): Promise<number> => sizeOfDraft(fileOf(token));

  return {
    async begin() {
      const token = await fresh();
      await (await open(fileOf(token), "wx")).close();
      return token;
    },
    async write(token, at, bytes) {
      const handle = await open(fileOf(token), constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
      try {
        const before = (await handle.stat()).size;
        if (at > before) throw new ToolgroveError("workspace", "A piece of the unfinished write is missing.");
        for (let done = 0; done < bytes.length;)
          done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        return { before, after: Math.max(before, at + bytes.length) };
      } finally {
        await handle.close();
      }
    },
    size,
    install: (token, target) => installFile(fileOf(token), target),
    async discard(token) {
      const had = await size(token);
      await rm(fileOf(token), { force: true });
      return had;
    },
    async sweep(target) {
      const away = path.join(folder, await fresh());
      await rename(target, away);
      await rm(away, { recursive: true, force: true });
    },
  };
}

async function sizeOfDraft(file: string): Promise<number> {
  const facts = await lstat(file).catch(() => undefined);
  if (facts) return facts.size;
  throw new ToolgroveError(
    "workspace",
    "What was written of this file is thrown away, as it was left unfinished for too long: begin it anew.",
  );
}

async function tidy(folder: string, keptMs: number): Promise<void> {
  const before = Date.now() - keptMs;
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const facts = await lstat(file).catch(() => undefined);
    // Another server may tidy at the same time.
    if (facts && facts.mtimeMs < before)
      await rm(file, { recursive: true, force: true }).catch(() => undefined);
  }
}
