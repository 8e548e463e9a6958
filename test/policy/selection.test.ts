// `include` and `exclude`: which names they leave in, and what a call to another name hears.
import { expect, test } from "vitest";
import { isSelected, refuseLeftOut } from "../../src/policy/selection.ts";
import type { CallTool } from "../../src/tool.ts";

test.each([
  ["create_issue", {}, true],
  ["create_issue", { include: ["create_*"] }, true],
  ["delete_issue", { include: ["create_*", "list_*"] }, false],
  ["delete_issue", { exclude: ["delete_*"] }, false],
  ["delete_issue", { include: ["*_issue"], exclude: ["delete_*"] }, false],
  ["create_issue", { include: [] }, false],
  ["a.b", { include: ["a?b"] }, true],
  ["axb", { include: ["a.b"] }, false],
  ["a\nb", { include: ["a*"] }, true],
  ["(x|y)", { include: ["(x|y)"] }, true],
  ["x", { include: ["(x|y)"] }, false],
  ["😀", { include: ["?"] }, true],
])("%j under %j: %s", (tool, selection, expected) => {
  expect(isSelected(tool, selection)).toBe(expected);
});

test("a tool that is left out is not called, and the message names the settings", async () => {
  const callTool: CallTool = ({ tool }) => Promise.resolve(tool);
  const call = refuseLeftOut(callTool, new Map([["github", { exclude: ["delete_*"] }]]));
  const context = { signal: new AbortController().signal, executionId: "1" };
  expect(await call({ server: "github", tool: "create_issue" }, {}, context)).toBe("create_issue");
  expect(await call({ server: "other", tool: "delete_all" }, {}, context)).toBe("delete_all");
  await expect(call({ server: "github", tool: "delete_issue" }, {}, context)).rejects.toThrow(
    'github.delete_issue was not called: "include" and "exclude" of server "github" in servers/mcp.json leave it out.',
  );
});
