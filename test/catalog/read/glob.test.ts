import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, isGlob } from "../../../src/catalog/read/glob.ts";

function textOf(letters: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...letters), maxLength });
}

describe("compileGlob", () => {
  it.each([
    ["servers/memory/*", "servers/memory/openNodes", true],
    ["servers/memory/*", "servers/memory/a/b", false],
    ["servers/*/search*", "servers/memory/searchNodes", true],
    ["servers/*/search*", "servers/memory/readGraph", false],
    ["**", "servers/memory/openNodes", true],
    ["**/open*", "servers/memory/openNodes", true],
    ["servers/**", "servers", true],
    ["servers/**/b", "servers/b", true],
    ["servers/**/b", "servers/x/y/b", true],
    ["servers/**/b", "servers/x/y/c", false],
    ["a/{b,c}", "a/c", true],
    ["a/{b,c}", "a/d", false],
    ["a/{b{1,2},c}x", "a/b2x", true],
    ["a/{b", "a/{b", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a.c", "abc", false],
    ["", "", true],
    ["*a*b*c", "xxaxxbxxbc", true],
    ["*a*b*c", "xxaxxcxxb", false],
  ])("%s on %s: %s", (glob, path, matches) => {
    expect(compileGlob(glob)(path)).toBe(matches);
  });

  it("agrees with a regular expression on stars and question marks", () => {
    fc.assert(
      fc.property(textOf(["a", "b", "*", "?", "/"], 8), textOf(["a", "b", "/"], 10), (glob, path) => {
        fc.pre(!glob.includes("**"));
        const source = glob.replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
        expect(compileGlob(glob)(path)).toBe(new RegExp(`^${source}$`).test(path));
      }),
    );
  });

  it("stays quick on patterns that make regular expressions hang", () => {
    const started = performance.now();
    expect(compileGlob(`${"*a".repeat(200)}b`)("a".repeat(2_000))).toBe(false);
    expect(compileGlob("{a,b}".repeat(40))("x")).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("isGlob", () => {
  it("tells globs from paths", () => {
    expect(["a/b", "a/*", "a/{b,c}", "a?b"].map(isGlob)).toEqual([false, true, true, true]);
  });
});
