// `toolgrove measure` as people run it: on a home, on the collected dumps, and where it says that direct use is cheaper.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import type { MeasureReport } from "../../src/measuring.ts";
import { DEFERRED_NAME_EXTRA, deferredName } from "../../src/measure/report.ts";
import { createO200kCounter } from "../../src/measure/tokens.ts";
import { ownSent } from "../../src/serve/own-sent.ts";
import {
  connect,
  fixture,
  memoryEntry,
  repository,
  run,
  toolgrove,
  useHomes,
  type TestHome,
} from "./world.ts";

const newHome = useHomes();
const dumps = path.resolve(repository, "../shared/bench/mcp-tools");
const hasDumps = existsSync(dumps);

async function measure(...args: readonly string[]): Promise<MeasureReport> {
  const { stdout, stderr, code } = await toolgrove(["measure", "--json", ...args]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as MeasureReport;
}

/** The server's only tool, three times. */
function folderOfThree(home: TestHome): string {
  const tools = ["move", "weigh", "paint"].map((name) => ({
    name,
    description: `${name} a crate`,
    inputSchema: { type: "object", properties: { crate: { type: "string" } } },
  }));
  mkdirSync(home.path("lists"));
  writeFileSync(home.path("lists", "crates.json"), JSON.stringify({ tools, instructions: "Crates only." }));
  return home.path("lists");
}

describe("a home", () => {
  let home: TestHome;
  beforeAll(async () => {
    home = newHome({ servers: { memory: memoryEntry } });
    await toolgrove(["sync", "--home", home.root]);
  });

  it("is measured from what its last sync saw, without starting a server", async () => {
    const report = await measure("--home", home.root);
    expect(report.servers).toMatchObject([{ server: "memory", source: "sync", tools: 9 }]);
    expect(report.totals.definitions).toBe(900);
    expect(report.totals.direct).toBe(report.totals.definitions + report.totals.instructions);
    expect(report.counter).toEqual({ label: "o200k_base", isEstimate: true });
    expect(home.read("servers", "mcp.json")).not.toBe("");
    expect(existsSync(home.path("memory.jsonl"))).toBe(false);
  });

  it("is asked live when that is wanted, with the same figures", async () => {
    const [asked, remembered] = [
      await measure("--home", home.root, "--live"),
      await measure("--home", home.root),
    ];
    expect(asked.servers[0]?.source).toBe("live");
    expect(asked.totals).toEqual(remembered.totals);
  });

  it("says plainly that direct use is cheaper for few calls to nine tools", async () => {
    const { stdout } = await toolgrove(["measure", "--home", home.root]);
    expect(stdout).toMatch(
      /Direct use is cheaper for up to \d+ calls? in a session: you do not need Toolgrove for that\./,
    );
    expect(stdout).toContain("an estimate for Claude");
    expect(stdout).toContain("Assumed, not measured: ");
  });

  it("names what it could not measure, and fails", async () => {
    const broken = newHome({ servers: { gone: { command: "no-such-program-4711" } } });
    const { code, stdout } = await toolgrove(["measure", "--home", broken.root]);
    expect(code).toBe(1);
    expect(stdout).toContain("Not measured: gone: ");
  });

  it("leaves out tools that its owner left out", async () => {
    const file = path.join(home.root, "one.json");
    writeFileSync(
      file,
      JSON.stringify([
        { name: "a", inputSchema: {} },
        { name: "b", inputSchema: {} },
      ]),
    );
    const entry = { ...fixture("replay", file), include: ["a"] };
    const narrow = newHome({ servers: { replay: entry } });
    expect((await measure("--home", narrow.root)).tools).toBe(1);
  });
});

it("one call to one of three tools is cheapest directly, and it says so", async () => {
  const home = newHome({ servers: {} });
  const report = await measure("--home", home.root, "--tools", folderOfThree(home));
  const [one] = report.all.tasks;
  expect(one?.calls).toBe(1);
  expect(one?.cheapest).not.toBe("toolgrove");
  expect(one?.input.direct).toBeLessThan(one?.input.toolgrove ?? 0);
  expect(report.all.breakEven.directUpToCalls).toBeGreaterThanOrEqual(1);
});

test("what it counts as ours is what a client receives", async () => {
  const home = newHome({ servers: {} });
  const peer = await connect(home);
  const { tools } = await peer.client.listTools();
  const { definitions, instructions } = ownSent();
  expect(
    tools.map(({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema })),
  ).toEqual(definitions.map((each) => JSON.stringify(each)));
  expect(peer.client.getInstructions()).toBe(instructions);
  await peer.close();
});

describe("a command line that cannot be meant", () => {
  it.each([
    [["--counter", "guess"], 'takes o200k or anthropic, not "guess"'],
    [["--counter", "anthropic"], "needs the variable ANTHROPIC_API_KEY"],
    [["--session", "last", "--html", "x"], "--session cannot be combined with --html"],
  ])("%j", async (args, message) => {
    const { code, stderr } = await toolgrove(["measure", "--home", newHome({ servers: {} }).root, ...args], {
      env: { ANTHROPIC_API_KEY: "" },
    });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("a folder that holds no list is said to be none", async () => {
    const home = newHome({ servers: {} });
    const { code, stderr } = await toolgrove([
      "measure",
      "--home",
      home.root,
      "--tools",
      home.path("servers"),
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("is not a tools/list result");
  });
});

/** What Claude Code 2.1.330 added for so many deferred tools, in o200k tokens, measured with a real client. */
describe("the model of deferred loading, against what a real client sent", () => {
  it.each([
    // The names of the made-up servers were not kept, so these are of the same kind.
    [113, 1_231, 0.1],
    [513, 5_631, 0.1],
  ])("%i tools of a made-up server: %i tokens", async (tools, measured, tolerance) => {
    const counter = await createO200kCounter();
    const names = Array.from({ length: tools }, (_, nth) => deferredName("fake", `tool_${nth}`));
    const modelled = (await counter.countTexts(names)) + tools * DEFERRED_NAME_EXTRA;
    console.info(
      `${tools} tools: ${modelled} modelled, ${measured} measured: ${percent(modelled / measured - 1)}`,
    );
    expect(Math.abs(modelled / measured - 1)).toBeLessThan(tolerance);
  });

  it.each([
    [["memory"], 97, 0.05],
    // Three tools of "everything" exist only for clients that answer its questions: 36 here, 39 there.
    [["memory", "everything", "filesystem"], 730, 0.1],
  ])("%j: %i tokens", async (servers, measured, tolerance) => {
    const entries = {
      memory: memoryEntry,
      everything: npm("everything"),
      filesystem: npm("filesystem", repository),
    };
    const home = newHome({
      servers: Object.fromEntries(servers.map((name) => [name, entries[name as keyof typeof entries]])),
    });
    const { totals, tools } = await measure("--home", home.root);
    console.info(
      `${tools} tools: ${totals.deferred} modelled, ${measured} measured: ${percent(totals.deferred / measured - 1)}`,
    );
    expect(Math.abs(totals.deferred / measured - 1)).toBeLessThan(tolerance);
  });
});

function npm(name: string, ...args: readonly string[]): { command: string; args: string[] } {
  const file = path.join(repository, `node_modules/@modelcontextprotocol/server-${name}/dist/index.js`);
  return { command: process.execPath, args: [file, ...args] };
}

function percent(share: number): string {
  return `${share > 0 ? "+" : ""}${(share * 100).toFixed(1)} %`;
}

describe.skipIf(!hasDumps)("the 37 collected servers (skipped without ../shared/bench/mcp-tools)", () => {
  /** From the notes beside the dumps: name, description and input schema as JSON, o200k tokens. */
  const KNOWN = {
    azure: 112_766,
    postman: 83_509,
    github: 25_103,
    salesforce: 25_771,
    memory: 901,
    gdrive: 42,
  };

  it("their totals are those that were counted before, to 1 %", async () => {
    const report = await measure("--home", newHome({ servers: {} }).root, "--tools", dumps);
    expect(report.tools).toBe(1_608);
    expect(report.servers).toHaveLength(readdirSync(dumps).length);
    expect(Math.abs(report.totals.definitions / 494_312 - 1)).toBeLessThan(0.01);
    for (const [server, known] of Object.entries(KNOWN)) {
      const found = report.servers.find((row) => row.server === server)?.definitions ?? 0;
      expect(Math.abs(found - known)).toBeLessThanOrEqual(Math.max(2, known * 0.01));
    }
    const sum = report.servers.reduce((total, row) => total + row.standing.direct, 0);
    expect(report.totals.direct).toBe(sum);
  });
});

test.skipIf(!hasDumps)(
  "the experiment run again has the counts of the committed report (its smallest size; skipped without the collected servers)",
  async () => {
    const args = [
      path.join(repository, "test/bench/experiment.mjs"),
      "--check",
      "--sizes",
      "5",
      "--rounds",
      "1",
    ];
    const { stdout, stderr, code } = await run(process.execPath, args);
    expect({ stdout, stderr, code }).toEqual({
      stdout: "The counts are those of the committed report.\n",
      stderr: "",
      code: 0,
    });
  },
  120_000,
);

test("the committed report of the experiment holds its counts", () => {
  const text = readFileSync(path.join(repository, "test/bench/EXPERIMENT.md"), "utf8");
  const counts = JSON.parse(
    readFileSync(path.join(repository, "test/bench/experiment-counts.json"), "utf8"),
  ) as {
    readonly updates: readonly {
      readonly records: number;
      readonly direct: { readonly calls: number };
      readonly code: { readonly calls: number };
    }[];
  };
  expect(counts.updates.map(({ records, direct, code }) => [records, direct.calls, code.calls])).toEqual(
    [5, 50, 100, 1_000].map((records) => [records, 2 * records, 1]),
  );
  expect(text).toContain("“42,000 times faster” does not hold");
});
