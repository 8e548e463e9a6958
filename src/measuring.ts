// What the home's tools cost, measured: definitions from the last sync or from live servers, samples from the catalog, sums
// from measure/. A part of the composition root, like `parts.ts`: capabilities meet here.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import type { CatalogDoor } from "./catalog/catalog-door.ts";
import { createCatalogs } from "./catalogs.ts";
import { writeServer } from "./codegen/tree.ts";
import { messageOf, ToolgroveError } from "./errors.ts";
import { createAnthropicCounter, type AnthropicCounterOptions } from "./measure/anthropic-counter.ts";
import type { Sent } from "./measure/definition-memory.ts";
import { readSession } from "./measure/ledger/read-ledger.ts";
import { sessionReport, type SessionReport } from "./measure/ledger/session-report.ts";
import {
  makeReport,
  type MeasuredServer,
  type MeasureReport,
  type ReportInput,
  type Unmeasured,
} from "./measure/report.ts";
import { createO200kCounter, type TokenCounter } from "./measure/tokens.ts";
import type { GatewayOptions, Parts } from "./parts.ts";
import { isSelected } from "./policy/selection.ts";

export { reportText } from "./measure/report-text.ts";
export { measurePage } from "./measure/page/page.ts";
export { sessionText } from "./measure/ledger/session-text.ts";
export type { MeasureReport, SessionReport };

/** What to measure, and how to count. */
export interface MeasureRequest {
  /** Our own definitions and instructions, as the door sends them. */
  readonly own: Sent;
  /** Asks Anthropic; counts offline by default. */
  readonly anthropic?: AnthropicCounterOptions | undefined;
  /** A folder of `tools/list` results, NAME.json each; the home's own servers by default. */
  readonly toolsFolder?: string | undefined;
  /** Asks the servers now, even where the last sync is remembered. */
  readonly isLive?: boolean | undefined;
}

/** The part of the gateway that measures. */
export interface Measuring {
  /** Starts servers only where no sync is remembered, or `isLive` asks for it. Throws `token_count`, `bad_input`. */
  measure(request: MeasureRequest): Promise<MeasureReport>;
  /** What a session spent: by id, or the `last` one of this home. Throws `bad_input` when there is none. */
  measureSession(id: string): Promise<SessionReport>;
}

/** Tools whose search and reading are the sample; more change the means little. */
const SAMPLE = 60;

/** Makes the part; it reads nothing by itself. */
export function createMeasuring(parts: Parts, options: GatewayOptions): Measuring {
  return {
    async measure({ own, anthropic, toolsFolder, isLive }) {
      const counter = anthropic ? createAnthropicCounter(anthropic) : await createO200kCounter();
      if (toolsFolder !== undefined) return measureFolder(toolsFolder, own, counter);
      const found = await collect(parts, options, isLive === true);
      const samples = await takeSamples(await parts.catalogs.get(), found.servers);
      return makeReport({ ...found, own, samples }, counter);
    },
    async measureSession(id) {
      const { stateDir, home } = options;
      const isRecording = home.settings.recordSessions;
      const session = await readSession({ stateDir, home: home.root, id, isRecording });
      const counter = await createO200kCounter();
      const { servers } = await collect(parts, { ...options, trusted: false }, false);
      const direct = servers.flatMap(({ definitions }) => definitions);
      const tokens = servers.length === 0 ? undefined : await counter.countTools(direct);
      return sessionReport(session, tokens);
    },
  };
}

type Collected = Pick<ReportInput, "servers" | "unmeasured">;

/** Definitions of every server: from the last sync, else live when that is allowed. */
async function collect(
  { upstreams, definitions }: Parts,
  { home, trusted }: GatewayOptions,
  isLive: boolean,
): Promise<Collected> {
  const found = home.servers.map(async (entry): Promise<MeasuredServer | Unmeasured> => {
    const server = entry.name;
    const remembered = isLive ? undefined : await definitions.recall(server);
    if (remembered) return { server, source: "sync", ...remembered };
    if (!trusted) return { server, reason: "no sync is remembered: run `toolgrove sync`" };
    try {
      const listing = await upstreams.list(server);
      const selected = listing.definitions.filter(({ name }) => isSelected(name, entry));
      const sent = { definitions: selected, instructions: listing.instructions };
      await definitions.remember(server, sent);
      return { server, source: "live", at: new Date().toISOString(), ...sent };
    } catch (error) {
      return { server, reason: messageOf(error) };
    }
  });
  const all = await Promise.all(found);
  return {
    servers: all.filter((one) => "definitions" in one),
    unmeasured: all.filter((one) => "reason" in one),
  };
}

/** Searches for tools in words of their own descriptions, and reads what was found first. */
async function takeSamples(
  catalog: CatalogDoor,
  servers: readonly MeasuredServer[],
): Promise<ReportInput["samples"]> {
  await catalog.ready();
  const tools = servers.flatMap((one) => one.definitions);
  const step = Math.max(1, Math.floor(tools.length / SAMPLE));
  const searches: string[] = [];
  const reads: string[] = [];
  for (const { name, description } of tools.filter((_, index) => index % step === 0).slice(0, SAMPLE)) {
    const { text, hits } = await catalog.search((description || name).split(/\s+/).slice(0, 8).join(" "));
    const [first] = hits;
    if (!first) continue;
    searches.push(text);
    reads.push((await catalog.read(first.path)).text);
  }
  return { searches, reads };
}

/** Measures as if the folder's servers were a home's: their wrappers are made in a throw-away folder. */
async function measureFolder(folder: string, own: Sent, counter: TokenCounter): Promise<MeasureReport> {
  const servers = await readFolder(folder);
  const home = await mkdtemp(path.join(os.tmpdir(), "toolgrove-measure-"));
  try {
    const serversDir = path.join(home, "servers");
    const names = servers.map(({ server }) => server);
    for (const { server, definitions } of servers)
      await writeServer({ serversDir, server, servers: names, definitions });
    const catalogs = createCatalogs({
      home: { serversDir, skillsDir: path.join(home, "skills") },
      cacheDir: path.join(home, "cache"),
      log: () => undefined,
    });
    const catalog = await catalogs.get();
    const samples = await takeSamples(catalog, servers);
    await catalog.close();
    return await makeReport({ servers, unmeasured: [], own, samples }, counter);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

const toolSchema = z.object({
  name: z.string().min(1),
  description: z.string().optional(),
  inputSchema: z.union([z.boolean(), z.record(z.string(), z.unknown())]),
});
const listSchema = z.object({ tools: z.array(toolSchema), instructions: z.string().nullish() });

async function readFolder(folder: string): Promise<MeasuredServer[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new ToolgroveError("bad_input", `The folder ${folder} cannot be read: ${messageOf(error)}`);
  });
  const files = names.filter((name) => name.endsWith(".json")).toSorted();
  if (files.length === 0)
    throw new ToolgroveError(
      "bad_input",
      `${folder} holds no .json file: give a folder of tools/list results, NAME.json each.`,
    );
  return Promise.all(files.map((name) => readList(path.join(folder, name))));
}

async function readList(file: string): Promise<MeasuredServer> {
  try {
    const { tools, instructions } = listSchema.parse(JSON.parse(await readFile(file, "utf8")));
    const definitions = tools.map(({ description, ...rest }) =>
      description === undefined ? rest : Object.assign(rest, { description }),
    );
    return {
      server: path.basename(file, ".json"),
      source: "file",
      definitions,
      instructions: instructions ?? undefined,
    };
  } catch (error) {
    throw new ToolgroveError(
      "bad_input",
      `${file} is not a tools/list result, { "tools": [ … ] }: ${messageOf(error)}`,
    );
  }
}
