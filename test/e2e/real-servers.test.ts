// Real servers from npm, called as an agent calls them: through their generated wrappers, inside execute_code.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  connect,
  eventually,
  memoryEntry,
  repository,
  toolgrove,
  useHomes,
  type Peer,
  type TestHome,
} from "./world.ts";

const newHome = useHomes();
const packages = path.join(repository, "node_modules/@modelcontextprotocol");
const everything = path.join(packages, "server-everything/dist/index.js");
const program = (script: string, ...args: readonly string[]) => ({
  command: process.execPath,
  args: [path.join(packages, script), ...args],
});

const listening: ChildProcess[] = [];
let home: TestHome;
let agent: Peer;

/** `server-everything` over HTTP, on a port that was free a moment ago. */
async function listen(transport: "streamableHttp" | "sse"): Promise<string> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  const child = spawn(process.execPath, [everything, transport], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  listening.push(child);
  let heard = "";
  child.stderr.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  await eventually(() => heard.includes(String(port)));
  return `http://127.0.0.1:${port}/${transport === "sse" ? "sse" : "mcp"}`;
}

beforeAll(async () => {
  const [http, sse] = await Promise.all([listen("streamableHttp"), listen("sse")]);
  home = newHome();
  const files = home.path("files");
  mkdirSync(files);
  home = newHome({
    servers: JSON.stringify({
      mcpServers: {
        memory: memoryEntry,
        filesystem: program("server-filesystem/dist/index.js", files),
        thinking: program("server-sequential-thinking/dist/index.js"),
        everything: program("server-everything/dist/index.js", "stdio"),
        web: { url: http },
        old: { type: "sse", url: sse },
      },
    }),
  });
  const { code, stderr } = await toolgrove(["sync", "--home", home.root]);
  if (code !== 0) throw new Error(stderr);
  agent = await connect(home);
}, 60_000);

afterAll(async () => {
  await agent?.close();
  for (const child of listening) child.kill("SIGKILL");
});

/** The value of a program, which must not fail. */
async function run<T>(code: string): Promise<T> {
  const { text, isError } = await agent.execute(code);
  expect({ text, isError }).toEqual({ text, isError: false });
  expect(text).not.toMatch(/[A-Za-z0-9+/]{200}/);
  return JSON.parse(text) as T;
}

test("memory: what is written is read", async () => {
  const value = await run(`
    import * as memory from "./servers/memory";
    await memory.createEntities([{ name: "a", entityType: "test", observations: ["one"] }]);
    const { entities } = await memory.openNodes(["a"]);
    return entities.map(({ name, observations }) => ({ name, observations }));`);
  expect(value).toEqual([{ name: "a", observations: ["one"] }]);
});

test("filesystem: files are written, listed and read", async () => {
  const value = await run(`
    const folder = (await filesystem.listAllowedDirectories()).content.split("\\n")[1];
    await filesystem.writeFile({ path: folder + "/note.txt", content: "grüße" });
    const read = await filesystem.readTextFile({ path: folder + "/note.txt" });
    const listed = await filesystem.listDirectory({ path: folder });
    return { read: read.content, listed: listed.content };`);
  expect(value).toEqual({ read: "grüße", listed: "[FILE] note.txt" });
});

test("sequential thinking: a chain of thoughts in a loop", async () => {
  const value = await run(`
    let last;
    for (const [index, thought] of ["first", "second", "third"].entries())
      last = await thinking.sequentialthinking({
        thought, thoughtNumber: index + 1, totalThoughts: 3, nextThoughtNeeded: index < 2,
      });
    return { length: last.thoughtHistoryLength, more: last.nextThoughtNeeded };`);
  expect(value).toEqual({ length: 3, more: false });
});

interface Handle {
  readonly type: string;
  readonly path: string;
  readonly mimeType: string;
  readonly bytes: number;
  readonly uri?: string;
}

describe.each(["everything", "web", "old"])("everything, as server %s", (server) => {
  test("echo, sums and structured content", async () => {
    const value = await run(`
      import * as all from "./servers/${server}";
      const weather = await all.getStructuredContent({ location: "Chicago" });
      return [await all.echo({ message: "hi" }), await all.getSum({ a: 2, b: 3 }), weather];`);
    expect(value).toEqual([
      "Echo: hi",
      "The sum of 2 and 3 is 5.",
      { temperature: 36, conditions: "Light rain / drizzle", humidity: 82 },
    ]);
  });

  test("an image is a file that code can read", async () => {
    const value = await run<{ text: string; block: Handle; head: number[] }>(`
      const { text, blocks } = await ${server}.getTinyImage();
      const bytes = await workspace.readBytes(blocks[0].path);
      return { text, block: blocks[0], head: [...bytes.slice(0, 4)] };`);
    expect(value.text).toMatch(/^Here's the image you requested:/);
    expect(value.head).toEqual([0x89, 0x50, 0x4e, 0x47]);
    const { path: file, bytes, ...rest } = value.block;
    expect(rest).toEqual({ type: "image", mimeType: "image/png" });
    expect(file).toMatch(new RegExp(`^media/${server}-get-tiny-image-[0-9a-f]{12}\\.png$`));
    expect(readFileSync(home.path("workspace", file))).toHaveLength(bytes);
  });

  test("embedded resources, text and blob, are files; links stay links", async () => {
    const value = await run<{ text: Handle; blob: Handle; read: string; links: object[] }>(`
      const [text] = (await ${server}.getResourceReference({ resourceType: "Text", resourceId: 1 })).blocks;
      const [blob] = (await ${server}.getResourceReference({ resourceType: "Blob", resourceId: 2 })).blocks;
      const { blocks: links } = await ${server}.getResourceLinks({ count: 2 });
      return { text, blob, read: await workspace.readText(text.path), links };`);
    expect(value.text).toMatchObject({ type: "resource", mimeType: "text/plain" });
    expect(value.text.uri).toMatch(/resource\/dynamic\/text\/1$/);
    expect(value.text.path).toMatch(/\.txt$/);
    expect(value.read).toMatch(/^Resource 1: This is a plaintext resource/);
    expect(existsSync(home.path("workspace", value.blob.path))).toBe(true);
    expect(value.links).toMatchObject([
      { type: "resource_link", uri: expect.stringMatching(/blob\/1$/), name: "Blob Resource 1" },
      { type: "resource_link", uri: expect.stringMatching(/text\/2$/), name: "Text Resource 2" },
    ]);
  });
});

test("progress of a long call reaches a client that asked for it", async () => {
  const heard: { progress: number; message?: string | undefined }[] = [];
  const result = await agent.client.callTool(
    {
      name: "execute_code",
      arguments: { code: "return await everything.triggerLongRunningOperation({ duration: 1, steps: 4 });" },
    },
    { onprogress: (progress) => heard.push(progress) },
  );
  expect(result.isError).toBeUndefined();
  expect(heard[0]).toMatchObject({
    progress: 1,
    message: expect.stringMatching(/^everything\.trigger-long-running-operation: 1 of 4/),
  });
});
