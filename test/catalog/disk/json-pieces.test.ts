import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonPieces } from "../../../src/catalog/disk/json-pieces.ts";

it("JSON in pieces is what JSON.stringify gives", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = [...jsonPieces(value)].join("");
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("JSON in pieces takes long lists and objects apart", () => {
  const list = Array.from({ length: 2_345 }, (_, nth) => ({ nth }));
  const byName = Object.fromEntries(list.map((one) => [`n${one.nth}`, one]));
  const value = { list, byName, count: 2_345, nothing: undefined, none: [], empty: {} };
  const pieces = [...jsonPieces(value)];
  expect(pieces.join("")).toBe(JSON.stringify(value));
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(JSON.stringify(list).length / 2);
});
