// Servers that fail in every way, behind the whole product: limits hold, the others go on, and nothing is left running.
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descendants, isAlive, startRaw, timeUntilGone, type RawServer } from "./raw-server.ts";
import { connect, eventually, fixture, toolgrove, useHomes, type Peer, type TestHome } from "./world.ts";

const newHome = useHomes();
const onLinux = process.platform === "linux";
const FAULTY = ["dies", "mute", "babbles", "unlisted", "endless", "repeating"] as const;

let home: TestHome;
let agent: Peer;

function writeServers(target: TestHome, servers: object): void {
  writeFileSync(target.path("servers/mcp.json"), JSON.stringify({ mcpServers: servers }));
}

beforeAll(async () => {
  home = newHome();
  const env = { EVENTS_FILE: home.path("events") };
  const sound = {
    good: { ...fixture("timing", "good"), env },
    victim: { ...fixture("timing", "victim"), env, timeout: 1_000 },
    rude: fixture("rude", "banner"),
    answers: fixture("answers"),
  };
  // They worked once: their wrappers are there.
  writeServers(home, {
    ...sound,
    ...Object.fromEntries(FAULTY.map((name) => [name, fixture("rude", "banner")])),
  });
  const { code, stderr } = await toolgrove(["sync", "--home", home.root]);
  if (code !== 0) throw new Error(stderr);
  writeServers(home, {
    ...sound,
    dies: fixture("rude", "dies"),
    mute: { ...fixture("rude", "mute"), startTimeout: 700 },
    // Eight programs start at the same moment: what has to be heard of one needs room for a slow machine.
    babbles: { ...fixture("rude", "babbles"), startTimeout: 4_000 },
    unlisted: { ...fixture("lists", "unlisted"), timeout: 700 },
    endless: fixture("lists", "endless"),
    repeating: fixture("lists", "repeating"),
  });
  agent = await connect(home);
}, 60_000);
afterAll(() => agent?.close());

const events = (): string =>
  existsSync(home.path("events")) ? readFileSync(home.path("events"), "utf8") : "";
const victim = (): number | undefined =>
  descendants(agent.pid).find(({ command }) => command.endsWith("timing.mjs victim"))?.pid;
/** Code whose value is the call's error message. */
const failing = (call: string): string =>
  `try { return { value: await ${call} } } catch (error) { return error.message }`;

describe("a server that cannot be used ends in its own time, and the others do not wait for it", () => {
  test("at start, at its list, and by what it prints", async () => {
    const code = `
      const began = Date.now();
      const work = good.write({ id: "beside", ms: 20 }).then((value) => [value, Date.now() - began]);
      const reasons = await Promise.all([${FAULTY.map((name) => `${name}.hello()`).join(", ")}]
        .map((call) => call.then(String, (error) => error.message)));
      return { work: await work, reasons, took: Date.now() - began };`;
    const { text } = await agent.execute(code);
    const { work, reasons, took } = JSON.parse(text) as {
      work: [string, number];
      reasons: string[];
      took: number;
    };
    expect(reasons).toEqual([
      expect.stringContaining("config.json: no such file"),
      expect.stringContaining("did not answer within 700 ms"),
      expect.stringContaining("Listening on port 8080"),
      expect.stringContaining('The tools of server "unlisted" could not be listed'),
      expect.stringContaining("it goes on after 100 pages"),
      expect.stringContaining('it gave the cursor "again" twice'),
    ]);
    expect(work[0]).toBe("beside");
    expect(work[1]).toBeLessThan(took);
    // The longest limit is that of "babbles"; without one, a server has 60 seconds.
    expect(took).toBeLessThan(10_000);
  });

  test("in a call that gets no answer", async () => {
    const { text } = await agent.execute(failing('victim.silent({ id: "hung" })'));
    expect(text).toMatch(/^victim\.silent did not answer within 1000 ms; effects may have happened/);
    expect((await agent.execute('return await victim.write({ id: "after" })')).text).toBe("after");
  });

  test("although its stdout begins with garbage", async () => {
    expect((await agent.execute("return await rude.hello()")).text).toBe("hello");
  });
});

describe.runIf(onLinux)("a server that is killed", () => {
  test("in a call: the call ends, is not repeated, and the next one starts it anew", async () => {
    const answer = agent.execute(failing('victim.silent({ id: "killed" })'));
    await eventually(() => events().includes("begin killed"));
    process.kill(victim() ?? 0, "SIGKILL");
    expect((await answer).text).toMatch(/^victim\.silent: connection lost; effects may have happened/);
    expect((await agent.execute('return await victim.read({ id: "again" })')).text).toBe("again");
    expect(events().match(/begin killed/g)).toHaveLength(1);
  });

  test("while idle: nobody notices", async () => {
    await agent.execute('return await victim.read({ id: "idle" })');
    const pid = victim() ?? 0;
    process.kill(pid, "SIGKILL");
    await eventually(() => !isAlive(pid));
    expect((await agent.execute('return await victim.read({ id: "back" })')).text).toBe("back");
  });
});

test("an answer of 50 MB is a file of the workspace, whole", async () => {
  const bytes = 50 * 1024 * 1024;
  const { text, isError } = await agent.execute(`return await answers.big({ bytes: ${bytes} })`);
  expect(isError).toBe(false);
  const handle = JSON.parse(text) as { path: string; bytes: number; mimeType: string };
  expect(handle).toMatchObject({ bytes, mimeType: "text/plain" });
  expect(statSync(home.path("workspace", handle.path)).size).toBe(bytes);
});

test("progress is told once a second at most, always growing, and only to those who asked", async () => {
  const heard: { progress: number; at: number }[] = [];
  const code =
    "return await good.progress({ steps: 24, ms: 50 }) + (await good.progress({ steps: 1, ms: 1 }))";
  await agent.client.callTool(
    { name: "execute_code", arguments: { code } },
    { onprogress: ({ progress }) => heard.push({ progress, at: performance.now() }) },
  );
  expect(heard.length).toBeGreaterThan(1);
  expect(heard.map(({ progress }) => progress)).toEqual(heard.map((_, index) => index + 1));
  for (const [index, { at }] of heard.slice(1).entries())
    expect(at - (heard[index]?.at ?? at)).toBeGreaterThan(900);
  const silent = startRaw(home);
  await silent.initialize();
  await silent.call("execute_code", { code: "return await good.progress({ steps: 3, ms: 20 })" });
  expect(silent.lines.filter((line) => line.includes("notifications/progress"))).toEqual([]);
  silent.child.stdin?.end();
  await once(silent.child, "exit");
});

describe("200 servers of which ten answer", () => {
  const names = Array.from({ length: 10 }, (_, index) => `ok${index}`);
  let many: TestHome;

  beforeAll(async () => {
    many = newHome();
    const gone = Array.from({ length: 180 }, (_, index) => [
      `gone${index}`,
      index % 2 === 0 ? { command: "no-such-program" } : { url: "http://127.0.0.1:1/mcp" },
    ]);
    const mute = Array.from({ length: 10 }, (_, index) => [
      `mute${index}`,
      { ...fixture("rude", "mute"), startTimeout: 1_000 },
    ]);
    const sound = names.map((name) => [name, fixture("answers")]);
    writeServers(many, Object.fromEntries([...gone, ...mute, ...sound]));
  });

  test("sync names the 190 and writes the ten; search and calls work; the end comes in time", async () => {
    const { code, stderr } = await toolgrove(["sync", "--home", many.root]);
    expect(code).toBe(1);
    expect(stderr.match(/could not be started/g)?.length).toBeGreaterThanOrEqual(190);
    const server = startRaw(many);
    await server.initialize();
    const found = await server.call("search_tools", { query: "echo", server: "ok7" });
    expect(found).toContain("servers/ok7/echo");
    const calls = names.map((name) => `${name}.echo({ message: "${name}" })`).join(", ");
    const answer = await server.call("execute_code", { code: `return await Promise.all([${calls}])` });
    expect(JSON.parse(answer)).toEqual(names);
    const all = descendants(server.child.pid ?? 0);
    const exit = once(server.child, "exit");
    server.child.stdin?.end();
    expect(await timeUntilGone(all)).toBeLessThan(4_000);
    expect(await exit).toEqual([0, null]);
  }, 60_000);
});

// Nothing can clean up after SIGKILL. What holds: a server sees its stdin end, as the protocol demands of it to heed, and
// so does the sandbox. A server that ignores that, and what a server has started itself, may stay: only an ending that we
// hear of (stdin, SIGINT, SIGTERM; see lifetime.test.ts) ends whole process trees by force.
describe.runIf(onLinux)("after SIGKILL", () => {
  let server: RawServer;
  afterAll(() => server?.kill());

  test("servers that heed their stdin are gone, and so is the sandbox, even in the middle of a program", async () => {
    server = startRaw(home);
    await server.initialize();
    const code = 'await good.write({ id: "x" }); await workspace.writeText("spin", "yes"); while (true) {}';
    server.call("execute_code", { code }).catch(() => undefined);
    await eventually(() => existsSync(home.path("workspace/spin")));
    const all = descendants(server.child.pid ?? 0);
    expect(all.some(({ command }) => command.endsWith("timing.mjs good"))).toBe(true);
    expect(all.some(({ command }) => command.includes("deno"))).toBe(true);
    server.kill();
    expect(await timeUntilGone(all)).toBeLessThan(5_000);
  });
});
