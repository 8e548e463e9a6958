// Names the files that tools' images, sounds and documents become. The same bytes are the same file, however often they come.
import { createHash } from "node:crypto";
import type { Workspace } from "./workspace.ts";

/** A file of the workspace in place of bytes. */
export interface MediaFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly mimeType: string;
  /** Its size. */
  readonly bytes: number;
}

/** Endings for the types that have one everybody knows; the others get `.bin`, text `.txt`. */
const ENDINGS: Readonly<Record<string, string>> = {
  "application/gzip": "gz",
  "application/json": "json",
  "application/pdf": "pdf",
  "application/xml": "xml",
  "application/zip": "zip",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "audio/webm": "weba",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/webp": "webp",
  "text/css": "css",
  "text/csv": "csv",
  "text/html": "html",
  "text/markdown": "md",
  "text/xml": "xml",
  "video/mp4": "mp4",
  "video/webm": "webm",
};

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

function endingOf(mimeType: string): string {
  const known = Object.hasOwn(ENDINGS, mimeType) ? ENDINGS[mimeType] : undefined;
  return known ?? (mimeType.startsWith("text/") ? "txt" : "bin");
}
