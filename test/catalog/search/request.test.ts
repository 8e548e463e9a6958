import { describe, expect, it } from "vitest";
import { clausesOf } from "../../../src/catalog/search/clauses.ts";
import { withPlainVerbs } from "../../../src/catalog/search/phrasal-verbs.ts";
import { createPostings } from "../../../src/catalog/search/postings.ts";
import { relatedTerms } from "../../../src/catalog/search/related-terms.ts";
import { readRequest } from "../../../src/catalog/search/request.ts";
import { termsOf } from "../../../src/catalog/search/text.ts";
import { THESAURUS } from "../../../src/catalog/search/thesaurus.ts";
import { TRANSLATIONS } from "../../../src/catalog/search/translations.ts";

/** Postings of documents that hold these words, one document each. */
function holding(...texts: readonly string[]): ReturnType<typeof createPostings> {
  const postings = createPostings();
  for (const [slot, text] of texts.entries()) {
    postings.add(slot, new Map(termsOf(text).map((term) => [term, { weight: 0.5, isNamed: false }])));
  }
  return postings;
}

describe("the clauses of a request", () => {
  it.each([
    ["read the file", ["read the file"]],
    ["Read it. Then send a mail!", ["Read it", "Then send a mail"]],
    ["create directory and write file", ["create directory", "write file"]],
    ["news + weather or maps", ["news", "weather", "maps"]],
    ["version 1.2.3 of C++ costs 1,000 dollars", ["version 1.2.3 of C++ costs 1,000 dollars"]],
    ["查询天气，然后发送邮件。", ["查询天气", "然后发送邮件"]],
    ["", []],
  ])("of %j", (request, clauses) => {
    expect(clausesOf(request)).toEqual(clauses);
  });

  it("are at most eight", () => {
    expect(clausesOf("a, ".repeat(10_000))).toHaveLength(8);
  });
});

describe("a phrasal verb", () => {
  it.each([
    ["bring back the graph I deleted", "restore the graph I deleted"],
    ["Bringing the old graph back", "restore the old graph"],
    ["get rid of these", "delete remove these"],
    ["he carried it out", "he execute run it"],
    ["look it up", "lookup find search it"],
    ["put off the meeting", "postpone reschedule the meeting"],
    ["back the file", "back the file"],
    ["take the bus, then go down", "take the bus, then go down"],
    ["the outlook upside", "the outlook upside"],
  ])("in %j", (text, plain) => {
    expect(withPlainVerbs(text)).toBe(plain);
  });
});

describe("terms that stand in for others", () => {
  const closest = (query: string, ...texts: readonly string[]): Record<string, number> => {
    const [term] = readRequest(query, holding(...texts)).terms;
    return Object.fromEntries(term?.variants.map((variant) => [variant.term, variant.closeness]) ?? []);
  };

  it("count little beside a word that the catalog has, much instead of one that it lacks", () => {
    const beside = closest("delete", "delete", "remove");
    expect(beside).toEqual({ delet: 1, remov: expect.any(Number) });
    expect(beside["remov"]).toBeLessThan(0.5);
    expect(closest("delete", "remove")["remov"]).toBeGreaterThan(0.8);
  });

  it("are compounds of two words side by side, for each of the two", () => {
    const { terms } = readRequest("list host pools", holding("hostpool", "host", "pool", "list"));
    expect(Object.fromEntries(terms.map(({ term, variants }) => [term, variants]))).toMatchObject({
      host: expect.arrayContaining([{ term: "hostpool", closeness: 1 }]),
      pool: expect.arrayContaining([{ term: "hostpool", closeness: 1 }]),
    });
  });

  it("come from other languages", () => {
    expect(closest("天气", "weather")).toEqual({ weather: 0.95 });
    expect(closest("fichier", "file")).toEqual({ file: 0.95 });
    expect(closest("погода", "天气", "weather")).toEqual({ weather: 0.95, 天气: 0.95 });
  });

  it("are longer words for an unknown beginning, and nearly the same ones only when that is asked for", () => {
    expect(closest("observa", "observatory")).toEqual({ observatori: 0.6 });
    expect(closest("weathre", "weather")).toEqual({});
    expect(readRequest("weathre", holding("weather"), true).terms[0]?.variants).toEqual([
      { term: "weather", closeness: 0.6 },
    ]);
  });

  it("go both ways, and no word stands in for itself", () => {
    for (const text of [THESAURUS, TRANSLATIONS]) {
      for (const term of new Set(termsOf(text))) {
        for (const [other, relation] of relatedTerms(term)) {
          expect(other).not.toBe(term);
          expect(relatedTerms(other).get(term)).toBe(relation);
        }
      }
    }
  });
});

describe("a request", () => {
  it("says which terms belong to which of its clauses, when there are several of some length", () => {
    const { terms, parts } = readRequest(
      "list open issues quickly and send the weekly report mail",
      holding(),
    );
    expect(parts).toBe(3);
    expect(Object.fromEntries(terms.map(({ term, parts: numbers }) => [term, numbers]))).toMatchObject({
      list: [0, 1],
      issu: [0, 1],
      send: [0, 2],
      mail: [0, 2],
    });
    expect(readRequest("list issues and send mail", holding()).parts).toBe(1);
  });

  it("gives words of asking half the weight of others", () => {
    const { terms } = readRequest("suggest a hotel", holding());
    expect(terms.map(({ term, weight }) => [term, weight])).toEqual([
      ["suggest", 0.5],
      ["hotel", 1],
    ]);
  });

  it("has at most 64 terms, each once", () => {
    const words = Array.from({ length: 500 }, (_, nth) => `word${nth} word${nth}`).join(" ");
    const { terms } = readRequest(words, holding());
    expect(terms).toHaveLength(64);
    expect(new Set(terms.map(({ term }) => term)).size).toBe(64);
  });
});
