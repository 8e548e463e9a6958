import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stem } from "../../../src/catalog/search/stem.ts";
import { isLoneCjk, termsOf, wordsOf } from "../../../src/catalog/search/text.ts";

describe("termsOf", () => {
  it.each([
    ["createEntities", "createent creat entiti"],
    ["create_entities", "creat entiti"],
    ["list-my-files", "list file"],
    ["MySQL servers", "mysql sql server"],
    ["GitHub", "github git hub"],
    ["PostgreSQL", "postgresql postgr sql"],
    ["SQLServer", "sqlserver sql server"],
    ["get36krTrending", "get36krtrending get 36 kr trend"],
    ["S3 bucket", "s3 3 bucket"],
    ["Please show me all of the open issues", "show open issu"],
    ["get list create find search read delete update add", "get list creat find search read delet updat add"],
    ["Café déjà-vu", "cafe deja vu"],
    ["Ｆｕｌｌ width", "full width"],
    ["Привет МИР", "привет мир"],
    ["必应搜索", "必应 应搜 搜索"],
    ["图", "图"],
    ["東京のレストラン", "東京 京の のレ レス スト トラ ラン"],
    ["がぎ", "がぎ"],
    ["get_36氪_trending", "get 氪 36 trend"],
    ["", ""],
    ["— !? …", ""],
  ])("%s → %s", (text, terms) => {
    expect(termsOf(text).join(" ")).toBe(terms);
  });

  it("finds the same terms with and without accents, and in any case of whole words", () => {
    expect(termsOf("Übersetzung prüfen")).toEqual(termsOf("ubersetzung PRUFEN".toLowerCase()));
  });

  it("gives no term that is empty, upper case or a space, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
        expect(termsOf(text).filter((term) => term === "" || /[\s\p{P}]/u.test(term))).toEqual([]);
      }),
    );
  });

  it("gives each of several snake_case words its own term", () => {
    const word = fc.constantFrom("branch", "issue", "file", "query", "graph", "node");
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        expect(termsOf(words.join("_"))).toEqual(words.map(stem));
      }),
    );
  });
});

describe("isLoneCjk", () => {
  it.each([
    ["图", true],
    ["图书", false],
    ["a", false],
    ["", false],
  ])("%s → %s", (term, expected) => {
    expect(isLoneCjk(term)).toBe(expected);
  });
});

describe("wordsOf", () => {
  it.each([
    ["createEntities", ["create", "entities"]],
    ["create_entities", ["create", "entities"]],
    ["HTTPServer2", ["http", "server", "2"]],
  ])("%s", (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});
