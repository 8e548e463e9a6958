import { describe, expect, it } from "vitest";
import { othersOf } from "../../../src/catalog/read/others.ts";
import type { SearchHit } from "../../../src/catalog/search/search-index.ts";
import { makeDocument, makeHome } from "../sample-home.ts";

const github = ["getIssue", "listIssues", "createIssue", "getFile", "listFiles", "mergeBranch"].map((name) =>
  makeDocument(`github/${name}`),
);
const slack = ["postMessage", "listChannels"].map((name) => makeDocument(`slack/${name}`));
const everything = [...github, ...slack];

function hits(...scores: readonly [path: string, score: number][]): SearchHit[] {
  return scores.flatMap(([path, score]) =>
    everything
      .filter((document) => document.path === `servers/${path}`)
      .map((document) => ({ document, score })),
  );
}

const aboutIssues = hits(["github/getIssue", 5], ["github/listIssues", 4.5], ["github/createIssue", 4]);

describe("other tools of the server that the hits speak for", () => {
  it("are named, those that share words with the query first", () => {
    expect(othersOf("list what is in it", aboutIssues, everything)).toEqual({
      folder: "servers/github",
      names: ["listFiles", "getFile", "mergeBranch"],
      more: 0,
    });
  });

  it("are counted when they are many", () => {
    const many = Array.from({ length: 60 }, (_, nth) => makeDocument(`github/someToolNumber${nth}`));
    const others = othersOf("q", aboutIssues, [...github, ...many]);
    expect(others?.names.join(", ").length).toBeLessThanOrEqual(100);
    const related = othersOf("some tool", aboutIssues, [...github, ...many]);
    expect(related?.names.length).toBeGreaterThan(others?.names.length ?? 0);
    expect((others?.names.length ?? 0) + (others?.more ?? 0)).toBe(63);
  });

  it.each([
    ["one hit stands out", hits(["github/getIssue", 9], ["github/listIssues", 4], ["github/createIssue", 4])],
    [
      "the hits are of several servers",
      hits(
        ["github/getIssue", 5],
        ["slack/postMessage", 5],
        ["slack/listChannels", 4],
        ["github/listIssues", 4],
      ),
    ],
    ["there are few hits", aboutIssues.slice(0, 2)],
    ["there are none", []],
  ])("are not named when %s", (_what, found) => {
    expect(othersOf("q", found, everything)).toBeUndefined();
  });

  it("are not named when all are shown", () => {
    expect(othersOf("q", aboutIssues, github.slice(0, 3))).toBeUndefined();
  });

  it("come with what a catalog finds", async () => {
    const catalog = (await makeHome()).open();
    const result = await catalog.search("multiple in the knowledge", { limit: 4 });
    expect(result.others).toMatchObject({ folder: "servers/memory" });
    expect((result.others?.names.length ?? 0) + (result.others?.more ?? 0)).toBe(5);
  });
});
