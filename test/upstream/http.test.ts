import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ServerEntry } from "../../src/home.ts";
import { context, rejection, repository, useWorld } from "./world.ts";

const world = useWorld();
const running: ChildProcess[] = [];
const script = path.join(repository, "test/fixtures/servers/http.mjs");

afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => end(child)));
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function serve(kind: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [script, kind], { stdio: ["pipe", "pipe", "inherit"] });
  running.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { port } = JSON.parse(line.toString()) as { port: number };
  return { url: `http://127.0.0.1:${port}/mcp`, child };
}

const at = (url: string, token = "good"): ServerEntry => ({
  name: "web",
  transport: { kind: "http", url, headers: { authorization: `Bearer ${token}` } },
});
const nap = { server: "web", tool: "nap" };

describe.each(["modern", "sessions"])("an HTTP server (%s)", (kind) => {
  test("is listed and called, eight at a time", async () => {
    const { url } = await serve(kind);
    const upstreams = world.open([at(url)]);
    expect((await upstreams.list("web")).definitions.map((tool) => tool.name)).toContain("nap");
    const most = await Promise.all(
      Array.from({ length: 20 }, () => upstreams.callTool(nap, { ms: 100 }, context())),
    );
    expect(Math.max(...most.map(Number))).toBe(8);
  });

  test("a call to one that is gone is lost, and a later start says why", async () => {
    const { url, child } = await serve(kind);
    const upstreams = world.open([at(url)]);
    await upstreams.list("web");
    const call = rejection(upstreams.callTool(nap, { ms: 10_000 }, context()));
    await end(child);
    expect(
      await Promise.race([call, rejection(upstreams.callTool(nap, { ms: 1 }, context()))]),
    ).toMatchObject({
      code: "upstream_lost",
    });
    expect(await rejection(upstreams.list("web"))).toMatchObject({
      code: "upstream_start",
      message: expect.stringMatching(/127\.0\.0\.1:\d+\/mcp cannot be reached \(.*ECONNREFUSED/),
    });
  });
});

test("wrong credentials are named as such", async () => {
  const { url } = await serve("modern");
  const upstreams = world.open([at(`${url}?key=hush`, "bad")]);
  const error = await rejection(upstreams.list("web"));
  expect(error).toMatchObject({
    code: "upstream_start",
    message: expect.stringMatching(/refused us \(HTTP 401\)/),
  });
  expect(String(error)).not.toContain("hush");
});

test("arguments that a modern server wants as headers are sent so", async () => {
  const { url } = await serve("modern");
  const upstreams = world.open([at(url)]);
  expect(await upstreams.callTool({ server: "web", tool: "where" }, { region: "eu" }, context())).toBe("eu");
});

test("a server that forgot our session loses one call and serves the next", async () => {
  const { url } = await serve("sessions");
  const upstreams = world.open([at(url)]);
  await upstreams.callTool({ server: "web", tool: "forget" }, {}, context());
  expect(await rejection(upstreams.callTool(nap, { ms: 1 }, context()))).toMatchObject({
    code: "upstream_lost",
  });
  expect(await upstreams.callTool(nap, { ms: 1 }, context())).toBe(1);
});
