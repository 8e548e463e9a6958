// Both counters: the contract, and what Anthropic's does when its API refuses, limits, is silent, or is another.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAnthropicCounter } from "../../src/measure/anthropic-counter.ts";
import { createO200kCounter, type OfflineCounter } from "../../src/measure/tokens.ts";
import { describeTokenCounter } from "../contract/token-counter.ts";

interface Asked {
  readonly request: IncomingMessage;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { content: string }[];
    readonly tools?: readonly { name: string }[];
  };
}
type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | "silence";

let offline: OfflineCounter;
let asked: Asked[] = [];
let replies: Reply[] = [];

/** The documented API: it counts what it is sent, with the overhead of a message and of the first tool. */
const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse(await readAll(request)) as Asked["body"];
  asked.push({ request, body });
  const reply = replies.shift() ?? countReply(body);
  if (reply === "silence") return;
  response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
  response.end(JSON.stringify(reply.body));
}

function countReply({ messages, tools = [] }: Asked["body"]): Exclude<Reply, "silence"> {
  const names = tools.map(({ name }) => name);
  const isValid =
    new Set(names).size === names.length && names.every((name) => /^[a-zA-Z0-9_-]{1,128}$/.test(name));
  if (!isValid || messages.some(({ content }) => content === ""))
    return {
      status: 400,
      body: { type: "error", error: { type: "invalid_request_error", message: "not valid" } },
    };
  const text = messages.reduce((sum, { content }) => sum + offline.count(content), 7);
  const defined = tools.reduce(
    (sum, tool) => sum + offline.count(JSON.stringify(tool)),
    tools.length > 0 ? 346 : 0,
  );
  return { status: 200, body: { input_tokens: text + defined } };
}

const counter = (
  options: { timeoutMs?: number; patienceMs?: number } = {},
): ReturnType<typeof createAnthropicCounter> =>
  createAnthropicCounter({
    apiKey: "sk-test",
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ...options,
  });
const refused = (status: number, type: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: { type: "error", error: { type, message: `the ${type}` } },
});

beforeAll(async () => {
  offline = await createO200kCounter();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  asked = [];
  replies = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describeTokenCounter("o200k_base", createO200kCounter);
describeTokenCounter("Anthropic's count_tokens", async () => counter());

describe("Anthropic's count_tokens", () => {
  const tools = Array.from({ length: 300 }, (_, nth) => ({
    name: `tool_${nth}`,
    inputSchema: { type: "object" },
  }));

  it("asks once for a whole list, once for what surrounds it, and never twice", async () => {
    const one = counter();
    const first = await one.countTools(tools);
    expect(asked).toHaveLength(2);
    expect(await one.countTools(tools)).toBe(first);
    expect(asked).toHaveLength(2);
    const expected = tools.reduce(
      (sum, { name }) => sum + offline.count(`{"name":"${name}","input_schema":{"type":"object"}}`),
      0,
    );
    expect(first).toBe(expected);
  });

  it("sends the key, the version and the model", async () => {
    await counter().countTexts(["hello"]);
    expect(asked[0]?.request).toMatchObject({
      method: "POST",
      url: "/v1/messages/count_tokens",
      headers: { "x-api-key": "sk-test", "anthropic-version": "2023-06-01" },
    });
    expect(asked[0]?.body.model).toMatch(/^claude-/);
  });

  it("waits as long as a rate limit says, and asks again", async () => {
    replies = [
      refused(429, "rate_limit_error", { "retry-after": "0.01" }),
      refused(529, "overloaded_error", { "retry-after": "0" }),
    ];
    expect(await counter().countTexts(["hello"])).toBeGreaterThan(0);
    expect(asked).toHaveLength(4);
  });

  it.each([
    [
      "a key that is refused",
      refused(401, "authentication_error"),
      /refused the key: the authentication_error\. Set ANTHROPIC_API_KEY/,
    ],
    ["a long rate limit", refused(429, "rate_limit_error", { "retry-after": "900" }), /Try again in 900 s/],
    [
      "a request that is not valid",
      refused(400, "invalid_request_error"),
      /answered 400: the invalid_request_error/,
    ],
    [
      "an address of something else",
      { status: 200, body: { hello: 1 } },
      /is ANTHROPIC_BASE_URL the address/,
    ],
    ["silence", "silence" as const, /did not answer .*--counter o200k/],
  ])("gives up at %s, and says what to do", async (_, reply, message) => {
    replies = [reply];
    const counting = counter({ timeoutMs: 200 }).countTexts(["hello"]);
    await expect(counting).rejects.toMatchObject({
      code: "token_count",
      message: expect.stringMatching(message),
    });
    expect(asked).toHaveLength(1);
  });

  it("remembers no failure", async () => {
    replies = [refused(401, "authentication_error")];
    const one = counter();
    await expect(one.countTexts(["hello"])).rejects.toThrow("refused the key");
    expect(await one.countTexts(["hello"])).toBeGreaterThan(0);
  });
});
