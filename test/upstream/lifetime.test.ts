import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { context, eventually, fixture, isAlive, rejection, useWorld } from "./world.ts";

const world = useWorld();

const startError = (changes: Parameters<typeof fixture>[1], startLimitMs?: number): Promise<unknown> =>
  rejection(world.open([fixture("rude", changes)], startLimitMs).list("rude"));
const saying = (pattern: RegExp) => ({ code: "upstream_start", message: expect.stringMatching(pattern) });

describe("a server that cannot be started", () => {
  test("a command that does not exist", async () => {
    const error = await startError({ command: "no-such-program" });
    expect(error).toMatchObject(
      saying(/^Server "rude" could not be started: the command "no-such-program" was not found/),
    );
  });

  test("a folder that does not exist", async () => {
    const error = await startError({ cwd: world.file("nowhere") });
    expect(error).toMatchObject(saying(/its folder \S+nowhere does not exist/));
  });

  test("a file that may not be run", async () => {
    const file = world.file("plain.txt");
    await writeFile(file, "text");
    expect(await startError({ command: file })).toMatchObject(saying(/cannot be run \(EACCES\)/));
  });

  test("one that dies at start, with its exit code and stderr", async () => {
    const error = await startError({ args: ["dies"] });
    expect(error).toMatchObject(
      saying(/ended at once \(exit code 3\)[^]*stderr ends with:\nconfig\.json: no such file/),
    );
  });

  test("one that says nothing, and must be killed", async () => {
    const error = await startError({ args: ["mute"] }, 300);
    expect(error).toMatchObject(saying(/did not answer within 300 ms\. Run the command/));
  });

  test("an entry's own limit goes before ours", async () => {
    const error = await startError({ args: ["mute"], startTimeoutMs: 200 });
    expect(error).toMatchObject(saying(/did not answer within 200 ms\./));
  });

  test("one that talks to people on stdout", async () => {
    const error = await startError({ args: ["babbles"] }, 500);
    expect(error).toMatchObject(saying(/prints text that is not MCP on stdout: "Listening on port 8080"/));
  });

  test("arguments stay out of the message: they may hold secrets", async () => {
    const error = await startError({ args: ["dies", "--token=hush"] });
    expect(String(error)).not.toContain("hush");
  });

  test("it is not tried again before a pause, and then it is", async () => {
    const ready = world.file("ready");
    const upstreams = world.open([fixture("rude", { args: ["late"], env: { READY_FILE: ready } })]);
    const [first, second] = await Promise.all([
      rejection(upstreams.list("rude")),
      rejection(upstreams.list("rude")),
    ]);
    expect(first).toMatchObject(saying(/exit code 4/));
    expect(second).toBe(first);
    await writeFile(ready, "");
    expect(await rejection(upstreams.list("rude"))).toMatchObject(
      saying(/exit code 4[^]*can be tried again in \d+ ms/),
    );
    expect(upstreams.state("rude")).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("exit code 4"),
    });
    await eventually(() =>
      upstreams.list("rude").then(
        () => true,
        () => false,
      ),
    );
    expect(upstreams.state("rude")).toEqual({ status: "ready" });
  });
});

test("noise on stdout before the protocol does no harm", async () => {
  const upstreams = world.open([fixture("rude", { args: ["banner"] })]);
  expect(await upstreams.callTool({ server: "rude", tool: "hello" }, {}, context())).toBe("hello");
});

test("a program can be asked which protocol it speaks, and is started once all the same", async () => {
  const { upstreams, events } = world.timing({ protocol: "auto" });
  expect(await upstreams.callTool({ server: "timing", tool: "read" }, { id: "a" }, context())).toBe("a");
  expect(await events()).toEqual(["started", "begin a", "end a"]);
});

test("callers at the same time share one start", async () => {
  const { upstreams, events } = world.timing();
  expect(upstreams.state("timing")).toEqual({ status: "idle" });
  await Promise.all([1, 2, 3, 4].map(() => upstreams.list("timing")));
  expect(await events()).toEqual(["started"]);
});

test("a server that dies loses the call in flight, once, and serves the next", async () => {
  const { upstreams, events } = world.timing();
  const call = (tool: string, id: string) =>
    upstreams.callTool({ server: "timing", tool }, { id }, context());
  const [lost, queued] = await Promise.all([rejection(call("die", "x")), call("write", "y")]);
  expect(lost).toMatchObject({
    code: "upstream_lost",
    message: expect.stringMatching(/timing\.die: connection lost; effects may have happened/),
  });
  expect(queued).toBe("y");
  expect(await events()).toEqual(["started", "begin x", "started", "begin y", "end y"]);
  expect(world.logged).toEqual([expect.stringMatching(/Server "timing" ended \(exit code 7\)/)]);
});

describe("the processes of a server end", () => {
  test.each([
    ["that minds its stdin", []],
    ["that ignores stdin and SIGTERM", ["stubborn"]],
  ])("with close, of a server %s, within 1.5 s", async (_title, args) => {
    const upstreams = world.open([fixture("family", { args })]);
    const pids = (await upstreams.callTool({ server: "family", tool: "pids" }, {}, context())) as number[];
    expect(pids.map(isAlive)).toEqual([true, true]);
    const before = performance.now();
    await upstreams.close();
    expect(performance.now() - before).toBeLessThan(1_500);
    await eventually(() => !pids.some(isAlive));
    expect(await rejection(upstreams.list("family"))).toMatchObject({ code: "cancelled" });
  });

  test("with a crash of the server", async () => {
    const upstreams = world.open([fixture("family", { args: ["stubborn"] })]);
    const call = (tool: string) => upstreams.callTool({ server: "family", tool }, {}, context());
    const pids = (await call("pids")) as number[];
    expect(await rejection(call("die"))).toMatchObject({ code: "upstream_lost" });
    await eventually(() => !pids.some(isAlive));
    expect(upstreams.state("family")).toEqual({ status: "idle", reason: "exit code 9" });
  });

  test("with close during the start", async () => {
    const upstreams = world.open([fixture("rude", { args: ["mute"] })]);
    const start = rejection(upstreams.list("rude"));
    await eventually(() => upstreams.state("rude").status === "starting");
    await upstreams.close();
    expect(await start).toMatchObject({ code: "cancelled" });
  });
});
