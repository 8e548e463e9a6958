// Remembers what the results of tools look like, in a file outside the home. It never sees what a value means, nor keeps one.
import { createHash } from "node:crypto";
import path from "node:path";
import { z } from "zod";
import { messageOf } from "../errors.ts";
import { replaceFile } from "../replace-file.ts";
import type { ToolRef } from "../tool.ts";
import { readText } from "./files.ts";
import { learnedSchema, mergeShapes, shapeOf, type Learned } from "./shape.ts";

/** What a memory is opened with. */
export interface ShapeMemoryOptions {
  /** A folder for caches, shared by all homes; it is made when it is missing. */
  readonly cacheDir: string;
  /** The home the memory is about. */
  readonly home: string;
  readonly log: (line: string) => void;
}

/** The shapes of results, by server and tool. */
export interface ShapeMemory {
  /** Takes one result's shape. It is on disk within two seconds, and after `close`. */
  readonly note: (ref: ToolRef, value: unknown) => void;
  /** What is known of a server's tools, other processes' notes included. */
  readonly learned: (server: string) => Promise<ReadonlyMap<string, Learned>>;
  /** Resolves when everything is on disk. */
  readonly close: () => Promise<void>;
}

type Tools = ReadonlyMap<string, Learned>;
type Servers = ReadonlyMap<string, Tools>;

const SAVE_AFTER_MS = 2_000;
const FORMAT = 1;

/** Opens the memory of a home; it reads nothing before it has to. */
export function openShapeMemory({ cacheDir, home, log }: ShapeMemoryOptions): ShapeMemory {
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const file = path.join(cacheDir, "learned", `${name}.json`);
  let fresh = new Map<string, Map<string, Learned>>();
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<Servers> = Promise.resolve(new Map());

  /** Joins what is new with what the file says by now, and gives both. */
  function save(): Promise<Servers> {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(async () => {
      const before = await readServers(file);
      const news = fresh;
      if (news.size === 0) return before;
      fresh = new Map();
      const servers = join(before, news);
      await writeServers(file, servers).catch((error: unknown) => {
        log(`What results look like could not be saved in ${file}: ${messageOf(error)}`);
      });
      return servers;
    });
    return saving;
  }

  return {
    note({ server, tool }, value) {
      const tools = fresh.get(server) ?? new Map<string, Learned>();
      tools.set(tool, add(tools.get(tool), { results: 1, shape: shapeOf(value) }));
      fresh.set(server, tools);
      timer ??= setTimeout(() => void save(), SAVE_AFTER_MS).unref();
    },
    learned: async (server) => (await save()).get(server) ?? new Map(),
    close: async () => void (await save()),
  };
}

function add(before: Learned | undefined, news: Learned): Learned {
  if (!before) return news;
  return { results: before.results + news.results, shape: mergeShapes(before.shape, news.shape) };
}

function join(before: Servers, news: Servers): Servers {
  const servers = new Map(before);
  for (const [server, tools] of news) {
    const known = new Map(servers.get(server));
    for (const [tool, learned] of tools) known.set(tool, add(known.get(tool), learned));
    servers.set(server, known);
  }
  return servers;
}

// Lists of pairs: tool names are strangers' words, and some words are special as keys of objects.
const fileSchema = z.object({
  format: z.literal(FORMAT),
  servers: z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), learnedSchema]))])),
});

/** What the file says; a file that is missing, broken or of another format says nothing. */
async function readServers(file: string): Promise<Servers> {
  try {
    const { servers } = fileSchema.parse(JSON.parse((await readText(file)) ?? ""));
    return new Map(servers.map(([server, tools]) => [server, new Map(tools)]));
  } catch {
    return new Map();
  }
}

async function writeServers(file: string, servers: Servers): Promise<void> {
  const lists = [...servers].map(([server, tools]) => [server, [...tools]]);
  await replaceFile(file, JSON.stringify({ format: FORMAT, servers: lists }));
}
