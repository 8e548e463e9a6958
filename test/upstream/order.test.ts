import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CallKind } from "../../src/tool.ts";
import { createReadWriteGate, createSemaphore } from "../../src/upstream/order.ts";

const never = (): AbortSignal => new AbortController().signal;

/** A task that ends when told to. */
function manual() {
  const aborter = new AbortController();
  const done = new Promise<void>((resolve) => {
    aborter.signal.addEventListener("abort", () => resolve());
  });
  return { task: () => done, finish: () => aborter.abort() };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("read-write gate", () => {
  const calls = fc.array(
    fc.record({ kind: fc.constantFrom<CallKind>("read", "write"), ticks: fc.nat(4), fails: fc.boolean() }),
    { maxLength: 30 },
  );

  test("no write overlaps anything, and calls start in the order they arrived", async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const gate = createReadWriteGate();
        const running: CallKind[] = [];
        const started: number[] = [];
        const outcomes = await Promise.allSettled(
          sequence.map(({ kind, ticks, fails }, index) =>
            gate.run(kind, never(), async () => {
              const mayNotRun: CallKind[] = kind === "write" ? ["read", "write"] : ["write"];
              expect(running.filter((other) => mayNotRun.includes(other))).toEqual([]);
              running.push(kind);
              started.push(index);
              for (let tick = 0; tick < ticks; tick += 1) await settle();
              running.splice(running.indexOf(kind), 1);
              if (fails) throw new Error(`call ${index}`);
            }),
          ),
        );
        expect(started).toEqual(sequence.map((_call, index) => index));
        for (const [index, outcome] of outcomes.entries()) {
          const expected = sequence[index]?.fails
            ? { reason: new Error(`call ${index}`) }
            : { status: "fulfilled" };
          expect(outcome).toMatchObject(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("reads run together", async () => {
    const gate = createReadWriteGate();
    const [first, second] = [manual(), manual()];
    const reads = [gate.run("read", never(), first.task), gate.run("read", never(), second.task)];
    second.finish();
    await reads[1];
    first.finish();
    await expect(reads[0]).resolves.toBeUndefined();
  });

  test("a call that leaves the queue lets those behind it go", async () => {
    const gate = createReadWriteGate();
    const [reader, laterReader] = [manual(), manual()];
    const aborter = new AbortController();
    const ran: string[] = [];
    const first = gate.run("read", never(), reader.task);
    const write = gate.run("write", aborter.signal, async () => void ran.push("write"));
    const second = gate.run("read", never(), async () => {
      ran.push("read");
      await laterReader.task();
    });
    await settle();
    expect(ran).toEqual([]);
    aborter.abort(new Error("enough"));
    await expect(write).rejects.toThrow("enough");
    await settle();
    expect(ran).toEqual(["read"]);
    reader.finish();
    laterReader.finish();
    await Promise.all([first, second]);
  });

  test("a signal that has already aborted never enters", async () => {
    const gate = createReadWriteGate();
    const ran: string[] = [];
    const call = gate.run(
      "read",
      AbortSignal.abort(new Error("too late")),
      async () => void ran.push("read"),
    );
    await expect(call).rejects.toThrow("too late");
    expect(ran).toEqual([]);
  });
});

test("a semaphore lets so many run and no more", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.nat(20), async (limit, count) => {
      const gate = createSemaphore(limit);
      let running = 0;
      let most = 0;
      const call = async (): Promise<void> => {
        running += 1;
        most = Math.max(most, running);
        await settle();
        running -= 1;
      };
      await Promise.all(Array.from({ length: count }, () => gate.run("write", never(), call)));
      expect(most).toBe(Math.min(limit, count));
    }),
    { numRuns: 30 },
  );
});
