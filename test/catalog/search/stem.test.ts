import { describe, expect, it } from "vitest";
import { stem } from "../../../src/catalog/search/stem.ts";

describe("the stem of a word", () => {
  it.each([
    ["creating created creates create", "creat"],
    ["repositories repository", "repositori"],
    ["entities entity", "entiti"],
    ["queries query", "queri"],
    ["files file", "file"],
    ["deletes deleting deleted", "delet"],
    ["used using uses", "use"],
    ["information info", "inform"],
    ["read reader readers reading", "read"],
    ["convert conversion converter", "convert"],
    ["color colour colours", "color"],
    ["finance financial", "financ"],
  ])("is one for %s", (words, expected) => {
    expect(words.split(" ").map(stem)).toEqual(words.split(" ").map(() => expected));
  });

  it.each([
    ["news", "new"],
    ["general", "generate"],
    ["us", "used"],
    ["status", "state"],
  ])("keeps %s and %s apart", (one, other) => {
    expect(stem(one)).not.toBe(stem(other));
  });

  it("of a short word is the word", () => {
    expect(["a", "db", "id"].map(stem)).toEqual(["a", "db", "id"]);
  });
});
