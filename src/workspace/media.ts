// Names the files that tools' images, sounds and documents become. The same bytes are the same file, however often they come.
import { createHash } from "node:crypto";
import { endingOf } from "./mime.ts";
import type { Workspace } from "./workspace.ts";

/** A file of the workspace in place of bytes. */
export interface MediaFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly mimeType: string;
  /** Its size. */
  readonly bytes: number;
}

/** Keeps bytes as `media/NAME-HASH.ENDING`, where only letters, digits, `-` and `_` of `name` remain. */
export async function keepMedia(
  workspace: Pick<Workspace, "keep">,
  bytes: Uint8Array,
  mimeType: string,
  name: string,
): Promise<MediaFile> {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const label = name.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80);
  const path = await workspace.keep(`media/${label}-${hash}.${endingOf(mimeType)}`, bytes);
  return { path, mimeType, bytes: bytes.length };
}
