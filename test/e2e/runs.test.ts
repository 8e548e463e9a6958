// Runs as they are asked for: requests that cannot be meant, whose runs are whose, and the command that lists them.
import { beforeAll, describe, expect, test } from "vitest";
import { listRuns, runId, useEffectsWorlds } from "./resume-world.ts";
import { toolgrove, type Peer } from "./world.ts";

const newWorld = useEffectsWorlds();

describe("a request that cannot be meant", () => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await newWorld().connect();
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
    const world = newWorld();
    const other = await world.connect();
    const failed = await other.execute(`await effects.apply({ id: "a" }); null.x`);
    expect((await peer.call("execute_code", { resume: runId(failed.text) })).text).toContain(
      "There is no run",
    );
    world.hold({ id: "b", done: false });
    const id = (await listRuns(world))[0]?.id ?? "";
    const mended = `await effects.apply({ id: "a" }); await effects.apply({ id: "b" });`;
    const stop = new AbortController();
    const running = other.call("execute_code", { resume: id, code: mended }, stop.signal);
    await world.held();
    const third = await world.connect();
    expect((await third.call("execute_code", { resume: id })).text).toContain("is still running");
    const removal = await toolgrove(["runs", "remove", id, "--home", world.home.root]);
    expect(removal.stderr).toContain("is running");
    stop.abort();
    await expect(running).rejects.toThrow(/abort/i);
  });
});

test("`runs` lists, shows and removes", async () => {
  const world = newWorld();
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
