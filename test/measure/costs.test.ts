// The sums of the report: where each way is cheaper, and that a conversation is added up as it is sent.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakEven, standing, taskCost, type ToolWeights } from "../../src/measure/costs.ts";
import { rereading } from "../../src/measure/rereading.ts";

const own = { definitions: 320, instructions: 160, search: 330, read: 110 };
const few: ToolWeights = { tools: 3, definitions: 300, instructions: 0, names: 30 };
const many: ToolWeights = { tools: 500, definitions: 100_000, instructions: 500, names: 5_500 };

describe("a task", () => {
  it("of one call to one of three tools is cheapest directly or deferred, never by us", () => {
    const { tokens, input, cheapest } = taskCost(few, own, 1);
    expect(cheapest).not.toBe("toolgrove");
    expect(tokens.direct).toBe(300 + 70);
    expect(input.direct).toBe(300 + 370);
    expect(tokens.toolgrove).toBe(480 + 15 + 330 + 20 + 220 + 140);
  });

  it("of many tools is cheapest by us, and costs the same for any number of calls", () => {
    const costs = [1, 50].map((calls) => taskCost(many, own, calls));
    expect(costs.map(({ cheapest }) => cheapest)).toEqual(["toolgrove", "toolgrove"]);
    expect(costs[0]?.tokens.toolgrove).toBe(costs[1]?.tokens.toolgrove);
    expect(costs[1]?.roundTrips).toEqual({ direct: 50, deferred: 51, toolgrove: 3 });
  });
});

describe("the break-even", () => {
  const weights = fc.record({
    tools: fc.integer({ min: 1, max: 50 }),
    definitions: fc.integer({ min: 1, max: 3_000 }),
    instructions: fc.integer({ min: 0, max: 500 }),
    names: fc.integer({ min: 1, max: 600 }),
  });

  it("is the last number of calls with which the other way costs less", () => {
    fc.assert(
      fc.property(weights, (each) => {
        const { directUpToCalls, deferredUpToCalls } = breakEven(each, own);
        for (const [way, calls] of [
          ["direct", directUpToCalls ?? 0],
          ["deferred", deferredUpToCalls ?? 0],
        ] as const) {
          const at = taskCost(each, own, calls).input;
          const after = taskCost(each, own, calls + 1).input;
          expect(calls === 0 || at[way] < at.toolgrove).toBe(true);
          expect(after[way]).toBeGreaterThanOrEqual(after.toolgrove);
        }
      }),
    );
  });

  it("is said to be none where we cost less from the first call on", () => {
    expect(breakEven(many, own)).toMatchObject({ directUpToCalls: null, deferredUpToCalls: null });
    expect(breakEven(many, own).directUpToTools).toBeGreaterThan(0);
  });
});

it("what stands before any work is definitions, or names, with the instructions", () => {
  expect(standing(many, own)).toEqual({ direct: 100_500, deferred: 6_000, toolgrove: 480 });
});

describe("input over a conversation", () => {
  it("sends everything again with each request", () => {
    expect(rereading(100, [10, 20])).toMatchObject({ requests: 3, uncached: 100 + 110 + 130 });
  });

  it("with a cache pays a tenth for what was there, and a quarter more for what is new", () => {
    expect(rereading(100, [10]).cached).toBe(Math.round(125 + 10 + 12.5));
    expect(rereading(100, [10, 20], { read: 0, write: 1 }).cached).toBe(130);
    expect(rereading(100, [10, 20], { read: 1, write: 1 }).cached).toBe(340);
  });
});
