// The ledger of a scripted session equals, to the token, what recording proxies on both sides of our server saw.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createO200kCounter, type OfflineCounter } from "../../src/measure/tokens.ts";
import {
  childEnv,
  cli,
  connect,
  eventually,
  fixture,
  memoryEntry,
  memoryServer,
  toolgrove,
  useHomes,
  type CommandResult,
  type TestHome,
} from "./world.ts";

interface Seen {
  readonly side: "client" | "server";
  readonly message: {
    readonly id?: number;
    readonly method?: string;
    readonly params?: Params;
    readonly result?: Result;
  };
}
interface Params {
  readonly arguments?: unknown;
}
interface Result {
  readonly instructions?: string;
  readonly tools?: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: object;
  }[];
  readonly content?: readonly { readonly text?: string }[];
  readonly structuredContent?: unknown;
}
interface Report {
  readonly spent: Record<
    "definitions" | "instructions" | "arguments" | "answers" | "total" | "roundTrips",
    number
  >;
  readonly inside: { readonly calls: number; readonly arguments: number; readonly results: number };
  readonly direct: {
    readonly total: number;
    readonly definitions: number;
    readonly roundTrips: number;
  } | null;
}

const SECRET = "a name that must not be kept 4711";
const PROGRAM = `await memory.createEntities([{ name: "${SECRET}", entityType: "x", observations: ["größe: 日本"] }]);
for (let n = 0; n < 20; n++) await memory.openNodes(["${SECRET}"]);
return await memory.readGraph();`;

const newHome = useHomes();
const [proxy = ""] = fixture("recording-proxy").args ?? [];
let counter: OfflineCounter;
let home: TestHome;
let state: string;
let report: Report;
let outer: readonly Seen[];
let inner: readonly Seen[];

const read = (file: string): Seen[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Seen);
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

beforeAll(async () => {
  counter = await createO200kCounter();

  const folder = newHome();
  state = folder.path("state");
  const args = [proxy, folder.path("inner.jsonl"), process.execPath, memoryServer];
  const entry = { ...memoryEntry, args };
  home = newHome({ servers: { memory: entry }, wrappers: "memory", recordSessions: true });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [proxy, home.path("outer.jsonl"), process.execPath, cli, "serve", "--home", home.root],
    env: childEnv({ XDG_STATE_HOME: state }),
    stderr: "ignore",
  });
  const client = new Client({ name: "ledger", version: "1" }, { versionNegotiation: { mode: "legacy" } });
  await client.connect(transport);
  await client.listTools();
  await client.callTool({ name: "search_tools", arguments: { query: "add facts to an entity" } });
  await client.callTool({ name: "read_tool", arguments: { path: "servers/memory/openNodes" } });
  await client.callTool({ name: "execute_code", arguments: { code: PROGRAM } });
  await client.callTool({
    name: "execute_code",
    arguments: { code: 'await memory.addObservations([{ entityName: "nobody", contents: [] }])' },
  });
  await client.close();
  await toolgrove(["sync", "--home", home.root], { env: { XDG_STATE_HOME: state } });
  const { stdout } = await toolgrove(["measure", "--session", "--json", "--home", home.root], {
    env: { XDG_STATE_HOME: state },
  });
  report = JSON.parse(stdout) as Report;
  outer = read(home.path("outer.jsonl"));
  inner = read(args[1] ?? "");
}, 60_000);

describe("what crossed the model's boundary", () => {
  const requests = (method: string): Seen[] => outer.filter(({ message }) => message.method === method);
  const resultOf = ({ message: { id } }: Seen): Result =>
    outer.find(({ side, message }) => side === "server" && message.id === id && message.result)?.message
      .result ?? {};

  it("definitions and instructions", () => {
    const tools = requests("tools/list").map(resultOf).at(-1)?.tools ?? [];
    const sent = tools.map(({ name, description, inputSchema }) =>
      JSON.stringify({ name, description, inputSchema }),
    );
    expect(tools).toHaveLength(3);
    expect(report.spent.definitions).toBe(sum(sent.map(counter.count)));
    expect(report.spent.instructions).toBe(
      sum(requests("initialize").map((one) => counter.count(resultOf(one).instructions ?? ""))),
    );
  });

  it("each call and each answer", () => {
    const calls = requests("tools/call");
    expect(report.spent.roundTrips).toBe(4);
    expect(report.spent.arguments).toBe(
      sum(calls.map(({ message }) => counter.count(JSON.stringify(message.params?.arguments)))),
    );
    const texts = calls.flatMap((call) => resultOf(call).content ?? []).map(({ text = "" }) => text);
    expect(texts).toHaveLength(4);
    expect(report.spent.answers).toBe(sum(texts.map(counter.count)));
    const { definitions, instructions, arguments: sent, answers } = report.spent;
    expect(report.spent.total).toBe(definitions + instructions + sent + answers);
  });
});

it("what stayed inside is what a proxy before the server saw", () => {
  const calls = inner.filter(({ side, message }) => side === "client" && message.method === "tools/call");
  expect(calls).toHaveLength(23);
  expect(report.inside.calls).toBe(23);
  expect(report.inside.arguments).toBe(
    sum(calls.map(({ message }) => counter.count(JSON.stringify(message.params?.arguments)))),
  );
  const results = calls.map(({ message: { id } }) => {
    const result = inner.find(({ side, message }) => side === "server" && message.id === id)?.message.result;
    return result?.structuredContent === undefined
      ? (result?.content?.[0]?.text ?? "")
      : JSON.stringify(result.structuredContent);
  });
  expect(report.inside.results).toBe(sum(results.map(counter.count)));
});

it("the same calls made directly: definitions, arguments and results, a round trip each", () => {
  expect(report.direct?.roundTrips).toBe(23);
  expect(report.direct?.definitions).toBeGreaterThan(800);
  expect(report.direct?.total).toBe(
    (report.direct?.definitions ?? 0) + report.inside.arguments + report.inside.results,
  );
});

it("counts are kept and contents are not, in a file that only its user can read", () => {
  const folder = path.join(state, "toolgrove", "sessions");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".jsonl"),
  );
  expect(files).toHaveLength(1);
  const file = path.join(folder, files[0] ?? "");
  expect(readFileSync(file, "utf8")).not.toMatch(/4711|größe|facts/);
  expect(process.platform === "win32" || (statSync(file).mode & 0o077) === 0).toBe(true);
});

it("a session that is not there is named, with those that are", async () => {
  const { code, stderr } = await toolgrove(["measure", "--session", "1999", "--home", home.root], {
    env: { XDG_STATE_HOME: state },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/There is no session "1999" .* The newest are: \d{8}T\d{6}-/);
  const elsewhere = await toolgrove(["measure", "--session", "--home", home.root], {
    env: { XDG_STATE_HOME: home.path("none") },
  });
  expect(elsewhere.stderr).toContain("No session of");
});

it("commands that no model sees leave no session", async () => {
  const empty = home.path("quiet");
  await toolgrove(["run", "-", "--home", home.root], { input: "return 1", env: { XDG_STATE_HOME: empty } });
  expect(existsSync(empty)).toBe(false);
});

const lastSession = ({ root }: TestHome): Promise<CommandResult> =>
  toolgrove(["measure", "--session", "--json", "--home", root]);

it("a session that goes on can be read once it rests", async () => {
  const going = newHome({ recordSessions: true });
  const peer = await connect(going);
  await peer.search("anything");
  const { stdout } = await eventually(async () => [await lastSession(going)].find(({ code }) => code === 0));
  await peer.close();
  expect(JSON.parse(stdout)).toMatchObject({ spent: { roundTrips: 1 } });
});

it("a client that only looks at the tools was no session", async () => {
  const looked = newHome({ recordSessions: true });
  const peer = await connect(looked);
  await peer.client.listTools();
  await peer.close();
  expect((await lastSession(looked)).stderr).toContain("is recorded yet");
});

it("a home that wants no record has none, and says why", async () => {
  const unrecorded = newHome({ recordSessions: false });
  const peer = await connect(unrecorded);
  await peer.search("anything");
  await peer.close();
  expect((await lastSession(unrecorded)).stderr).toContain('its toolgrove.json says "recordSessions": false');
});
