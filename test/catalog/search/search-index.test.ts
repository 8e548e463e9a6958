import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ToolDocument } from "../../../src/catalog/document.ts";
import { createSearchIndex, type SearchIndex } from "../../../src/catalog/search/search-index.ts";
import { byPath, makeDocument, makeHome } from "../sample-home.ts";

function indexOf(...documents: readonly ToolDocument[]): SearchIndex {
  const index = createSearchIndex();
  index.update(byPath(...documents));
  return index;
}

function search(index: SearchIndex, query: string, limit = 10): string[] {
  return index.search(query, { limit }).map(({ document }) => document.path.replace("servers/", ""));
}

function onGitlab({ server }: ToolDocument): boolean {
  return server === "gitlab";
}

const MIXED = indexOf(
  makeDocument("azure/mysqlServerList", {
    tool: "mysql_server_list",
    description: "List the MySQL servers of a subscription",
  }),
  makeDocument("azure/sqlServerList", {
    tool: "sql_server_list",
    description: "List the SQL servers of a subscription",
  }),
  makeDocument("github/createIssue", { description: "Open a new issue in a repository" }),
  makeDocument("gitlab/createIssue", { description: "Open a new issue in a project" }),
  makeDocument("maps/findPlaces", { description: "Findet Cafés und Restaurants in der Nähe" }),
  makeDocument("bing/search", {
    tool: "bing_search",
    description: "使用必应搜索指定的关键词，并返回搜索结果列表",
  }),
  makeDocument("travel/lookup", { description: "東京のレストランを探す" }),
  makeDocument("mail/send", { description: "Отправить письмо получателю" }),
);

describe("ranking", () => {
  it.each([
    ["create new entities", "createEntities"],
    ["create a relation between two entities", "createRelations"],
    ["read the whole graph", "readGraph"],
    ["open nodes by name", "openNodes"],
    ["search_nodes", "searchNodes"],
    ["add observations to an entity", "addObservations"],
    ["remove observations: delete observations", "deleteObservations"],
    ["deleting relations", "deleteRelations"],
  ])("of the memory tools for %s", async (query, best) => {
    const { hits } = await (await makeHome()).open().search(query);
    expect(hits[0]?.document.path).toBe(`servers/memory/${best}`);
  });

  it.each([
    ["Show me my MySQL servers", "azure/mysqlServerList"],
    ["mysql", "azure/mysqlServerList"],
    ["GitHub issue", "github/createIssue"],
    ["create an issue on gitlab", "gitlab/createIssue"],
    ["cafes", "maps/findPlaces"],
    ["CAFÉ nahe", "maps/findPlaces"],
    ["必应搜索", "bing/search"],
    ["搜", "bing/search"],
    ["レストラン", "travel/lookup"],
    ["письмо", "mail/send"],
  ])("finds by %s", (query, best) => {
    expect(search(MIXED, query)[0]).toBe(best);
  });

  const SEVERAL = indexOf(
    makeDocument("mail/sendEmail", { description: "Send an email to a recipient" }),
    makeDocument("files/deleteFile", { description: "Delete a file from the disk" }),
    makeDocument("files/renameFile", { description: "Rename a file on the disk" }),
    makeDocument("shop/refundOrder", { description: "Give the money of an order back to the customer" }),
    makeDocument("colis/etatActuel", { description: "Donne l'état actuel d'un colis" }),
    makeDocument("meteo/previsions", { description: "Prévisions de la météo pour une ville" }),
    makeDocument("tianqi/chaxun", { description: "查询指定城市的天气预报" }),
    makeDocument("chart/drawBars", {
      parameters: [{ name: "kind", type: '"stacked" | "grouped"', description: "", optional: true }],
    }),
  );

  it.each([
    // Other words for the same thing, and other languages.
    ["remove a document from my folder", "files/deleteFile"],
    ["write somebody a letter by mail", "mail/sendEmail"],
    ["reimbursement for a purchase: refunds", "shop/refundOrder"],
    ["eliminar archivo", "files/deleteFile"],
    ["删除文件", "files/deleteFile"],
    ["parcel status", "colis/etatActuel"],
    ["погода", "meteo/previsions"],
    ["天气", "tianqi/chaxun"],
    // Names typed whole, in parts and in other spellings; values of parameters.
    ["renameFile", "files/renameFile"],
    ["rename_file", "files/renameFile"],
    ["RENAME-FILES", "files/renameFile"],
    ["files.renaming", "files/renameFile"],
    ["a stacked one", "chart/drawBars"],
    // The same letters in other code points.
    ["pre\u0301visions me\u0301te\u0301o", "meteo/previsions"],
    ["ｒｅｎａｍｅ ｆｉｌｅ", "files/renameFile"],
  ])("finds by %j", (query, best) => {
    expect(search(SEVERAL, query)[0]).toBe(best);
  });

  const FORMS = indexOf(
    makeDocument("papers/documentReader", { description: "Opens one at a path" }),
    makeDocument("disk/getFileInfo", { description: "Size and times" }),
    makeDocument("cloud/hostpoolCount", { description: "How many there are" }),
    makeDocument("graph/restoreFromBackup", { description: "Restore a graph from its backup" }),
    makeDocument("graph/readGraph", { description: "Read the graph" }),
    makeDocument("graph/deleteNodes", { description: "Delete nodes of the graph" }),
    makeDocument("paint/mixColors", { description: "Mix two of them" }),
  );

  it.each([
    ["read documents", "papers/documentReader"],
    ["information", "disk/getFileInfo"],
    ["my host pools", "cloud/hostpoolCount"],
    ["bring back the graph", "graph/restoreFromBackup"],
    ["get rid of nodes", "graph/deleteNodes"],
    ["colour", "paint/mixColors"],
  ])("finds other forms of words by %j", (query, best) => {
    expect(search(FORMS, query)[0]).toBe(best);
  });

  it("serves each need of a request that has several", () => {
    const query =
      "Rename the old report file on my disk, then send an email to the recipient. Also tell me the weather forecast of the city.";
    expect(search(SEVERAL, query, 4)).toEqual(
      expect.arrayContaining(["files/renameFile", "mail/sendEmail", "tianqi/chaxun"]),
    );
  });

  it("prefers the server a query names, and tools beside a good one of their server", () => {
    const index = indexOf(
      makeDocument("alpha/listItems", { description: "List items" }),
      makeDocument("beta/listItems", { description: "List items" }),
      makeDocument("beta/countParcels", { description: "Count all parcels of beta" }),
    );
    expect(search(index, "list items of alpha")[0]).toBe("alpha/listItems");
    expect(search(index, "list beta items")[0]).toBe("beta/listItems");
    expect(search(index, "list items, count parcels").indexOf("beta/listItems")).toBeLessThan(
      search(index, "list items, count parcels").indexOf("alpha/listItems"),
    );
  });

  it("finds what a nested field's comment says", () => {
    const parameters = [
      { name: "items", type: "{ /** The invoice number */ id: string }[]", description: "", optional: false },
    ];
    const index = indexOf(makeDocument("a/f", { parameters }), makeDocument("a/g"));
    expect(search(index, "invoice")).toEqual(["a/f"]);
  });

  it("does not find what wrappers themselves say of a schema", () => {
    const parameters = [
      { name: "n", type: "number", description: "Default 10. Choice 1: fast. Each: a page.", optional: true },
    ];
    const index = indexOf(makeDocument("a/f", { parameters }), makeDocument("a/g"));
    expect(search(index, "default choice each")).toEqual([]);
    expect(search(index, "fast page")).toEqual(["a/f"]);
  });

  it("orders equal scores by path", () => {
    const index = indexOf(...["c", "a", "b"].map((server) => makeDocument(`${server}/sameName`)));
    expect(search(index, "same name")).toEqual(["a/sameName", "b/sameName", "c/sameName"]);
  });

  it("forgives a typing error only when nothing matches as written", () => {
    expect(search(MIXED, "reposotory")).toEqual(["github/createIssue"]);
    expect(search(MIXED, "reposotory письмо")).toEqual(["mail/send"]);
  });
});

describe("a query", () => {
  it.each(["", "   ", "the of and me", "?!"])("without a telling word (%j) finds nothing", (query) => {
    expect(search(MIXED, query)).toEqual([]);
  });

  it("returns no more than the limit, and only what is accepted", () => {
    expect(search(MIXED, "create issue list", 2)).toHaveLength(2);
    expect(
      MIXED.search("create issue", { limit: 10, accepts: onGitlab }).map(({ document }) => document.server),
    ).toEqual(["gitlab"]);
  });

  it("is answered quickly among 5,000 tools, however long and odd it is", () => {
    const words = ["create", "list", "issue", "branch", "file", "query", "user", "team", "label", "page"];
    const documents = Array.from({ length: 5_000 }, (_, nth) => {
      const name = `${words[nth % 10]}${words[(nth * 7) % 9]}${nth}`;
      return makeDocument(`server${nth % 50}/${name}`, {
        description: `${words[nth % 9]} a ${words[nth % 7]} of the`,
      });
    });
    const index = indexOf(...documents);
    const queries = [
      "a".repeat(1_000_000),
      "create ".repeat(100_000),
      Array.from({ length: 50_000 }, (_, n) => `w${n}`),
    ];
    const started = performance.now();
    for (const query of queries)
      expect(index.search(String(query), { limit: 10 }).length).toBeLessThanOrEqual(10);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("an index that follows its documents", () => {
  it("that was saved with a gap fills it again", () => {
    const [a, b, c] = ["a/one", "b/two", "c/three"].map((place) => makeDocument(place));
    if (!a || !b || !c) throw new Error("there are three");
    const index = indexOf(a, b);
    index.update(byPath(b));
    const loaded = createSearchIndex({ index: index.toJSON(), documents: byPath(b) });
    loaded.update(byPath(b, c));
    expect(loaded.toJSON().paths).toEqual(["servers/c/three", "servers/b/two"]);
    expect(search(loaded, "three")).toEqual(["c/three"]);
    expect(search(loaded, "one")).toEqual([]);
  });

  const name = fc.constantFrom("createIssue", "listIssues", "readFile", "sendMail", "queryGraph");
  const documents = fc
    .uniqueArray(
      fc.record({ server: fc.constantFrom("a", "b", "c"), name, text: fc.lorem({ maxCount: 5 }) }),
      {
        selector: (entry) => `${entry.server}/${entry.name}`,
        maxLength: 12,
      },
    )
    .map((entries) =>
      entries.map((entry) => makeDocument(`${entry.server}/${entry.name}`, { description: entry.text })),
    );

  it("answers as a new one does, after any change and after a save", () => {
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        const changing = indexOf(...before);
        changing.update(byPath(...after));
        const index = JSON.parse(JSON.stringify(changing.toJSON())) as ReturnType<SearchIndex["toJSON"]>;
        const loaded = createSearchIndex({ index, documents: byPath(...after) });
        const fresh = indexOf(...after);
        for (const query of ["create issue", "read mail", "lorem ipsum graph", "b query"]) {
          const expected = fresh.search(query, { limit: 20 });
          expect(changing.search(query, { limit: 20 })).toEqual(expected);
          expect(loaded.search(query, { limit: 20 })).toEqual(expected);
        }
      }),
    );
  });
});
