import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter } from "../../src/upstream/lines.ts";

test("lines come out whole, wherever the bytes are cut", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "🌳", "\n"), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (whole, sizes) => {
      const split = createLineSplitter();
      const bytes = Buffer.from(whole);
      const lines: string[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        lines.push(...split(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(lines).toEqual(whole.split("\n").slice(0, -1));
    }),
  );
});
