// Work that is taken up again after whatever ended it, on real processes: each effect happens once, and nothing is lost.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, eventually, fixture, toolgrove, useHomes, type Peer, type TestHome } from "./world.ts";

const newHome = useHomes();
const folders: string[] = [];
const peers: Peer[] = [];
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close().catch(() => undefined)));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const CALLS = 40;
const ids = Array.from({ length: CALLS }, (_, nth) => `u${nth + 1}`);
const WORK = `
const done = [];
for (let nth = 1; nth <= ${CALLS}; nth++) done.push((await effects.apply({ id: "u" + nth })).applied);
return done.length;`;

/** A home with a server whose effects are counted. */
interface World {
  readonly home: TestHome;
  /** The effects so far, in order. */
  effects(): string[];
  /** The call of this id is never answered from now on; its effect happens or not. Undefined: every call is answered. */
  hold(call: { readonly id: string; readonly done: boolean } | undefined): void;
  /** Resolves when the held call has reached the server. */
  held(): Promise<unknown>;
  connect(): Promise<Peer>;
}

/** The wrappers of the server, made once by the product itself. */
let wrappers = "";
beforeAll(async () => {
  const { home } = makeWorld();
  const { code } = await toolgrove(["sync", "--home", home.root]);
  if (code !== 0) throw new Error("the server could not be synced");
  wrappers = home.path("servers");
});

function makeWorld(): World {
  const dir = mkdtempSync(path.join(os.tmpdir(), "resume-"));
  folders.push(dir);
  const [effectsFile = "", holdFile = "", heldFile = ""] = ["effects", "hold", "held"].map((file) =>
    path.join(dir, file),
  );
  writeFileSync(effectsFile, "");
  const env = { EFFECTS_FILE: effectsFile, HOLD_FILE: holdFile, HELD_FILE: heldFile };
  const home = newHome({ servers: { effects: { ...fixture("effects"), env } } });
  for (const each of wrappers === "" ? [] : ["effects", "runtime.ts", "lock.json"])
    cpSync(path.join(wrappers, each), home.path("servers", each), { recursive: true });
  return {
    home,
    effects: () => readFileSync(effectsFile, "utf8").split("\n").filter(Boolean),
    hold(call) {
      rmSync(holdFile, { force: true });
      rmSync(heldFile, { force: true });
      if (call) writeFileSync(holdFile, JSON.stringify(call));
    },
    held: () => eventually(() => existsSync(heldFile)),
    async connect() {
      const peer = await connect(home);
      peers.push(peer);
      return peer;
    },
  };
}

/** Starts code that will not end, and kills the server without warning when `moment` has come. */
async function killDuring(world: World, code: string, moment: () => Promise<unknown>): Promise<void> {
  const peer = await world.connect();
  const lost = peer.execute(code).catch(() => "lost");
  await moment();
  process.kill(peer.pid, "SIGKILL");
  expect(await lost).toBe("lost");
}

/** The id that an answer names. */
function runId(text: string): string {
  return /resume: "(\d{8}-\d{4}-[0-9a-f]{6})"/.exec(text)?.[1] ?? `none in: ${text}`;
}

async function listRuns({ home }: World): Promise<{ id: string; state: string; inDoubt: number }[]> {
  const { stdout } = await toolgrove(["runs", "--json", "--home", home.root]);
  return JSON.parse(stdout) as { id: string; state: string; inDoubt: number }[];
}

describe("a server killed during the nth of 40 calls", () => {
  let world: World;
  beforeAll(() => {
    world = makeWorld();
  });

  // Whether the effect of the lost call had happened takes turns.
  test.each(ids.map((id, index) => ({ nth: index + 1, id, done: index % 2 === 0 })))(
    "n = $nth, its effect done: $done",
    async ({ nth, id, done }) => {
      const before = world.effects().length;
      world.hold({ id, done });
      await killDuring(world, WORK, world.held);
      world.hold(undefined);
      const [run] = await listRuns(world);
      expect(run).toMatchObject({ state: "interrupted", inDoubt: 1 });

      const peer = await world.connect();
      const stopped = await peer.call("execute_code", { resume: run?.id });
      expect(stopped.isError).toBe(true);
      expect(stopped.text).toContain(`effects.apply({"id":"${id}"})`);
      expect(world.effects()).toHaveLength(before + nth - (done ? 0 : 1));

      const onDoubt = done ? "skip" : "retry";
      const ended = await peer.call("execute_code", {
        resume: run?.id,
        on_doubt: onDoubt,
        // What a skipped call gave is not known.
        code: WORK.replace("(await effects", "((await effects").replace(").applied", ") ?? {}).applied"),
      });
      expect(ended).toEqual({ text: expect.stringMatching(/^40\n/) as string, isError: false });
      expect(world.effects().slice(before)).toEqual(ids);
      await peer.close();
      expect((await listRuns(world)).filter(({ state }) => state !== "finished")).toEqual([]);
    },
  );
});

describe("a run that did not end well", () => {
  test("is named with what is in doubt, goes on with the same code, and then has ended", async () => {
    const world = makeWorld();
    const peer = await world.connect();
    world.hold({ id: "b", done: false });
    const code = `await effects.apply({ id: "a" }); await effects.apply({ id: "b" }); return "all"`;
    const first = await peer.call("execute_code", { code, timeout_ms: 1_500 });
    expect(first.isError).toBe(true);
    expect(first.text).toContain(`In doubt (sent, never answered): effects.apply({"id":"b"})`);
    const id = runId(first.text);
    world.hold(undefined);
    const again = await peer.call("execute_code", { resume: id, on_doubt: "retry" });
    expect(again.text).toMatch(/^all\nResumed .*: 1 call from the journal, live from effects\.apply/);
    expect(world.effects()).toEqual(["a", "b"]);
    const third = await peer.call("execute_code", { resume: id });
    expect(third).toEqual({ text: expect.stringContaining("ended well") as string, isError: true });
  });

  test("goes on with mended code, live from where that asks for something new", async () => {
    const world = makeWorld();
    const peer = await world.connect();
    const broken = `await effects.apply({ id: "a" }); await effects.apply({ id: "b" }); null.x;`;
    const first = await peer.execute(broken);
    const mended = broken.replace("null.x", `await effects.apply({ id: "c" }); return "mended"`);
    const again = await peer.call("execute_code", { resume: runId(first.text), code: mended });
    expect(again.text).toMatch(
      /^mended\nResumed .*: 2 calls from the journal, live from effects\.apply\(\{"id":"c"\}\)\./,
    );
    expect(world.effects()).toEqual(["a", "b", "c"]);
  });

  test("never repeats a completed write that mended code asks for later, and tells what it no longer asks for", async () => {
    const world = makeWorld();
    const peer = await world.connect();
    const first = await peer.execute(
      `await effects.apply({ id: "a" }); await effects.apply({ id: "b" }); await effects.apply({ id: "c" }); null.x`,
    );
    const again = await peer.call("execute_code", {
      resume: runId(first.text),
      code: `await effects.apply({ id: "new" }); await effects.apply({ id: "b" }); return (await effects.look({ id: "x" })).trim()`,
    });
    expect(world.effects()).toEqual(["a", "b", "c", "new"]);
    expect(again.text).toContain("a\nb\nc\nnew");
    expect(again.text).toContain("Done before and not asked for now: 2 calls");
  });

  test("gets past the failure that ended it, and keeps one that it outlived", async () => {
    const world = makeWorld();
    const peer = await world.connect();
    const code = `
      let caught = "";
      await effects.refuse({ id: "1" }).catch((error) => { caught = error.message; });
      await effects.apply({ id: "a" });
      await effects.apply({ id: "b" });
      throw new Error("ended here, " + caught);`;
    const first = await peer.execute(code);
    const again = await peer.call("execute_code", {
      resume: runId(first.text),
      code: code.replace(/throw .*/, "return caught;"),
    });
    expect(again.text).toMatch(/^refused\nResumed .*: 3 calls from the journal \(1 failed/);
    expect(world.effects()).toEqual(["a", "b"]);
  });

  test("sees the same times and the same randomness", async () => {
    const world = makeWorld();
    const peer = await world.connect();
    const draw = `
      const seen = [Math.random(), crypto.randomUUID(), Date.now(), new Date().toISOString(), performance.now()];
      await effects.apply({ id: JSON.stringify(seen) });`;
    const first = await peer.execute(`${draw} null.x`);
    await peer.call("execute_code", { resume: runId(first.text), code: `${draw} return 1` });
    expect(world.effects()).toHaveLength(1);
    await peer.execute(draw);
    expect(world.effects()).toHaveLength(2);
    expect(world.effects()[0]).not.toBe(world.effects()[1]);
  });

  test("appends to a file of the workspace once", async () => {
    const world = makeWorld();
    const peer = await world.connect();
    const append = `await workspace.appendText("log.txt", "line\\n"); await effects.apply({ id: "a" });`;
    const first = await peer.execute(`${append} null.x`);
    const again = await peer.call("execute_code", {
      resume: runId(first.text),
      code: `${append} return workspace.readText("log.txt")`,
    });
    expect(again.text).toMatch(/^line\n/);
    expect(world.home.read("workspace", "log.txt")).toBe("line\n");
  });

  test("has only what was sent in doubt, however many calls were waiting for their turn", async () => {
    const world = makeWorld();
    world.hold({ id: "u1", done: true });
    await killDuring(
      world,
      `await Promise.all(${JSON.stringify(ids)}.map((id) => effects.apply({ id })))`,
      world.held,
    );
    world.hold(undefined);
    const [run] = await listRuns(world);
    expect(run?.inDoubt).toBe(1);
    const peer = await world.connect();
    await peer.call("execute_code", { resume: run?.id, on_doubt: "skip" });
    expect(world.effects().toSorted()).toEqual(ids.toSorted());
  });

  test("sends a read that was never answered again, and says so", async () => {
    const world = makeWorld();
    world.hold({ id: "x", done: false });
    await killDuring(world, `await effects.apply({ id: "a" }); return effects.look({ id: "x" })`, world.held);
    world.hold(undefined);
    const peer = await world.connect();
    const told = await peer.execute("return 1");
    expect(told.text).toMatch(/^1\nUnfinished since an earlier server ended: .* \(1 call done\)/);
    const again = await peer.call("execute_code", { resume: runId(told.text) });
    expect(again.text).toContain("Sent again, as their answer was lost: effects.look");
    expect((await peer.execute("return 2")).text).toBe("2");
  });

  test("is in doubt about the call during which the upstream server died", async () => {
    const world = makeWorld();
    const peer = await world.connect();
    world.hold({ id: "b", done: true });
    const running = peer.execute(
      `await effects.apply({ id: "a" }); await effects.apply({ id: "b" }); return "all"`,
    );
    await world.held();
    world.hold(undefined);
    for (const pid of childrenOf(peer.pid, "effects.mjs")) process.kill(pid, "SIGKILL");
    const { text } = await running;
    expect(text).toContain("In doubt");
    const again = await peer.call("execute_code", { resume: runId(text), on_doubt: "skip" });
    expect(again.text).toMatch(/^all\n/);
    expect(world.effects()).toEqual(["a", "b"]);
  });
});

/** Processes started by `pid` whose command line holds `word`. */
function childrenOf(pid: number, word: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((each) => {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, "utf8"))?.[1];
        return Number(parent) === pid && readFileSync(`/proc/${each}/cmdline`, "utf8").includes(word);
      } catch {
        return false;
      }
    });
}

describe("a request that cannot be meant", () => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await makeWorld().connect();
  });

  test.each([
    [{}, "There is no code. Give code, or resume"],
    [{ code: "return 1", on_doubt: "skip" }, "on_doubt decides about a run that is taken up again"],
    [{ resume: "20260101-0000-abcdef" }, 'There is no run "20260101-0000-abcdef"'],
    [{ resume: "../../etc/passwd" }, "There is no run"],
  ])("%j is answered with what to do", async (input, expected) => {
    const answer = await peer.call("execute_code", input);
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(expected);
    expect(answer.text).toContain("Nothing was run.");
  });

  test("a run of another home is unknown here, and one that is running is not taken up", async () => {
    const world = makeWorld();
    const other = await world.connect();
    const failed = await other.execute(`await effects.apply({ id: "a" }); null.x`);
    expect((await peer.call("execute_code", { resume: runId(failed.text) })).text).toContain(
      "There is no run",
    );
    world.hold({ id: "b", done: false });
    const id = (await listRuns(world))[0]?.id ?? "";
    const mended = `await effects.apply({ id: "a" }); await effects.apply({ id: "b" });`;
    const running = other.call("execute_code", { resume: id, code: mended, timeout_ms: 3_000 });
    await world.held();
    const third = await world.connect();
    expect((await third.call("execute_code", { resume: id })).text).toContain("is still running");
    const removal = await toolgrove(["runs", "remove", id, "--home", world.home.root]);
    expect(removal.stderr).toContain("is running");
    await running;
  });
});

test("`runs` lists, shows and removes", async () => {
  const world = makeWorld();
  const peer = await world.connect();
  const { text } = await peer.execute(`await effects.apply({ id: "a" }); null.x`);
  const id = runId(text);
  await peer.execute(`await effects.apply({ id: "b" })`);
  const at = ["--home", world.home.root];
  expect(await listRuns(world)).toMatchObject([{ state: "finished" }, { id, state: "failed", calls: 1 }]);
  expect((await toolgrove(["runs", ...at])).stdout).toContain(`${id}  failed       1 call`);
  const shown = await toolgrove(["runs", "show", id, ...at]);
  expect(shown.stdout).toContain("effects.apply");
  expect((await toolgrove(["runs", "remove", id, ...at])).code).toBe(0);
  expect((await toolgrove(["runs", "show", id, ...at])).code).toBe(2);
  expect((await toolgrove(["runs", "remove", "--all", ...at])).code).toBe(0);
  expect(await listRuns(world)).toEqual([]);
});
