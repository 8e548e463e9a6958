// The workspace as MCP resources: list, read, subscriptions, with the SDK's clients of both lines over stdio.
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnv, cli, connect, eventually, MODERN, useHomes, type Peer, type TestHome } from "./world.ts";

const newHome = useHomes();
const PNG = Buffer.from("89504e470d0a1a0a0000000d", "hex");

function homeWithFiles(): TestHome {
  const home = newHome({ servers: {} });
  mkdirSync(home.path("workspace/reports"), { recursive: true });
  writeFileSync(home.path("workspace/reports/été 1.json"), `{"a":1}`);
  writeFileSync(home.path("workspace/photo.png"), PNG);
  writeFileSync(home.path("workspace/notes.txt"), "one\n");
  writeFileSync(home.path("secret.txt"), "s3cr3t");
  symlinkSync(home.path("secret.txt"), home.path("workspace/link.txt"));
  return home;
}

describe.each([
  ["2025", "legacy" as const],
  ["2026", { pin: MODERN }],
])("read, %s", (_era, mode) => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await connect(homeWithFiles(), mode);
  });
  afterAll(() => peer.close());

  test("files are listed with their types and sizes", async () => {
    const { resources } = await peer.client.listResources();
    expect(resources).toMatchObject([
      { uri: "workspace:///notes.txt", name: "notes.txt", mimeType: "text/plain", size: 4 },
      { uri: "workspace:///photo.png", name: "photo.png", mimeType: "image/png", size: PNG.length },
      {
        uri: "workspace:///reports/%C3%A9t%C3%A9%201.json",
        name: "reports/été 1.json",
        mimeType: "application/json",
      },
    ]);
    const { resourceTemplates } = await peer.client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([
      { uriTemplate: "workspace:///{+path}" },
      { uriTemplate: "skill://{+path}" },
    ]);
  });

  test("text comes as text, the rest as bytes", async () => {
    const read = async (uri: string): Promise<unknown> => (await peer.client.readResource({ uri })).contents;
    expect(await read("workspace:///reports/%C3%A9t%C3%A9%201.json")).toEqual([
      { uri: "workspace:///reports/%C3%A9t%C3%A9%201.json", mimeType: "application/json", text: `{"a":1}` },
    ]);
    expect(await read("workspace:///photo.png")).toEqual([
      { uri: "workspace:///photo.png", mimeType: "image/png", blob: PNG.toString("base64") },
    ]);
  });

  test.each([
    "workspace:///none.txt",
    "workspace:///../secret.txt",
    "workspace:///%2e%2e/secret.txt",
    "workspace:///link.txt",
    "file:///etc/passwd",
    "workspace://x/y",
    "workspace:///",
  ])("%s is refused", async (uri) => {
    await expect(peer.client.readResource({ uri })).rejects.toThrow(/./);
    const error: unknown = await peer.client.readResource({ uri }).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain("s3cr3t");
  });
});

test("2026: whoever listens hears what programs and others change", async () => {
  const home = homeWithFiles();
  const peer = await connect(home, { pin: MODERN });
  const heard: string[] = [];
  peer.client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void heard.push(params.uri),
  );
  peer.client.setNotificationHandler("notifications/resources/list_changed", () => void heard.push("list"));
  const subscription = await peer.client.listen({
    resourcesListChanged: true,
    resourceSubscriptions: ["workspace:///notes.txt"],
  });
  await peer.execute(`await workspace.writeText("notes.txt", "two")`);
  await eventually(() => heard.includes("workspace:///notes.txt"));
  expect(heard).not.toContain("list");
  await peer.execute(`await workspace.writeText("new.txt", "x")`);
  await eventually(() => heard.includes("list"));
  heard.length = 0;
  writeFileSync(home.path("workspace/notes.txt"), "by somebody else");
  await eventually(() => heard.includes("workspace:///notes.txt"));
  expect(heard).not.toContain("workspace:///new.txt");
  await subscription.close();
  await peer.close();
});

test("2025: a subscriber hears of its files until it unsubscribes", async () => {
  const home = homeWithFiles();
  const client = new LegacyClient({ name: "e2e", version: "1.0.0" });
  const heard: string[] = [];
  client.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => void heard.push(params.uri),
  );
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void heard.push("list"));
  await client.connect(
    new LegacyTransport({
      command: process.execPath,
      args: [cli, "serve", "--home", home.root],
      env: childEnv(),
    }),
  );
  expect(client.getServerCapabilities()).toMatchObject({ resources: { subscribe: true, listChanged: true } });
  await client.subscribeResource({ uri: "workspace:///notes.txt" });
  writeFileSync(home.path("workspace/notes.txt"), "by somebody else");
  writeFileSync(home.path("workspace/photo.png"), "not followed");
  await eventually(() => heard.includes("workspace:///notes.txt"));
  rmSync(home.path("workspace/notes.txt"));
  await eventually(() => heard.includes("list"));
  expect(heard).not.toContain("workspace:///photo.png");
  await client.unsubscribeResource({ uri: "workspace:///notes.txt" });
  // Whoever has listed the files still hears when a program adds one.
  await client.listResources();
  heard.length = 0;
  await client.callTool({
    name: "execute_code",
    arguments: { code: `await workspace.writeText("more.txt", "x")` },
  });
  await eventually(() => heard.includes("list"));
  await client.close();
});
