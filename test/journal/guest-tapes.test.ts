// The agent's clocks and randomness, each in a process of its own whose globals they replace.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { createTape } from "../../src/sandbox/engines/deno/guest/tape.ts";

const run = promisify(execFile);
const guest = new URL("../../src/sandbox/engines/deno/guest/", import.meta.url);

/** What `program` logs, as JSON, after the globals were replaced by `file`'s `name` and put on `argument`, which gave `result`. */
async function within(file: string, name: string, argument: unknown, program: string): Promise<unknown> {
  const contents = `
    import { ${name} } from "./${file}";
    const result = ${name}()(${JSON.stringify(argument)});
    ${program}`;
  const stdin = { contents, resolveDir: fileURLToPath(guest) };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "esm", target: "esnext" });
  const source = outputFiles[0]?.text ?? "";
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", source]);
  return JSON.parse(stdout);
}

const clocked = (recorded: object, program: string): Promise<unknown> =>
  within("clock.ts", "replaceClocks", { date: [], performance: [], ...recorded }, program);

test("a loop that waits for the clock ends, also when it begins on tape", async () => {
  const loop = `
    const begun = Date.now();
    const end = begun + 50;
    while (Date.now() < end);
    const took = performance.now();
    while (performance.now() < took + 50);
    console.log(JSON.stringify([begun, Date.now() >= end]));`;
  expect(await clocked({}, loop)).toEqual([expect.any(Number), true]);
  expect(await clocked({ date: [1_000, 3], performance: [7, 2] }, loop)).toEqual([1_000, true]);
});

test("what was read is read again, in whichever way it is asked for", async () => {
  const read = `[Date.now(), new Date().getTime(), +new Date(), Date.parse(Date()), performance.now(), performance.now()]`;
  const recorded = { date: [5_000, 2, 6_000, 2], performance: [1.5, 1, 2.5, 1] };
  const program = `const seen = ${read}; console.log(JSON.stringify([seen, result() ?? null]));`;
  expect(await clocked(recorded, program)).toEqual([[5_000, 5_000, 6_000, 6_000, 1.5, 2.5], null]);
});

test("readings are noted up to a bound, and the clock goes on behind it", () => {
  let real = 0;
  const tape = createTape([], () => ++real, false);
  const readings = Array.from({ length: 50_000 }, () => tape.read());
  expect(readings.at(-1)).toBe(50_000);
  const taken = tape.take();
  expect(taken.length / 2).toBeGreaterThan(9_000);
  expect(taken.length / 2).toBeLessThanOrEqual(10_000);
  tape.read();
  expect(tape.take()).toEqual([]);
});

test("equal readings take one place; a stopwatch never runs back behind its tape", () => {
  const still = createTape([], () => 4, false);
  for (let nth = 0; nth < 1_000; nth++) still.read();
  expect(still.take()).toEqual([4, 1_000]);
  let real = 0;
  const stopwatch = createTape([90, 1], () => ++real, true);
  expect([stopwatch.read(), stopwatch.read(), stopwatch.read()]).toEqual([90, 90, 91]);
});

test("the same seed gives the same UUIDs, numbers and bytes; another gives others", async () => {
  const program = `
    const bytes = crypto.getRandomValues(new Uint8Array(5_000));
    console.log(JSON.stringify([crypto.randomUUID(), crypto.randomUUID(), Math.random(), [...bytes.slice(-8)]]));`;
  const seeded = (seed: string): Promise<unknown> =>
    within("randomness.ts", "replaceRandomness", seed, program);
  const first = await seeded("ab".repeat(32));
  expect(await seeded("ab".repeat(32))).toEqual(first);
  expect(await seeded("ac".repeat(32))).not.toEqual(first);
  const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first).toEqual([uuid, uuid, expect.any(Number), expect.any(Array)]);
});
