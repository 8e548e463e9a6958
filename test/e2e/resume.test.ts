// Work that is taken up again after whatever ended it, on real processes: each effect happens once, and nothing is lost.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { killDuring, listRuns, runId, useEffectsWorlds } from "./resume-world.ts";

const newWorld = useEffectsWorlds();
const ids = Array.from({ length: 40 }, (_, nth) => `u${nth + 1}`);

describe("a run that did not end well", () => {
  test("is named with what is in doubt, goes on with the same code, and then has ended", async () => {
    const world = newWorld();
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
    const world = newWorld();
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
    const world = newWorld();
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
    const world = newWorld();
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
    const world = newWorld();
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
    const world = newWorld();
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
    const world = newWorld();
    world.hold({ id: "u1", done: true });
    await killDuring(
      world,
      await world.connect(),
      `await Promise.all(${JSON.stringify(ids)}.map((id) => effects.apply({ id })))`,
    );
    world.hold(undefined);
    const [run] = await listRuns(world);
    expect(run).toMatchObject({ state: "interrupted", inDoubt: 1 });
    const peer = await world.connect();
    await peer.call("execute_code", { resume: run?.id, on_doubt: "skip" });
    expect(world.effects().toSorted()).toEqual(ids.toSorted());
  });

  test("sends a read that was never answered again, and says so", async () => {
    const world = newWorld();
    world.hold({ id: "x", done: false });
    await killDuring(
      world,
      await world.connect(),
      `await effects.apply({ id: "a" }); return effects.look({ id: "x" })`,
    );
    world.hold(undefined);
    const peer = await world.connect();
    const told = await peer.execute("return 1");
    expect(told.text).toMatch(/^1\nUnfinished since an earlier server ended: .* \(1 call done\)/);
    const again = await peer.call("execute_code", { resume: runId(told.text) });
    expect(again.text).toContain("Sent again, as their answer was lost: effects.look");
    expect((await peer.execute("return 2")).text).toBe("2");
  });

  test("is in doubt about the call during which the upstream server died", async () => {
    const world = newWorld();
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
