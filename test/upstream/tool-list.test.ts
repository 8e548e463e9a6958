import { describe, expect, test } from "vitest";
import { context, eventually, fixture, rejection, useWorld } from "./world.ts";

const world = useWorld();
const lists = (kind: string) => world.open([fixture("lists", { args: [kind] })]);

describe("the tool list", () => {
  test("all pages are read, an empty cursor ends them", async () => {
    const { definitions } = await lists("pages").list("lists");
    expect(definitions.map((tool) => tool.name)).toEqual(["tool_0", "tool_1", "tool_2", "tool_3"]);
  });

  test("a cursor that comes twice ends with an error", async () => {
    expect(await rejection(lists("repeating").list("lists"))).toMatchObject({
      code: "upstream_protocol",
      message: expect.stringMatching(/server "lists" does not end: it gave the cursor "again" twice/),
    });
  });

  test("a list without end stops after 100 pages", async () => {
    expect(await rejection(lists("endless").list("lists"))).toMatchObject({
      code: "upstream_protocol",
      message: expect.stringMatching(/goes on after 100 pages/),
    });
  });

  test("a bad definition costs only itself and is named", async () => {
    const upstreams = lists("broken");
    const { definitions, warnings } = await upstreams.list("lists");
    expect(definitions).toEqual([
      { name: "good", title: "Good", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
      { name: "no_input", inputSchema: { type: "object" } },
      {
        name: "uncompilable",
        inputSchema: { type: "object" },
        outputSchema: { type: "object", properties: { a: { pattern: "[", type: "wrong" } } },
      },
      { name: "odd_fields", inputSchema: { type: "object" } },
    ]);
    expect(warnings).toEqual([
      { tool: "no_input", reason: "its inputSchema is not valid and was ignored" },
      { tool: "#3", reason: "it has no name, so it was left out" },
      { tool: "good", reason: "it is listed twice; the first definition was kept" },
      { tool: "odd_fields", reason: "its description is not valid and was ignored" },
      { tool: "odd_fields", reason: "its outputSchema is not valid and was ignored" },
      { tool: "odd_fields", reason: "its annotations is not valid and was ignored" },
    ]);
    const ref = { server: "lists", tool: "uncompilable" };
    expect(await upstreams.callTool(ref, {}, context())).toBe("called uncompilable");
  });

  test("a server without tools has none", async () => {
    expect(await lists("none").list("lists")).toEqual({ definitions: [], warnings: [] });
  });

  test("list_changed makes the next caller ask again", async () => {
    const upstreams = lists("changing");
    const added = { server: "lists", tool: "added" };
    expect(await rejection(upstreams.callTool(added, {}, context()))).toMatchObject({ code: "bad_input" });
    await upstreams.callTool({ server: "lists", tool: "change" }, {}, context());
    expect(await upstreams.callTool(added, {}, context())).toBe("called added");
  });

  test("changes in a row are reported as one", async () => {
    const change = { server: "lists", tool: "change" };
    await lists("changing").callTool(change, {}, context());
    expect(world.changed).toEqual([]);
    await eventually(() => world.changed.length > 0);
    expect(world.changed).toEqual(["lists"]);
  });
});
