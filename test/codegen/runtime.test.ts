import { transformSync } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import { RUNTIME_SOURCE } from "../../src/codegen/runtime-source.ts";

type CallTool = (server: string, tool: string, input?: unknown, shape?: object) => Promise<unknown>;

const BRIDGE = Symbol.for("toolgrove.call");

async function loadRuntime(): Promise<CallTool> {
  const { code } = transformSync(RUNTIME_SOURCE, { loader: "ts", format: "esm" });
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return module.callTool;
}

/** The arguments that reach the server. */
async function argumentsFor(...given: [input?: unknown, shape?: object]): Promise<unknown> {
  Reflect.set(globalThis, BRIDGE, async (server: string, tool: string, args: unknown) => ({
    server,
    tool,
    args,
  }));
  const callTool = await loadRuntime();
  const call = (await callTool("s", "t", ...given)) as { server: string; tool: string; args: unknown };
  expect([call.server, call.tool]).toEqual(["s", "t"]);
  return call.args;
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, BRIDGE);
});

describe("the runtime of wrappers", () => {
  it.each<[unknown, object | undefined, unknown]>([
    [undefined, undefined, {}],
    [{ a: 1 }, undefined, { a: 1 }],
    [undefined, { bare: "a" }, {}],
    ["x", { bare: "a" }, { a: "x" }],
    [null, { bare: "a" }, { a: null }],
    [["x"], { bare: "a" }, { a: ["x"] }],
    [{ a: "x", b: 1 }, { bare: "a" }, { a: "x", b: 1 }],
    [{ b: 1 }, { bare: "a" }, { b: 1 }],
    [{ b: 1 }, { bare: "a", object: true }, { a: { b: 1 } }],
    [{ a: { b: 1 } }, { bare: "a", object: true }, { a: { b: 1 } }],
    [new Date(0), { bare: "a" }, { a: new Date(0) }],
  ])("turns %j with %j into %j", async (input, shape, expected) => {
    expect(await argumentsFor(input, shape)).toEqual(expected);
  });

  it("passes an own property however it is called", async () => {
    const args = await argumentsFor("x", { bare: "__proto__" });
    expect(JSON.stringify(args)).toBe('{"__proto__":"x"}');
  });

  it("says what it wants instead of a value without a name", async () => {
    await expect(argumentsFor(["x"])).rejects.toThrow(
      "s/t takes one object with its arguments, not an array.",
    );
  });

  it("says where it works", async () => {
    const callTool = await loadRuntime();
    await expect(callTool("s", "t")).rejects.toThrow("s/t only works inside execute_code");
  });
});
