// The one rule for "did you mean".
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "../src/nearest.ts";

const TOOLS = ["createEntities", "openNodes", "readGraph", "searchNodes", "deleteEntities"];

describe("nearest", () => {
  it.each([
    ["openNode", ["openNodes"]],
    ["open_nodes", ["openNodes"]],
    ["OPEN NODES", ["openNodes"]],
    ["readGrph", ["readGraph"]],
    ["searchNode", ["searchNodes"]],
    ["nothingLikeIt", []],
    ["", []],
    ["_-. ", []],
  ])("%s", (name, expected) => {
    expect(nearest(name, TOOLS)).toEqual(expected);
  });

  it("gives at most the limit, 5 by default, best first", () => {
    const many = Array.from({ length: 9 }, (_, n) => `name${n}`);
    expect(nearest("name", many)).toHaveLength(5);
    expect(nearest("name3", many, 2)[0]).toBe("name3");
    expect(nearest("name3", many, 2)).toHaveLength(2);
  });

  it("finds any known name whatever its case and separators, and first", () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.constantFrom("_", "-", " ", "."),
        (names, at, mark) => {
          const wanted = names[at % names.length] ?? "";
          expect(nearest(wanted.toUpperCase().split("").join(mark), names)[0]).toBe(wanted);
        },
      ),
    );
  });

  it("gives only candidates, each once, in the same order whatever order they came in", () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string(), { maxLength: 10 }), (name, candidates) => {
        const found = nearest(name, candidates, 10);
        expect(new Set(found).size).toBe(found.length);
        expect(candidates).toEqual(expect.arrayContaining(found));
        expect(nearest(name, candidates.toReversed(), 10)).toEqual(found);
      }),
    );
  });
});
