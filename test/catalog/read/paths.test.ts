import { describe, expect, it } from "vitest";
import { createPathLookup, type Resolution } from "../../../src/catalog/read/paths.ts";
import { byPath, makeDocument } from "../sample-home.ts";

const lookup = createPathLookup(
  byPath(
    makeDocument("github/labels/countLabelled"),
    makeDocument("github/listIssues", { tool: "list_issues" }),
    makeDocument("github/searchCode", { tool: "search_code" }),
    makeDocument("memory/createEntities", { tool: "create_entities" }),
    makeDocument("memory/openNodes", { tool: "open_nodes" }),
    makeDocument("memory/searchNodes", { tool: "search_nodes" }),
    makeDocument("my.server/ping"),
    makeDocument("twins/getUser", { tool: "getUser" }),
    makeDocument("twins/getUser2", { tool: "get_user" }),
    makeDocument("", { path: "skills/weeklyReport", server: "skills", name: "weeklyReport", kind: "skill" }),
  ),
);

/** A folder with a slash at the end, or the tools, or what is near a miss. */
function told(resolution: Resolution): string | readonly string[] {
  if (resolution.kind === "folder") return `${resolution.path}/`;
  if (resolution.kind === "tools") return resolution.documents.map(({ path }) => path).join(" ");
  return resolution.nearest;
}

describe("a path", () => {
  it.each([
    "servers/memory/createEntities",
    "memory/createEntities",
    "memory.createEntities",
    "memory.create_entities",
    "memory/create_entities",
    "servers.memory.createEntities",
    "servers/memory/createEntities.ts",
    "./servers/memory/createEntities.js",
    "/servers/memory/createEntities",
    "servers\\memory\\createEntities",
    ' "memory/createEntities" ',
    "`memory.createEntities`",
    "servers//memory/createEntities/",
    "MEMORY/createentities",
    "memory/create-entities",
    "memory.createEntities({ entities })",
    "createEntities",
    "create_entities",
  ])("%s means the tool", (path) => {
    expect(told(lookup.resolve(path))).toBe("servers/memory/createEntities");
  });

  it.each([
    ["", "/"],
    [".", "/"],
    ["/", "/"],
    ["servers", "servers/"],
    ["./servers/", "servers/"],
    ["skills", "skills/"],
    ["memory", "servers/memory/"],
    ["/servers/memory/", "servers/memory/"],
    ["./servers/memory", "servers/memory/"],
    ["servers/memory/index.ts", "servers/memory/"],
    ["servers.memory", "servers/memory/"],
    ["Memory", "servers/memory/"],
    ["my.server", "servers/my.server/"],
    ["my.server.ping", "servers/my.server/ping"],
    ["my-server/ping", "servers/my.server/ping"],
    ["github/labels.ts", "servers/github/labels/"],
    ["weeklyReport", "skills/weeklyReport"],
    ["skills/weekly_report", "skills/weeklyReport"],
    ["twins/getUser", "servers/twins/getUser"],
    ["twins/get_user", "servers/twins/getUser2"],
    ["twins/GET-USER", "servers/twins/getUser servers/twins/getUser2"],
  ])("%j means %s", (path, expected) => {
    expect(told(lookup.resolve(path))).toBe(expected);
  });

  it("gives a folder all that is beneath it", () => {
    const found = lookup.resolve("github");
    expect(found.kind === "folder" && found.documents.map(({ name }) => name)).toEqual([
      "countLabelled",
      "listIssues",
      "searchCode",
    ]);
  });
});

describe("a glob", () => {
  it.each([
    ["servers/memory/{createEntities,openNodes}", "servers/memory/createEntities servers/memory/openNodes"],
    ["memory/{create_entities,open_nodes}.ts", "servers/memory/createEntities servers/memory/openNodes"],
    ["memory.*Nodes", "servers/memory/openNodes servers/memory/searchNodes"],
    ["*/search*", "servers/github/searchCode servers/memory/searchNodes"],
    ["*/SEARCH*", "servers/github/searchCode servers/memory/searchNodes"],
    ["**/*Nodes", "servers/memory/openNodes servers/memory/searchNodes"],
    ["mem*", "servers/memory/createEntities servers/memory/openNodes servers/memory/searchNodes"],
    ["skills/*", "skills/weeklyReport"],
  ])("%s", (glob, expected) => {
    expect(told(lookup.resolve(glob))).toBe(expected);
  });

  it("of everything finds everything", () => {
    const found = lookup.resolve("**");
    expect(found.kind === "tools" && found.documents).toHaveLength(10);
  });
});

describe("a miss", () => {
  it.each([
    ["memory/createEntity", "servers/memory/createEntities"],
    ["memroy/openNodes", "servers/memory/openNodes"],
    ["memory/opnNods", "servers/memory/openNodes"],
    ["issues", "servers/github/listIssues"],
    ["memori", "servers/memory/"],
    ["servers/github/search_cod*x", "servers/github/searchCode"],
  ])("%s is near %s", (path, expected) => {
    expect(told(lookup.resolve(path))).toContain(expected);
    expect(lookup.resolve(path).kind).toBe("miss");
  });

  it.each(["zzzzzzzz", "../../etc/passwd", "x".repeat(10_000)])("%s is near nothing", (path) => {
    expect(told(lookup.resolve(path))).toEqual([]);
  });

  it("keeps the suggestions to five", () => {
    const many = byPath(...Array.from({ length: 30 }, (_, nth) => makeDocument(`s/getUser${nth}x`)));
    expect(told(createPathLookup(many).resolve("s/getUsers"))).toHaveLength(5);
  });
});
