// Toolgrove killed without warning during each of 40 calls in turn; the next server takes up what it left. Each effect
// happens once, and no journal is lost. The server that ends one case's work begins the next one's, and is killed in it.
import { beforeAll, expect, test } from "vitest";
import { killDuring, listRuns, runId, useEffectsWorlds, type EffectsWorld } from "./resume-world.ts";
import type { Peer } from "./world.ts";

const CALLS = 40;
const ids = Array.from({ length: CALLS }, (_, nth) => `u${nth + 1}`);
const WORK = `
const done = [];
for (let nth = 1; nth <= ${CALLS}; nth++) done.push((await effects.apply({ id: "u" + nth })).applied);
return done.length;`;

const newWorld = useEffectsWorlds();
let world: EffectsWorld;
let server: Peer;
beforeAll(async () => {
  world = newWorld();
  server = await world.connect();
});

// Whether the effect of the lost call had happened takes turns.
test.each(ids.map((id, index) => ({ nth: index + 1, id, done: index % 2 === 0 })))(
  "killed during call $nth, its effect done: $done",
  async ({ nth, id, done }) => {
    const before = world.effects().length;
    world.hold({ id, done });
    await killDuring(world, server, WORK);
    world.hold(undefined);

    server = await world.connect();
    const told = await server.execute("return 1");
    // No other run is unfinished, so all that were taken up before have ended well.
    expect(told.text).toMatch(/^1\nUnfinished since an earlier server ended: \S+ \(/);
    const resume = runId(told.text);
    expect(told.text).toContain(
      `: ${resume} (${nth - 1} call${nth === 2 ? "" : "s"} done, 1 in doubt). To go on`,
    );
    const stopped = await server.call("execute_code", { resume });
    expect(stopped.isError).toBe(true);
    expect(stopped.text).toContain(`effects.apply({"id":"${id}"})`);
    expect(world.effects()).toHaveLength(before + nth - (done ? 0 : 1));

    const ended = await server.call("execute_code", {
      resume,
      on_doubt: done ? "skip" : "retry",
      // What a skipped call gave is not known.
      code: WORK.replace("(await effects", "((await effects").replace(").applied", ") ?? {}).applied"),
    });
    expect(ended).toEqual({ text: expect.stringMatching(/^40\n/) as string, isError: false });
    expect(world.effects().slice(before)).toEqual(ids);
  },
);

test("every one of them is listed as finished", async () => {
  const runs = await listRuns(world);
  expect(runs).toHaveLength(CALLS);
  expect(runs.filter(({ state }) => state !== "finished")).toEqual([]);
});
