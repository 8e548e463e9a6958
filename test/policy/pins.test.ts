// Pins: what a changed definition may and may not do, by hashes alone.
import { expect, test } from "vitest";
import { holdPins } from "../../src/policy/pins.ts";
import type { CallTool } from "../../src/tool.ts";

const context = { signal: new AbortController().signal, executionId: "1" };
const callTool: CallTool = ({ server, tool }) => Promise.resolve(`${server}/${tool} was called`);

/** A pinned server "github" with these hashes of its tool "create_issue". */
function pinned(accepted: string | undefined, live: string | undefined): CallTool {
  return holdPins(callTool, {
    pinned: new Set(["github"]),
    accepted: () => Promise.resolve(accepted),
    live: () => Promise.resolve(live),
  });
}

const ref = { server: "github", tool: "create_issue" };

test("an accepted definition is called", async () => {
  expect(await pinned("a", "a")(ref, {}, context)).toBe("github/create_issue was called");
});

test("a changed definition is refused, and the message says how to accept it", async () => {
  await expect(pinned("a", "b")(ref, {}, context)).rejects.toMatchObject({
    code: "untrusted",
    message:
      'github.create_issue was not called: server "github" is pinned and its definition is no longer the one in servers/lock.json. ' +
      "Its owner can look at the change with `toolgrove sync --check github` " +
      "and accept it with `toolgrove sync --accept github/create_issue`.",
  });
});

test("a tool that was never accepted is refused", async () => {
  await expect(pinned(undefined, "b")(ref, {}, context)).rejects.toThrow("it is not in servers/lock.json");
});

test("a tool the server does not have is left to its connection, which knows the nearest names", async () => {
  expect(await pinned("a", undefined)(ref, {}, context)).toBe("github/create_issue was called");
});

test("other servers are called without a look", async () => {
  const call = holdPins(callTool, {
    pinned: new Set(["github"]),
    accepted: () => Promise.reject(new Error("asked for the lock")),
    live: () => Promise.reject(new Error("asked the server")),
  });
  expect(await call({ server: "memory", tool: "read_graph" }, {}, context)).toBe(
    "memory/read_graph was called",
  );
});

test("a lock that cannot be read lets nothing through", async () => {
  const call = holdPins(callTool, {
    pinned: new Set(["github"]),
    accepted: () => Promise.reject(new Error("the lock is broken")),
    live: () => Promise.resolve("a"),
  });
  await expect(call(ref, {}, context)).rejects.toThrow("the lock is broken");
});
