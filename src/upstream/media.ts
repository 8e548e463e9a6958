// Turns what is not text in an answer into files: images, audio, embedded resources. It knows no file system.
import { z } from "zod";
import { messageOf, ToolgroveError } from "../errors.ts";
import type { ToolRef } from "../tool.ts";
import type { ContentBlock, ToolResult } from "./value.ts";

/** A file in place of what a server sent. */
export interface MediaHandle {
  /** Where it is, as agent code may read it. */
  readonly path: string;
  readonly mimeType: string;
  /** Its size. */
  readonly bytes: number;
}

/** Keeps bytes as a file; `name` says what they are, for people. */
export type SaveMedia = (bytes: Uint8Array, mimeType: string, name: string) => Promise<MediaHandle>;

const resourceSchema = z.looseObject({
  uri: z.string().optional(),
  mimeType: z.string().optional(),
  text: z.string().optional(),
  blob: z.string().optional(),
});

/** The answer with files in place of contents; a failure is left as it is, for only its text is told. */
export async function withoutMedia(ref: ToolRef, result: ToolResult, save: SaveMedia): Promise<ToolResult> {
  if (result.isError || !result.content) return result;
  return {
    ...result,
    content: await Promise.all(result.content.map((block) => toHandle(ref, block, save))),
  };
}

/**
 * The block without its contents, which are in a file instead:
 *
 * - `image`, `audio` and any other block with base64 in `data` → `{ type, path, mimeType, bytes }`
 * - `resource`, text or blob → `{ type, uri, path, mimeType, bytes }`
 * - `resource_link` and everything else → as sent; a link is not followed and keeps its `uri`.
 */
async function toHandle(ref: ToolRef, block: ContentBlock, save: SaveMedia): Promise<ContentBlock> {
  const { type } = block;
  const keep = async (bytes: Buffer, mimeType: string): Promise<MediaHandle> => {
    try {
      return await save(bytes, mimeType, `${ref.server}.${ref.tool}`);
    } catch (error) {
      throw notKept(ref, type, error);
    }
  };
  if (typeof block["data"] === "string") {
    const { data, mimeType, ...rest } = block;
    return { ...rest, ...(await keep(Buffer.from(data, "base64"), mimeTypeOf(mimeType, BINARY))), type };
  }
  const resource = type === "resource" ? resourceSchema.safeParse(block["resource"]).data : undefined;
  const contents = resource && contentsOf(resource);
  if (!contents) return block;
  const handle = await keep(contents.bytes, mimeTypeOf(resource.mimeType, contents.fallback));
  return { type, ...(resource.uri !== undefined && { uri: resource.uri }), ...handle };
}

const BINARY = "application/octet-stream";

function contentsOf({
  text,
  blob,
}: z.infer<typeof resourceSchema>): { readonly bytes: Buffer; readonly fallback: string } | undefined {
  if (blob !== undefined) return { bytes: Buffer.from(blob, "base64"), fallback: BINARY };
  return text === undefined ? undefined : { bytes: Buffer.from(text, "utf8"), fallback: "text/plain" };
}

/** What a server calls the type when it has the form of one, without its parameters. */
function mimeTypeOf(claimed: unknown, fallback: string): string {
  const [type = ""] = String(claimed).split(";");
  return /^[a-z]+\/[\w.+-]{1,100}$/i.test(type) ? type.toLowerCase() : fallback;
}

function notKept({ server, tool }: ToolRef, type: string, cause: unknown): ToolgroveError {
  return new ToolgroveError(
    "workspace",
    `${server}.${tool} was called, but the ${type} it answered with could not be kept: ${messageOf(cause)}. Make room in workspace/media.`,
    { cause },
  );
}
