// A login through the whole product: the CLI prints the address, a user visits it, and no token turns up anywhere else.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnv, cli, connect, eventually, fixture, toolgrove, useHomes, type TestHome } from "./world.ts";

const newHome = useHomes();
let guarded: ChildProcess;
let url: string;
let home: TestHome;

beforeAll(async () => {
  const { command, args = [] } = fixture("oauth");
  guarded = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(guarded.stdout!, "data")) as [Buffer];
  const { port } = JSON.parse(line.toString()) as { port: number };
  url = `http://127.0.0.1:${port}/mcp`;
  home = newHome({ servers: JSON.stringify({ mcpServers: { web: { url }, timing: fixture("timing") } }) });
});
afterAll(() => guarded?.kill("SIGKILL"));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `toolgrove login web`; `visit` is what the user does with the address. */
async function login(visit: (address: string) => unknown): Promise<Ended> {
  // A browser that does nothing: the test is the user.
  const env = childEnv({ BROWSER: process.platform === "win32" ? "where" : "true" });
  const child = spawn(process.execPath, [cli, "login", "web", "--home", home.root], { env, stdio: "pipe" });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close") as Promise<[number | null]>;
  const [address] = await eventually(() => /^http\S+$/m.exec(output));
  await visit(address);
  const [code] = await ended;
  return { code, output };
}

/** The text of every file below a folder. */
function texts(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.map((file) => readFileSync(path.join(file.parentPath, file.name), "utf8")).join("\n");
}

test("a server that wants a login says so; after it, its wrappers and calls work, and no token leaks", async () => {
  const before = await toolgrove(["sync", "web", "--home", home.root]);
  expect(before.code).toBe(1);
  expect(before.stderr).toContain('Server "web" needs you to log in: toolgrove login web.');

  const { code, output } = await login(fetch);
  expect(code).toBe(0);
  expect(output).toContain("You are logged in at web.");

  const after = await toolgrove(["sync", "web", "--home", home.root]);
  expect(after.code).toBe(0);
  const agent = await connect(home);
  try {
    expect(await agent.execute("return await web.whoami()")).toEqual({ text: "you", isError: false });
  } finally {
    await agent.close();
  }
  const folder = path.join(process.env["XDG_CONFIG_HOME"] ?? "", "toolgrove/oauth");
  const [name = ""] = readdirSync(folder);
  const stored = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Record<string, string>;
  const seen = [texts(home.root), texts(process.env["XDG_CACHE_HOME"] ?? ""), output, after.stderr];
  for (const secret of [stored["accessToken"], stored["refreshToken"]]) {
    expect(secret).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen.join("\n") + agent.stderr()).not.toContain(secret);
  }
});

test("a login the user breaks off ends at once", async () => {
  const { code, output } = await login((address) => {
    const { searchParams } = new URL(address);
    const back = new URL(searchParams.get("redirect_uri") ?? "");
    back.search = new URLSearchParams({
      error: "access_denied",
      state: searchParams.get("state") ?? "",
    }).toString();
    return fetch(back);
  });
  expect(code).toBe(1);
  expect(output).toContain('The login at server "web" failed: the answer was "access_denied".');
});

test.each([
  [["login"], 2, "login takes the name of one server."],
  [["login", "nobody"], 1, 'There is no server "nobody" in servers/mcp.json.'],
  [["login", "timing"], 1, 'Only a server with a "url" takes a login.'],
])("%j is told what is wrong", async (args, code, message) => {
  const result = await toolgrove([...args, "--home", home.root]);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(message);
});
