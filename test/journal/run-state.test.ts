import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLines, printLine, type Line } from "../../src/journal/entry.ts";
import { foldLines, type RunState } from "../../src/journal/run-state.ts";

const BEGIN: Line = {
  is: "begin",
  v: 1,
  id: "20260101-0000-abcdef",
  at: 1,
  code: "first\n\u2028",
  seed: "00",
};

function sent(n: number, more: Partial<Extract<Line, { is: "sent" }>> = {}): Line {
  return { is: "sent", n, at: 2, server: "s", tool: "t", args: { n }, kind: "write", ...more };
}
const failed = (n: number, message: string): Line => ({
  is: "failed",
  n,
  failure: { name: "ToolError", code: "tool_failed", message },
});

function fold(lines: readonly Line[]): RunState {
  const state = foldLines(lines, "file");
  if (!state) throw new Error("nothing was folded");
  return state;
}

/** A journal as a run could have written it: each step sends, answers, refuses, or takes the run up again. */
const journals = fc
  .array(fc.record({ step: fc.constantFrom("send", "done", "fail", "resume", "again"), value: fc.json() }), {
    maxLength: 30,
  })
  .map((steps) => {
    const lines: Line[] = [BEGIN];
    const open: number[] = [];
    let next = 0;
    for (const { step, value } of steps) {
      const last = open.at(-1);
      if (step === "resume") lines.push({ is: "resume", at: 3, code: value });
      else if (step === "send" || last === undefined) {
        open.push(next);
        lines.push(sent(next++, { args: JSON.parse(value) as unknown }));
      } else if (step === "again") {
        open.splice(-1, 1, next);
        lines.push(sent(next++, { again: last }));
      } else {
        open.pop();
        lines.push(
          step === "done"
            ? { is: "done", n: last, value: JSON.parse(value) as unknown }
            : failed(last, value),
        );
      }
    }
    return lines;
  });

test("every prefix of a journal's bytes folds to the state of its whole lines", () => {
  fc.assert(
    fc.property(journals, fc.double({ min: 0, max: 1, noNaN: true }), (lines, share) => {
      const bytes = Buffer.from(lines.map(printLine).join(""));
      const part = bytes.subarray(0, Math.floor(bytes.length * share));
      const whole = part.toString("utf8", 0, part.lastIndexOf(10) + 1);
      const read = parseLines(whole, "file");
      expect(read).toEqual(lines.slice(0, read.length));
      const state = foldLines(read, "file");
      const count = (is: Line["is"]): number => read.filter((line) => line.is === is).length;
      expect(state === undefined).toBe(read.length === 0);
      if (!state) return;
      expect(state.actions).toHaveLength(count("sent"));
      expect(state.completed).toBe(count("done"));
      const unanswered = state.actions.filter(
        ({ standing }) => standing.is === "open" || standing.is === "repeated",
      );
      expect(unanswered).toHaveLength(count("sent") - count("done") - count("failed"));
    }),
  );
});

test("broken lines and lines that cannot follow each other are errors that name file and line", () => {
  const text = printLine(BEGIN) + "{}\n" + printLine(sent(0));
  expect(() => parseLines(text, "/runs/x.jsonl")).toThrow(/\/runs\/x\.jsonl is broken at line 2/);
  const wrong: Line[][] = [
    [sent(0)],
    [BEGIN, BEGIN],
    [BEGIN, { is: "done", n: 0 }],
    [BEGIN, sent(0), sent(0)],
    [BEGIN, sent(0), { is: "done", n: 0 }, { is: "done", n: 0 }],
    [BEGIN, sent(1, { again: 0 })],
    [BEGIN, { is: "skipped", n: 0 }],
  ];
  for (const lines of wrong) expect(() => foldLines(lines, "f")).toThrow(/is broken at line/);
});

test("a failure is outlived when more was sent after it, unless the program ended with it", () => {
  const lines = [BEGIN, sent(0), failed(0, "no"), sent(1), failed(1, "never")];
  const survived = (state: RunState): unknown[] =>
    state.actions.map(({ standing }) => standing.is === "failed" && standing.survived);
  expect(survived(fold(lines))).toEqual([true, false]);
  expect(survived(fold([...lines, { is: "end", at: 1, how: "error", message: "no" }]))).toEqual([
    false,
    false,
  ]);
});

test("code is that of the last attempt, and clocks go on", () => {
  const clock = { date: [1, 2], performance: [] };
  const state = fold([
    BEGIN,
    sent(0, { clock }),
    { is: "end", at: 1, how: "limit" },
    { is: "resume", at: 2, code: "second" },
    sent(1, { clock }),
  ]);
  expect(state).toMatchObject({
    code: "second",
    end: undefined,
    clock: { date: [1, 2, 1, 2], performance: [] },
  });
});
