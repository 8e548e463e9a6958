// How a server is reached, as its entry in mcp.json says it.
import { expect, test } from "vitest";
import { toServers, type ServerEntry } from "../src/server-entry.ts";

function read(entry: object): { servers: ServerEntry[]; problems: string[] } {
  const problems: string[] = [];
  const variables = { SECRET: "s3cr3t" };
  return { servers: toServers({ web: entry }, { root: "/home", variables, problems }), problems };
}

const url = "https://example.com/mcp";

test.each([undefined, "http", "streamable-http", "streamableHttp"])("type %j is an HTTP server", (type) => {
  expect(read({ url, type })).toEqual({
    servers: [{ name: "web", transport: { kind: "http", url, headers: {} } }],
    problems: [],
  });
});

test("type sse is the transport of 2024", () => {
  expect(read({ url, type: "sse" }).servers[0]?.transport).toEqual({
    kind: "http",
    url,
    headers: {},
    sse: true,
  });
});

test("protocol and start limit are taken as they are", () => {
  const entry = { command: "x", type: "stdio", protocol: "auto", startTimeout: 5_000 };
  expect(read(entry).servers).toMatchObject([{ protocol: "auto", startTimeoutMs: 5_000 }]);
});

test("an OAuth client may name variables", () => {
  const oauth = { clientId: "me", clientSecret: "${SECRET}" };
  expect(read({ url, oauth }).servers[0]?.transport).toMatchObject({
    oauth: { clientId: "me", clientSecret: "s3cr3t" },
  });
});

test.each([
  [{ url, type: "carrier-pigeon" }, '"type"'],
  [{ url, protocol: "old" }, '"protocol"'],
  [{ url, startTimeout: -1 }, '"startTimeout"'],
  [{ url, oauth: { clientMetadataUrl: "http://example.com/client.json" } }, '"oauth.clientMetadataUrl"'],
])("%j is a problem that names its key", (entry, key) => {
  const { servers, problems } = read(entry);
  expect(servers).toEqual([]);
  expect(problems).toEqual([expect.stringContaining(`server "web": ${key}: `)]);
});
