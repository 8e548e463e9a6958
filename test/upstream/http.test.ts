import { describe, expect, test } from "vitest";
import type { ServerEntry } from "../../src/home.ts";
import { endProcess, useHttpFixtures, type HttpFixture } from "./http-fixture.ts";
import { context, rejection, useWorld } from "./world.ts";

const world = useWorld();
const start = useHttpFixtures();
const serve = (kind: string): Promise<HttpFixture> => start("http", kind);

const at = (url: string, token = "good"): ServerEntry => ({
  name: "web",
  transport: { kind: "http", url, headers: { authorization: `Bearer ${token}` } },
});
const nap = { server: "web", tool: "nap" };

describe.each(["modern", "sessions", "sse"])("an HTTP server (%s)", (kind) => {
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
    await endProcess(child);
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

test("a server said to speak SSE is not asked for anything else", async () => {
  const transport = { kind: "http", headers: { authorization: "Bearer good" }, sse: true } as const;
  const { url } = await serve("sse");
  const upstreams = world.open([{ name: "web", transport: { ...transport, url } }]);
  expect(await upstreams.callTool(nap, { ms: 1 }, context())).toBe(1);
  const { url: other } = await serve("modern");
  const astray = world.open([{ name: "web", transport: { ...transport, url: other } }]);
  expect(await rejection(astray.list("web"))).toMatchObject({
    code: "upstream_start",
    message: expect.stringMatching(/answered HTTP 4\d\d\. Correct "url"/),
  });
});

test("a server that is nowhere, by either transport, is named with its status", async () => {
  const { url } = await serve("sse");
  const upstreams = world.open([at(url.replace("/mcp", "/nowhere"))]);
  expect(await rejection(upstreams.list("web"))).toMatchObject({
    code: "upstream_start",
    message: expect.stringContaining('/nowhere answered HTTP 404. Correct "url".'),
  });
});

test("the protocol can be said: a modern one is refused by a server of 2025", async () => {
  const { url } = await serve("sessions");
  const upstreams = world.open([{ ...at(url), protocol: "modern" }]);
  expect(await rejection(upstreams.list("web"))).toMatchObject({ code: "upstream_start" });
  const { url: modern } = await serve("modern");
  expect((await world.open([{ ...at(modern), protocol: "modern" }]).list("web")).definitions).toHaveLength(2);
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
