import fc from "fast-check";
import { expect, test } from "vitest";
import { createReplay } from "../../src/journal/replay.ts";
import type { Action, Recorded, Standing } from "../../src/journal/run-state.ts";

function record(n: number, name: string, standing: Standing, kind: Recorded["kind"] = "write"): Recorded {
  return { n, server: "s", tool: name, args: { a: 1, b: [2] }, kind, key: undefined, at: 0, standing };
}
const done = (value: unknown): Standing => ({ is: "done", value });
/** The same arguments, their keys in another order. */
const ask = (name: string): Action => ({ server: "s", tool: name, args: { b: [2], a: 1 } });

test("in whatever order: each completed action is given once, the k-th of a key to the k-th that asks", () => {
  const names = fc.constantFrom("x", "y", "z");
  fc.assert(
    fc.property(fc.array(names), fc.array(names), fc.boolean(), (before, now, isMended) => {
      const actions = before.map((name, n) => record(n, name, done(n)));
      const replay = createReplay({ actions }, isMended);
      const given = now.map((name) => ({ name, verdict: replay.next(ask(name)) }));
      for (const name of ["x", "y", "z"]) {
        const expected = actions.filter(({ tool }) => tool === name);
        const got = given.filter((one) => one.name === name).map(({ verdict }) => verdict);
        got.forEach((verdict, k) => {
          expect(verdict).toEqual(expected[k] ? { is: "replay", record: expected[k] } : { is: "live" });
        });
        const left = replay.unasked().filter(({ tool }) => tool === name);
        expect(left).toEqual(expected.slice(got.length));
      }
    }),
  );
});

test("mended code gets a recorded read only in the world that was read", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("write", "read"), { maxLength: 12 }),
      fc.array(fc.constantFrom("write", "read"), { maxLength: 12 }),
      (before, now) => {
        let writes = 0;
        const actions = before.map((kind, n) =>
          kind === "write"
            ? record(n, `w${++writes}`, done(n))
            : record(n, "r", done(`after ${writes}`), "read"),
        );
        const replay = createReplay({ actions }, true);
        let asked = 0;
        for (const kind of now) {
          const verdict = replay.next(ask(kind === "write" ? `w${++asked}` : "r"));
          if (kind === "write" && verdict.is === "live") replay.wentLive();
          const isPast = kind === "read" && verdict.is === "replay";
          const value = isPast ? verdict.record.standing : done(`after ${asked}`);
          expect(value).toEqual(done(`after ${asked}`));
        }
      },
    ),
  );
});

test("unchanged code gets its reads whatever was written", () => {
  const actions = [record(0, "r", done(1), "read")];
  const same = createReplay({ actions }, false);
  same.wentLive();
  expect(same.next(ask("r")).is).toBe("replay");
  const mended = createReplay({ actions }, true);
  mended.wentLive();
  expect(mended.next(ask("r")).is).toBe("live");
});

test("what is in doubt comes after what is done; reads and repeatable writes are not in doubt", () => {
  const open: Standing = { is: "open" };
  const actions = [
    record(0, "w", open),
    record(1, "w", done(1)),
    record(2, "r", open, "read"),
    record(3, "p", open, "repeatable"),
  ];
  const replay = createReplay({ actions }, false);
  expect(["w", "w", "w", "r", "p"].map((name) => replay.next(ask(name)).is)).toEqual([
    "replay",
    "doubt",
    "live",
    "live",
    "live",
  ]);
});

test("a failure that was outlived is given again, one that was not is tried again", () => {
  const failure = { name: "ToolError", code: "tool_failed", message: "no" };
  const replay = createReplay(
    {
      actions: [
        record(0, "w", { is: "failed", failure, survived: true }),
        record(1, "v", { is: "failed", failure, survived: false }),
      ],
    },
    false,
  );
  expect([replay.next(ask("w")).is, replay.next(ask("v")).is]).toEqual(["replay", "live"]);
});
