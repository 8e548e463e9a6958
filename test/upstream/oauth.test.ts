import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { OAuthClient } from "../../src/server-entry.ts";
import type { Upstreams } from "../../src/upstream/upstreams.ts";
import { useHttpFixtures } from "./http-fixture.ts";
import { context, rejection, useWorld } from "./world.ts";

const world = useWorld();
const start = useHttpFixtures();
const whoami = { server: "web", tool: "whoami" };
const LOGIN_NEEDED = {
  code: "upstream_start",
  message: expect.stringContaining('Server "web" needs you to log in: toolgrove login web.'),
};

let url = "";
beforeEach(async () => {
  ({ url } = await start("oauth"));
});

const at = (route: string): URL => new URL(route, url);
const facts = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(at("/facts"))).json()) as Record<string, unknown>;
const control = (changes: object): Promise<Response> =>
  fetch(at("/control"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(changes),
  });
const open = (oauth?: OAuthClient): Upstreams =>
  world.open([{ name: "web", transport: { kind: "http", url, headers: {}, ...(oauth && { oauth }) } }]);
const signal = new AbortController().signal;
/** A user who follows every redirect: the last one leads back to us. */
const login = (upstreams: Upstreams): Promise<void> =>
  upstreams.login("web", { signal, show: (address) => void fetch(address) });
const call = (upstreams: Upstreams): Promise<unknown> => upstreams.callTool(whoami, {}, context());
const together = (upstreams: Upstreams, calls: number): Promise<unknown[]> =>
  Promise.all(Array.from({ length: calls }, () => call(upstreams)));

async function credentials(): Promise<string> {
  const [name = ""] = await readdir(world.file("oauth"));
  return path.join(world.file("oauth"), name);
}

describe("a login", () => {
  test("is asked for, once, by name; after it calls go through and survive a restart of ours", async () => {
    const before = open();
    expect(await rejection(call(before))).toMatchObject(LOGIN_NEEDED);
    expect(before.state("web")).toMatchObject({ status: "failed", reason: LOGIN_NEEDED.message });
    await login(before);
    expect(await together(open(), 3)).toEqual(["you", "you", "you"]);
    expect(await facts()).toMatchObject({ registrations: 1, codes: 1, refreshes: 0, resources: [url] });
  });

  test.skipIf(process.platform === "win32")("is kept in one file that only its owner may read", async () => {
    await login(open());
    const file = await credentials();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
    expect(path.basename(file)).toMatch(/^[0-9a-f]{32}\.json$/);
    expect(world.logged.join("\n")).not.toContain(JSON.parse(await readFile(file, "utf8")).accessToken);
  });

  test("ignores an answer with another state, and takes the right one", async () => {
    await control({ strayState: true });
    const upstreams = open();
    await login(upstreams);
    expect(await facts()).toMatchObject({ strayStatus: 400, codes: 1 });
    expect(await call(upstreams)).toBe("you");
  });

  test("that is denied says so in our words, and keeps nothing", async () => {
    await control({ deny: true });
    const error = await rejection(login(open()));
    expect(error).toMatchObject({
      code: "upstream_start",
      message: 'The login at server "web" failed: the answer was "access_denied".',
    });
    expect(await readdir(world.file("oauth")).catch(() => [])).toEqual([]);
  });

  test("nobody comes back from ends in time", async () => {
    const ignored = open().login("web", { signal, limitMs: 150, show: () => undefined });
    expect(await rejection(ignored)).toMatchObject({
      message: expect.stringContaining("nobody came back within 0.15 s"),
    });
  });

  test.each([
    ["a configured id", { clientId: "known" }],
    ["a metadata document", { clientMetadataUrl: "https://client.example/toolgrove.json" }],
  ])("with %s registers nothing", async (_title, oauth) => {
    const upstreams = open(oauth);
    await login(upstreams);
    expect(await call(upstreams)).toBe("you");
    expect(await facts()).toMatchObject({ registrations: 0, codes: 1 });
  });

  test("is asked for by name also over SSE, where the transport loses our words", async () => {
    const transport = { kind: "http", url, headers: {}, sse: true } as const;
    expect(await rejection(world.open([{ name: "web", transport }]).list("web"))).toMatchObject(LOGIN_NEEDED);
  });

  test("that does not allow a call says so", async () => {
    const upstreams = open();
    await login(upstreams);
    await call(upstreams);
    await control({ wants: "admin" });
    expect(await rejection(call(upstreams))).toMatchObject({
      code: "upstream_protocol",
      message: expect.stringMatching(/^Your login at server "web" does not allow this/),
    });
    await control({ wants: "" });
    expect(await call(upstreams)).toBe("you");
  });

  test("at a program is refused", async () => {
    const { upstreams } = world.timing();
    const attempt = upstreams.login("timing", { signal, show: () => undefined });
    expect(await rejection(attempt)).toMatchObject({ code: "bad_input" });
  });
});

describe("a token at its end", () => {
  test("is renewed once for 12 concurrent calls that find it refused", async () => {
    const upstreams = open();
    await login(upstreams);
    await call(upstreams);
    await control({ endAccess: true });
    expect(await together(upstreams, 12)).toEqual(Array.from({ length: 12 }, () => "you"));
    expect(await facts()).toMatchObject({ refreshes: 1, replays: 0, calls: 13 });
  });

  test("is renewed once for several processes that share the login", async () => {
    await login(open());
    const processes = [open(), open(), open()];
    await Promise.all(processes.map(call));
    await control({ endAccess: true });
    await Promise.all(processes.map((each) => together(each, 4)));
    expect(await facts()).toMatchObject({ refreshes: 1, replays: 0, calls: 15 });
  });

  test("is renewed before it is refused when its time is known to be over", async () => {
    await control({ lifetime: 1 });
    const upstreams = open();
    await login(upstreams);
    await control({ lifetime: 3_600 });
    expect(await call(upstreams)).toBe("you");
    expect(await facts()).toMatchObject({ refreshes: 1 });
  });

  test("that cannot be renewed asks for a login, and forgets the old one", async () => {
    const upstreams = open();
    await login(upstreams);
    await call(upstreams);
    await control({ endAccess: true, endRefresh: true });
    expect(await rejection(call(upstreams))).toMatchObject(LOGIN_NEEDED);
    expect(await readdir(world.file("oauth"))).toEqual([]);
    await login(upstreams);
    expect(await call(upstreams)).toBe("you");
  });

  test("stays when the authorization server is out of order for a while", async () => {
    const upstreams = open();
    await login(upstreams);
    await call(upstreams);
    await control({ endAccess: true, broken: true });
    expect(await rejection(call(upstreams))).toMatchObject({
      code: "upstream_protocol",
      message: expect.stringMatching(/could not be renewed \(.*out of order/),
    });
    await control({ broken: false });
    expect(await call(upstreams)).toBe("you");
  });

  test("is never sent to another server: a file that names one is no login", async () => {
    await login(open());
    const file = await credentials();
    const stored = JSON.parse(await readFile(file, "utf8")) as object;
    await writeFile(file, JSON.stringify({ ...stored, url: "http://127.0.0.1:1/mcp" }));
    expect(await rejection(call(open()))).toMatchObject(LOGIN_NEEDED);
  });
});
