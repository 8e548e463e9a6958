// Offers the skills through the MCP Skills extension (SEP-2640) and as resources. It holds no logic of skills.
import {
  ProtocolError,
  ProtocolErrorCode,
  type McpServer,
  type ReadResourceResult,
  type Resource,
} from "@modelcontextprotocol/server";
import type { Skill } from "@modelcontextprotocol/server/ext/skills";
import { z } from "zod";
import type { Gateway } from "../gateway.ts";
import { messageOf, ToolgroveError } from "../errors.ts";
import type { SkillFolder } from "../skill-offering.ts";
import { pageOf } from "./paging.ts";

/** What addresses of skills' files begin with. */
export const SKILL_SCHEME = "skill://";
const EXTENSION = "io.modelcontextprotocol/skills";
const PAGE = "SKILL.md";
const PAGE_SIZE = 100;
/** How long a client may keep an answer: not at all, since files change at any moment. */
const CACHE = { ttlMs: 0, cacheScope: "private" } as const;

/** The folder's entry: addresses and digests of its files. Rejects with `bad_home` when it breaks a rule of the form. */
export async function skillEntryOf({ path, files }: SkillFolder): Promise<Skill> {
  // Few clients ask for skills, and every client waits for `initialize`.
  const { SkillCatalogError, skillEntry } = await import("@modelcontextprotocol/server/ext/skills");
  return skillEntry(path, { ...files }).catch((error: unknown) => {
    if (!SkillCatalogError.isInstance(error)) throw error;
    throw new ToolgroveError("bad_home", error.problems.map(({ message }) => message).join("; "));
  });
}

/** Registers the extension. A folder that breaks a rule of the form is left out; `toolgrove skills` says why. */
export function offerSkills({ server }: McpServer, gateway: () => Promise<Gateway>): void {
  server.registerCapabilities({ extensions: { [EXTENSION]: {} } });
  const listParams = z.object({ cursor: z.string().optional() });
  server.setRequestHandler("skills/list", { params: listParams }, async ({ cursor }) => {
    const { items, next } = pageOf(await entriesOf(gateway), cursor, PAGE_SIZE);
    return { skills: items, ...next, ...CACHE };
  });
  server.setRequestHandler("skills/get", { params: z.object({ uri: z.string() }) }, async ({ uri }) => {
    const found = await findFile(gateway, uri);
    if (found?.file !== PAGE) throw invalid(`No skill is served at ${uri}`);
    const skill = await skillEntryOf(found.folder).catch((error: unknown) => {
      throw invalid(messageOf(error));
    });
    return { skill, ...CACHE };
  });
}

/** Tells the client when there are other skills than before, until the function it gives is called. */
export function tellOfSkills({ server }: McpServer, gateway: () => Promise<Gateway>): () => void {
  const ended = new AbortController();
  const tell = (): void => {
    // A client that is gone hears nothing.
    server.sendResourceListChanged().catch(() => undefined);
    server.sendPromptListChanged().catch(() => undefined);
  };
  async function follow(): Promise<void> {
    const stop = (await gateway()).skills.onChange(tell);
    if (ended.signal.aborted) stop();
    else ended.signal.addEventListener("abort", stop, { once: true });
  }
  // Answer first; a gateway that cannot be had is told to whoever asks something of it.
  setImmediate(() => void follow().catch(() => undefined));
  return () => ended.abort();
}

/** The skills' pages, as a list of resources shows them. */
export async function skillPages(gateway: () => Promise<Gateway>): Promise<Resource[]> {
  return (await entriesOf(gateway)).map(({ uri, frontmatter: { name, description } }) => ({
    uri,
    name,
    description,
    mimeType: "text/markdown",
  }));
}

/** One file of a skill; undefined when there is none at that address. */
export async function readSkillFile(
  gateway: () => Promise<Gateway>,
  uri: string,
): Promise<ReadResourceResult["contents"][number] | undefined> {
  const found = await findFile(gateway, uri);
  if (!found) return undefined;
  const bytes = Buffer.from(found.folder.files[found.file] ?? []);
  const mimeType = TYPES[found.file.split(".").at(-1) ?? ""];
  const text = bytes.toString("utf8");
  // A client compares the bytes with their digest.
  if (Buffer.from(text, "utf8").equals(bytes)) return { uri, mimeType: mimeType ?? "text/plain", text };
  return { uri, mimeType: mimeType ?? "application/octet-stream", blob: bytes.toString("base64") };
}

const TYPES: Readonly<Record<string, string>> = {
  md: "text/markdown",
  ts: "text/typescript",
  json: "application/json",
};

async function entriesOf(gateway: () => Promise<Gateway>): Promise<Skill[]> {
  const folders = await (await gateway()).skills.folders();
  const entries = await Promise.allSettled(folders.map(skillEntryOf));
  return entries.flatMap((entry) => (entry.status === "fulfilled" ? [entry.value] : []));
}

async function findFile(
  gateway: () => Promise<Gateway>,
  uri: string,
): Promise<{ readonly folder: SkillFolder; readonly file: string } | undefined> {
  const wanted = decode(uri);
  const folders = await (await gateway()).skills.folders();
  const found = folders.flatMap((folder) =>
    Object.keys(folder.files)
      .filter((file) => `${folder.path}/${file}` === wanted)
      .map((file) => ({ folder, file })),
  );
  return found[0];
}

function decode(uri: string): string | undefined {
  try {
    return uri.startsWith(SKILL_SCHEME) ? decodeURIComponent(uri.slice(SKILL_SCHEME.length)) : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
