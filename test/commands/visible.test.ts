// What comes from elsewhere cannot take over the terminal it is shown on.
import fc from "fast-check";
import { expect, test } from "vitest";
import { visible } from "../../src/commands/visible.ts";

test("control and invisible characters are spelled out", () => {
  expect(visible("a\nb\u001B[2Jc\u202Ed")).toBe("a\\nb\\u{1b}[2Jc\\u{202e}d");
});

test("nothing unprintable is left of any text, and printable text stays", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }),
  );
  expect(visible("npx -y @scope/server --näme '日本'")).toBe("npx -y @scope/server --näme '日本'");
});
