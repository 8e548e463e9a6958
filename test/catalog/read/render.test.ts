import { describe, expect, it } from "vitest";
import type { SearchResult } from "../../../src/catalog/catalog.ts";
import type { ToolDocument, ToolParameter } from "../../../src/catalog/document.ts";
import { firstSentence } from "../../../src/catalog/read/entry-line.ts";
import { renderRead, renderSearch, toJson } from "../../../src/catalog/read/render.ts";
import { createPathLookup } from "../../../src/catalog/read/paths.ts";
import { createO200kCounter } from "../../../src/measure/tokens.ts";
import { byPath, makeDocument, makeHome } from "../sample-home.ts";

async function read(path: string): Promise<string> {
  return renderRead(await (await makeHome()).open().read(path));
}

function found(...documents: readonly ToolDocument[]): SearchResult {
  const hits = documents.map((document) => ({ document, score: 1.5 }));
  return { query: "q", hits, nearest: [], servers: [] };
}

function parameterOf(name: string, optional: boolean): ToolParameter {
  return { name, type: "string", description: "", optional };
}

function manyTools(count: number, server = "big"): ToolDocument[] {
  const verbs = ["get", "list", "create"];
  return Array.from({ length: count }, (_, nth) => makeDocument(`${server}/${verbs[nth % 3]}Thing${nth}`));
}

function describedString(name: string, about: string): ToolParameter {
  return {
    name,
    type: "string",
    description: `${about}, told at great length and then told again`,
    optional: true,
  };
}

/** Names such as servers have, each of two or three words. */
function serverNames(count: number): string[] {
  const firsts = ["aws", "git", "google", "azure", "open", "slack", "note", "jira", "data", "mail"];
  const seconds = ["hub", "lab", "drive", "calendar", "search", "files", "cloud", "query", "bridge", "tasks"];
  return Array.from({ length: count }, (_, nth) => {
    const more = nth < 100 ? "" : `-${nth}`;
    return `${firsts[Math.floor(nth / 10) % 10]}-${seconds[nth % 10]}${more}`;
  });
}

describe("the answer to a search", () => {
  const report = makeDocument("x/report", {
    description: "Writes a report. Then sends it.",
    parameters: [
      { name: "repo", type: "string", description: "", optional: false },
      { name: "days", type: "number", description: "", optional: true },
    ],
  });

  it("is a line for each hit", () => {
    expect(renderSearch(found(report, makeDocument("x/bare"), { ...report, passing: "positional" }))).toBe(
      [
        "servers/x/report({ repo, days? }) — Writes a report",
        "servers/x/bare()",
        "servers/x/report(repo, days?) — Writes a report",
      ].join("\n"),
    );
  });

  it("is only paths when names are asked for", () => {
    expect(renderSearch(found(report, makeDocument("x/bare")), "name")).toBe(
      "servers/x/report\nservers/x/bare",
    );
  });

  it("says in full what reading says", async () => {
    const catalog = (await makeHome()).open();
    const result = await catalog.search("open nodes", { limit: 1 });
    expect(renderSearch(result, "full")).toBe(renderRead(await catalog.read("memory/openNodes")));
  });

  it("cuts a long list of parameters", () => {
    const parameters = Array.from({ length: 20 }, (_, nth) => ({
      name: `p${nth}`,
      type: "string",
      description: "",
      optional: false,
    }));
    expect(renderSearch(found(makeDocument("x/f", { parameters })))).toBe(
      "servers/x/f({ p0, p1, p2, p3, p4, p5, p6, p7, … })",
    );
    const optional = parameters.map(({ name, type, description }, nth) => {
      return { name, type, description, optional: nth > 0 && nth < 19 };
    });
    expect(renderSearch(found(makeDocument("x/f", { parameters: optional })))).toBe(
      "servers/x/f({ p0, p19, p1?, p2?, p3?, … })",
    );
  });

  it("leaves out of lines that are too long what most hits take first", () => {
    const common = ["tenant", "retry", "mode", "delay"].map((name) => parameterOf(name, true));
    const hit = (name: string, ...own: readonly ToolParameter[]): ToolDocument =>
      makeDocument(`x/${name}`, { parameters: [...common, ...own] });
    const hits = [
      hit("a", parameterOf("key", false), parameterOf("label", true)),
      hit("b", parameterOf("tags", true), parameterOf("file", true)),
      hit("c"),
    ];
    expect(renderSearch(found(...hits))).toBe(
      [
        "servers/x/a({ key, label?, … })",
        "servers/x/b({ tags?, file?, … })",
        "servers/x/c({ tenant?, retry?, mode?, delay? })",
      ].join("\n"),
    );
    expect(renderSearch(found(...hits.slice(0, 1)))).toBe(
      "servers/x/a({ key, tenant?, retry?, mode?, delay?, … })",
    );
  });

  it("without hits names what is near, what there is and what to try", async () => {
    const catalog = (await makeHome()).open();
    expect(renderSearch(await catalog.search("opnNds"))).toMatchInlineSnapshot(`
      "No tool matches "opnNds".
      Nearest: servers/memory/openNodes.
      There are: github (4), memory (9), skills (1)."
    `);
    expect(renderSearch(await catalog.search("nodes", { server: "slack" }))).toMatchInlineSnapshot(`
      "There is no server "slack".
      There are: github (4), memory (9), skills (1)."
    `);
    expect(renderSearch(await (await makeHome("empty")).open().search("nodes"))).toMatchInlineSnapshot(`
      "No tool matches "nodes".
      There are no tools yet."
    `);
  });

  it("names other tools of the server in one line", () => {
    const others = { folder: "servers/x", names: ["getA", "getB"], more: 37 };
    expect(renderSearch({ ...found(report, makeDocument("x/bare")), others })).toMatch(
      /\nservers\/x\/bare\(\)\nOthers in servers\/x: getA, getB, … \+37$/,
    );
    expect(renderSearch({ ...found(report), others: { ...others, more: 0 } })).toMatch(/: getA, getB$/);
    expect(renderSearch({ ...found(report), others }, "name")).toBe("servers/x/report");
  });

  it("without hits names the server that was meant, and folds a long list of them", () => {
    const servers = Array.from({ length: 60 }, (_, nth) => ({
      name: `server${nth}`,
      kind: "tool" as const,
      count: 3,
    }));
    const text = renderSearch({ ...found(), server: "servr7", servers });
    expect(text).toMatch(/^There is no server "servr7"\.\nNearest: server7/);
    expect(text).toMatch(/server39 \(3\) and 20 more \(read ""\)\.$/);
  });

  it("for programs is plain data", () => {
    expect(toJson(found(report).hits)).toEqual([
      {
        path: "servers/x/report",
        server: "x",
        tool: "report",
        description: "Writes a report. Then sends it.",
        score: 1.5,
      },
    ]);
  });
});

describe("the answer to a read", () => {
  it("of the root counts what there is", async () => {
    expect(await read("")).toMatchInlineSnapshot(`
      "servers/github/ 4 tools
      servers/memory/ 9 tools
      skills/ 1 skill"
    `);
    expect(await read("servers")).toBe("servers/github/ 4 tools\nservers/memory/ 9 tools");
  });

  it("of a folder lists it", async () => {
    expect(await read("github")).toMatchInlineSnapshot(`
      "servers/github/ 4 tools
      labels/ 2 tools
      listIssues(owner, repo, state?, labels?) — List issues in a GitHub repository
      searchCode(query) — Search the code of all repositories"
    `);
    expect(await read("skills")).toMatchInlineSnapshot(`
      "skills/ 1 skill
      weeklyReport(repo, days?) — Writes a weekly report of the open issues of a repository"
    `);
  });

  it("of a tool shows how to import it, its types and its JSDoc", async () => {
    expect(await read("memory/addObservations")).toMatchInlineSnapshot(`
      "import { addObservations } from "./servers/memory";
      // Add new observations to existing entities in the knowledge graph @effects writes
      addObservations({
       observations: {
        entityName: string // The name of the entity to add the observations to
        contents: string[] // An array of observation contents to add
       }[]
      }): { results: { entityName: string, addedObservations: string[] }[] }"
    `);
  });

  it("of several tools imports each module once", async () => {
    const text = await read("{servers/memory/{openNodes,readGraph},skills/*,servers/github/labels/isLabel}");
    expect(text.split("\n").slice(0, 3).join("\n")).toBe(
      [
        'import { isLabel } from "./servers/github";',
        'import { openNodes, readGraph } from "./servers/memory";',
        'import { weeklyReport } from "./skills/weeklyReport";',
      ].join("\n"),
    );
    expect(text.match(/^\w+\(/gm)).toHaveLength(4);
  });

  it("of nothing names the nearest", async () => {
    expect(await read("memory/openNode2")).toMatchInlineSnapshot(`
      "Nothing at "memory/openNode2".
      Nearest: servers/memory/openNodes, servers/memory/searchNodes.
      Read "" to see what there is."
    `);
  });

  it.each(["", "servers", "skills"])("of an empty home (%j) says what to do", async (path) => {
    const text = renderRead(await (await makeHome("empty")).open().read(path));
    expect(text).toMatch(path === "skills" ? /^skills\/ is empty/ : /`toolgrove sync`/);
  });
});

describe("much", () => {
  it("over 20 matches is whole while it fits in one answer, else lines and a hint", () => {
    const whole = (documents: ToolDocument[]): string => renderRead({ kind: "tools", documents }, 30_000);
    expect(whole(manyTools(60))).toMatch(/^import \* as big from .*\n\ngetThing0\(\)\n\n/);
    const long = manyTools(21).map((tool, nth) =>
      makeDocument(tool.path.slice("servers/".length), {
        parameters: Array.from({ length: 30 }, (_, at) =>
          describedString(`p${at}`, `What ${at} is to ${nth}`),
        ),
      }),
    );
    expect(whole(long.slice(0, 20))).toMatch(/^import \* as big/);
    expect(whole(long.slice(0, 20)).length).toBeGreaterThan(30_000);
    expect(whole(long).split("\n")).toHaveLength(22);
    expect(whole(long)).toMatch(/^servers\/big\/getThing0\(/);
    expect(whole(long)).toMatch(/\n21 matches: narrow the glob to 20 or fewer for their types\.$/);
    expect(whole(manyTools(201))).toMatch(/\n201 matches: narrow the glob/);
  });

  it("over 100 entries is names only", () => {
    const lines = renderRead({ kind: "folder", path: "servers/big", documents: manyTools(101) }).split("\n");
    expect(lines.slice(0, 3)).toEqual(["servers/big/ 101 tools", "getThing0", "listThing1"]);
  });

  it("over 400 entries is counts by first word", () => {
    expect(renderRead({ kind: "folder", path: "servers/big", documents: manyTools(401) })).toBe(
      [
        "servers/big/ 401 tools",
        "get* 134",
        "list* 134",
        "create* 133",
        'Read a glob for names: "servers/big/get*".',
      ].join("\n"),
    );
  });

  it("of 200 servers with 50 tools each fits in 1,500 tokens, and globs and prefixes narrow it", async () => {
    const { count } = await createO200kCounter();
    const documents = serverNames(200).flatMap((server) => manyTools(50, server));
    const lookup = createPathLookup(byPath(...documents));
    const show = (path: string): string => renderRead(lookup.resolve(path));
    for (const path of ["", "servers"]) {
      expect(count(show(path))).toBeLessThan(1_500);
      expect(show(path)).toMatch(/^servers\/ 200 servers, 10000 tools; tools of each:\n/);
      expect(show(path)).toContain(", git-lab 50, ");
    }
    for (const path of ["servers/git*", "servers/git", "git*"]) {
      expect(show(path).split("\n")[0]).toBe("servers/git-hub/ 50 tools");
      expect(count(show(path))).toBeLessThan(250);
    }
    expect(show("servers/git-hub")).toMatch(/^servers\/git-hub\/ 50 tools\ngetThing0\(\)/);
    expect(count(show("servers/git-hub"))).toBeLessThan(1_500);
    expect(show("servers/zzz")).toMatch(/^Nothing at/);
  });

  it("of thousands of servers is groups by first word", async () => {
    const { count } = await createO200kCounter();
    const documents = serverNames(3_000).flatMap((server) => manyTools(2, server));
    const text = renderRead({ kind: "folder", path: "", documents });
    expect(count(text)).toBeLessThan(1_500);
    expect(text).toMatch(/^servers\/ 3000 servers, 6000 tools; servers by first word:\naws\* \d+, git\* \d+/);
  });

  it("over 100 matches in several folders is counts by folder", () => {
    const documents = [...manyTools(300, "a"), ...manyTools(200, "b")];
    expect(renderRead({ kind: "tools", documents })).toBe(
      "servers/a/ 300 tools\nservers/b/ 200 tools\n500 matches: narrow the glob to 20 or fewer for their types.",
    );
  });
});

describe("firstSentence", () => {
  it.each([
    [
      "Lists the events of a service in the order of their times, newest first, as far as anybody can remember them at all.",
      "Lists the events of a service in the order of their times, newest first…",
    ],
    ["One. Two.", "One"],
    ["One\n  line only.", "One line only"],
    ["Use it, e.g. Mondays. Not else.", "Use it, e.g. Mondays"],
    ["Reads v1.2 files. More.", "Reads v1.2 files"],
    ["Really? Yes.", "Really"],
    ["使用必应搜索。返回结果。", "使用必应搜索"],
    ["# Title text", "Title text"],
    ["", ""],
    [`${"word ".repeat(40)}end.`, `${"word ".repeat(20).trim()}…`],
    ["x".repeat(300), `${"x".repeat(100)}…`],
  ])("%j", (text, sentence) => {
    expect(firstSentence(text)).toBe(sentence);
  });
});
