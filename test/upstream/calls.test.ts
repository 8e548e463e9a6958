import { mkdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ToolError } from "../../src/errors.ts";
import { context, eventually, fixture, rejection, useWorld } from "./world.ts";

const world = useWorld();
const ref = (tool: string) => ({ server: "timing", tool });
const answer = (tool: string, args = {}): Promise<unknown> =>
  world.open([fixture("answers")]).callTool({ server: "answers", tool }, args, context());

const file = (type: string, tool: string, mimeType: string, bytes: number) => ({
  type,
  path: `answers.${tool}`,
  mimeType,
  bytes,
});

describe("what a call gives", () => {
  test.each([
    ["json", { a: [1, 2] }],
    ["two_texts", "1\n2"],
    ["image", { text: "a dot", blocks: [file("image", "image", "image/png", 5)] }],
    ["audio", { blocks: [file("audio", "audio", "application/octet-stream", 3)] }],
    ["text_resource", { blocks: [{ ...file("resource", "text_resource", "text/plain", 6), uri: "a:1" }] }],
    ["blob_resource", { blocks: [{ ...file("resource", "blob_resource", "text/csv", 3), uri: "a:2" }] }],
    ["link", { blocks: [{ type: "resource_link", uri: "file:///a.txt", name: "a" }] }],
    ["structured", { sum: 3 }],
    [
      "structured_image",
      {
        sum: 3,
        _blocks: [{ type: "text", text: "three" }, file("image", "structured_image", "image/png", 5)],
      },
    ],
    ["misses_its_schema", { total: "3" }],
    ["empty", null],
  ])("%s", async (tool, value) => {
    expect(await answer(tool)).toEqual(value);
  });

  test("media are files with the bytes that were sent", async () => {
    await answer("blob_resource");
    expect(await readFile(world.file("answers.blob_resource"), "utf8")).toBe("a,b");
    await answer("text_resource");
    expect(await readFile(world.file("answers.text_resource"), "utf8")).toBe("grüß");
  });

  test("media that cannot be kept do not hide that the call was made", async () => {
    await mkdir(world.file("answers.image"));
    expect(await rejection(answer("image"))).toMatchObject({
      code: "workspace",
      message: expect.stringMatching(/^answers\.image was called, but the image .* could not be kept/),
    });
  });

  test("a text that looks like a number with leading zeros stays a text", async () => {
    expect(await answer("echo", { message: "007" })).toBe("007");
  });

  test("isError is thrown with server, tool and text", async () => {
    const error = await rejection(answer("fails"));
    expect(error).toBeInstanceOf(ToolError);
    expect(error).toMatchObject({
      server: "answers",
      tool: "fails",
      message: "the disk is full\nfree 3 GB first",
    });
  });

  test("a JSON-RPC error names the call and keeps the server's words", async () => {
    expect(await rejection(answer("refuses"))).toMatchObject({
      code: "upstream_protocol",
      message: expect.stringMatching(/^answers\.refuses was refused .*sum must be a number/),
    });
  });

  test("our environment does not reach the server, beyond what a program needs to run", async () => {
    process.env["SECRET_FOR_TEST"] = "hidden";
    const env = { GIVEN: "yes" };
    const upstreams = world.open([fixture("answers", { env })]);
    const names = await upstreams.callTool({ server: "answers", tool: "environment" }, {}, context());
    delete process.env["SECRET_FOR_TEST"];
    expect(names).toContain("GIVEN");
    expect(names).toContain("PATH");
    expect(names).not.toContain("SECRET_FOR_TEST");
  });

  test("an answer of 50 MB arrives whole", async () => {
    const bytes = 50 * 1024 * 1024;
    expect(await answer("big", { bytes })).toHaveLength(bytes);
  });

  test("an unknown tool is told with the nearest ones, an unknown server with those there are", async () => {
    const upstreams = world.open([fixture("answers")]);
    expect(
      await rejection(upstreams.callTool({ server: "answers", tool: "twoText" }, {}, context())),
    ).toMatchObject({
      code: "bad_input",
      message: expect.stringMatching(/no tool "twoText"\. The nearest are: two_texts/),
    });
    expect(
      await rejection(upstreams.callTool({ server: "answer", tool: "json" }, {}, context())),
    ).toMatchObject({
      code: "unknown_server",
      message: expect.stringMatching(/no server "answer".*There are: answers\./),
    });
    expect(() => upstreams.state("nobody")).toThrow('no server "nobody"');
    expect(upstreams.names()).toEqual(["answers"]);
  });
});

describe("time and cancellation", () => {
  test("silence ends with upstream_timeout, and the server is told", async () => {
    const { upstreams, events } = world.timing({ timeoutMs: 100 });
    expect(await rejection(upstreams.callTool(ref("silent"), { id: "a" }, context()))).toMatchObject({
      code: "upstream_timeout",
      message: expect.stringMatching(
        /timing\.silent did not answer within 100 ms; effects may have happened/,
      ),
    });
    await eventually(async () => (await events()).some((line) => line.startsWith("cancelled ")));
  });

  test("progress starts the time anew", async () => {
    const { upstreams } = world.timing({ timeoutMs: 400 });
    expect(await upstreams.callTool(ref("progress"), { steps: 8, ms: 100 }, context())).toBe("done");
  });

  test("progress is told to whoever wants to know", async () => {
    const { upstreams } = world.timing();
    const heard: unknown[] = [];
    const listening = { ...context(), onProgress: (progress: unknown) => void heard.push(progress) };
    await upstreams.callTool(ref("progress"), { steps: 3, ms: 1 }, listening);
    // What comes together with the answer is no news any more.
    expect(heard[0]).toEqual({ progress: 1, total: 3 });
  });

  test("waiting for a turn is not charged to the call", async () => {
    const { upstreams } = world.timing({ timeoutMs: 600 });
    const calls = ["a", "b", "c", "d"].map((id) =>
      upstreams.callTool(ref("write"), { id, ms: 250 }, context()),
    );
    expect(await Promise.all(calls)).toEqual(["a", "b", "c", "d"]);
  });

  test("a cancelled call reaches the server, and one in the queue leaves it without being sent", async () => {
    const { upstreams, events } = world.timing();
    const running = new AbortController();
    const waiting = new AbortController();
    const first = upstreams.callTool(ref("silent"), { id: "first" }, context(running.signal));
    const second = upstreams.callTool(ref("write"), { id: "second" }, context(waiting.signal));
    await eventually(async () => (await events()).includes("begin first"));
    waiting.abort();
    expect(await rejection(second)).toMatchObject({ code: "cancelled" });
    running.abort();
    expect(await rejection(first)).toMatchObject({
      code: "cancelled",
      message: expect.stringMatching(/timing\.silent was cancelled/),
    });
    await eventually(async () => (await events()).some((line) => line.startsWith("cancelled ")));
    expect(await upstreams.callTool(ref("write"), { id: "third" }, context())).toBe("third");
    expect(await events()).not.toContain("begin second");
  });

  test("a signal that has already aborted calls nothing and starts nothing", async () => {
    const { upstreams } = world.timing();
    const call = upstreams.callTool(ref("write"), { id: "a" }, context(AbortSignal.abort()));
    expect(await rejection(call)).toMatchObject({ code: "cancelled" });
  });
});
