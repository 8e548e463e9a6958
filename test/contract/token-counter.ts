// The suite every token counter must pass: the contract of src/measure/token-counter.ts in examples.
import { describe, expect, it } from "vitest";
import type { TokenCounter } from "../../src/measure/token-counter.ts";

const texts = ["Moves a crate.", '{"name":"größe"}', "日本語のテキスト", "a".repeat(5_000), "<|endoftext|>"];
const tools = ["moveCrate", "weigh.ship", "weigh_ship"].map((name) => ({
  name,
  description: "Moves a crate to another ship",
  inputSchema: { type: "object", properties: { crate: { type: "string", description: "Its number" } } },
}));

/** Runs every case against counters made by `open`. */
export function describeTokenCounter(name: string, open: () => Promise<TokenCounter>): void {
  describe(`token counter: ${name}`, () => {
    it("says what it is", async () => {
      const { label, isEstimate } = await open();
      expect(label.length).toBeGreaterThan(3);
      expect(typeof isEstimate).toBe("boolean");
    });

    it("counts nothing as 0", async () => {
      const counter = await open();
      expect(await counter.countTexts([])).toBe(0);
      expect(await counter.countTexts([""])).toBe(0);
      expect(await counter.countTools([])).toBe(0);
    });

    it.each(texts.map((text) => [text.slice(0, 20), text]))(
      "counts %s as text, the same each time",
      async (_, text) => {
        const counter = await open();
        const count = await counter.countTexts([text]);
        expect(count).toBeGreaterThan(1);
        expect(await counter.countTexts([text])).toBe(count);
      },
    );

    it("counts a list as its parts, give or take a token each", async () => {
      const counter = await open();
      const parts = await Promise.all(texts.map((text) => counter.countTexts([text])));
      const sum = parts.reduce((total, part) => total + part, 0);
      expect(Math.abs((await counter.countTexts(texts)) - sum)).toBeLessThanOrEqual(texts.length);
    });

    it("counts definitions, also with names that an API would not take and booleans for schemas", async () => {
      const counter = await open();
      const one = await counter.countTools(tools.slice(0, 1));
      const all = await counter.countTools(tools);
      expect(one).toBeGreaterThan(10);
      expect(all).toBeGreaterThan(2 * one);
      expect(all).toBeLessThan(4 * one);
      expect(await counter.countTools([{ name: "any", inputSchema: true }])).toBeGreaterThan(0);
    });
  });
}
