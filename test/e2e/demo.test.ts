// `toolgrove demo`: every step is there, its figures follow from its records, and nothing stays behind.
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toolgrove, type CommandResult } from "./world.ts";

let temporary: string;
let demo: CommandResult;

beforeAll(async () => {
  temporary = await mkdtemp(path.join(os.tmpdir(), "e2e-demo-"));
  demo = await toolgrove(["demo"], { env: { TMPDIR: temporary, TEMP: temporary, TMP: temporary } });
}, 60_000);
afterAll(() => rm(temporary, { recursive: true, force: true }));

describe("the demo", () => {
  test("ends well", () => {
    expect(demo).toMatchObject({ code: 0, stderr: "" });
  });

  test("shows its eight steps in order", () => {
    const steps = [...demo.stdout.matchAll(/^(\d)\. ([a-zA-Z_]+)/gm)].map(
      ([, number, word]) => `${number} ${word}`,
    );
    expect(steps).toEqual([
      "1 A",
      "2 search_tools",
      "3 read_tool",
      "4 execute_code",
      "5 execute_code",
      "6 execute_code",
      "7 execute_code",
      "8 What",
    ]);
  });

  test("counts what its own records say: every third one is inactive", () => {
    const active = Array.from({ length: 50 }, (_, index) => index % 3 !== 0).filter(Boolean).length;
    expect(active).toBe(33);
    expect(demo.stdout).toContain(`${active} of 50 records are active`);
    expect(demo.stdout).toContain("50 records created");
    expect(demo.stdout).toContain("5 records updated");
    expect(demo.stdout).toContain("50 records updated");
  });

  test("says how many calls stayed inside", () => {
    const inside = [...demo.stdout.matchAll(/none of them through the model: (.+)/g)].map(([, calls = ""]) =>
      [...calls.matchAll(/×(\d+)/g)].map(([, count]) => Number(count)),
    );
    expect(inside).toEqual([[1], [5, 5, 5], [50, 50, 50], [1]]);
  });

  test("gives token figures, and says what was not measured", () => {
    const [nine, ours, instructions] = [
      "memory server's 9 definitions, loaded directly: ",
      "Toolgrove's 3 definitions: ",
      "its instructions: ",
    ].map((label) => Number(demo.stdout.split(label)[1]?.match(/^\d+/)?.[0]));
    expect(nine).toBeGreaterThan(500);
    expect(ours).toBeGreaterThan(100);
    expect(Number(ours) + Number(instructions)).toBeLessThanOrEqual(600);
    expect(demo.stdout).toContain("Not measured here: a model.");
  });

  test("leaves nothing in the temporary folder", () => {
    expect(readdirSync(temporary)).toEqual([]);
  });
});
