// Remembers what servers send to every client, since wrappers no longer hold it. It starts no server.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { replaceFile } from "../replace-file.ts";
import type { ToolDefinition } from "../tool.ts";

/** What a server sends to every client. */
export interface Sent {
  readonly definitions: readonly ToolDefinition[];
  readonly instructions?: string | undefined;
}

/** What a server sent, and when. */
export interface RememberedSent extends Sent {
  /** ISO 8601. */
  readonly at: string;
}

/** What servers of one home sent when they were last asked. */
export interface DefinitionMemory {
  /** Rejects when the file cannot be written. */
  remember(server: string, sent: Sent): Promise<void>;
  /** Undefined when nothing, or nothing readable, is remembered. */
  recall(server: string): Promise<RememberedSent | undefined>;
}

const FORMAT = 1;
const schema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const fileSchema = z.object({
  format: z.literal(FORMAT),
  at: z.string(),
  instructions: z.string().optional(),
  definitions: z.array(
    z.object({ name: z.string(), description: z.string().optional(), inputSchema: schema }),
  ),
});

/** Opens the memory of a home, under `cacheDir`; it reads nothing by itself. */
export function openDefinitionMemory(cacheDir: string, home: string): DefinitionMemory {
  const fileOf = (server: string): string =>
    path.join(cacheDir, "definitions", nameOf(home), `${nameOf(server)}.json`);
  return {
    async remember(server, { definitions, instructions }) {
      const sent = definitions.map(({ name, description, inputSchema }) => ({
        name,
        description,
        inputSchema,
      }));
      const at = new Date().toISOString();
      await replaceFile(
        fileOf(server),
        JSON.stringify({ format: FORMAT, at, instructions, definitions: sent }),
      );
    },
    async recall(server) {
      try {
        const { format: _, ...sent } = fileSchema.parse(JSON.parse(await readFile(fileOf(server), "utf8")));
        return { ...sent, definitions: sent.definitions.map(withoutUndefined) };
      } catch {
        return undefined;
      }
    },
  };
}

function nameOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function withoutUndefined({
  description,
  ...rest
}: z.infer<typeof fileSchema>["definitions"][number]): ToolDefinition {
  return description === undefined ? rest : { ...rest, description };
}
