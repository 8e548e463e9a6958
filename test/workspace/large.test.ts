// A table larger than a program's memory is filtered and added up by agent code. How fast is a bench's matter.
import { appendFileSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorld, measureHold } from "../sandbox/world.ts";

const MEMORY_MB = 128;
const FILE_BYTES = 200 * 1_048_576;
const world = createWorld({ limits: { memoryMb: MEMORY_MB } });
let rows = 0;

beforeAll(() => {
  const file = path.join(world.home, "workspace/large.csv");
  mkdirSync(path.dirname(file));
  appendFileSync(file, "id,name,region,amount,status,note\n");
  for (let bytes = 0; bytes < FILE_BYTES;) {
    let text = "";
    for (const end = rows + 20_000; rows < end; rows++) {
      const note = rows % 5 ? "a plain note, quoted" : 'a note of ""two""\nlines';
      text += `${rows},Customer number ${rows} of the house,${"nesw"[rows % 4]},${rows % 1000},${rows % 3 ? "active" : "inactive"},"${note}"\n`;
    }
    bytes += text.length;
    appendFileSync(file, text);
  }
});
afterAll(world.close);

it("200 MB within 128 MB, and the server stays responsive", { timeout: 60_000 }, async () => {
  const { value, holdMs } = await measureHold(() =>
    world.execute(
      `let count = 0, sum = 0;
       const kept = [];
       for await (const row of workspace.rows("large.csv")) {
         if (row.status !== "active" || row.region !== "n") continue;
         count += 1;
         sum += Number(row.amount);
         if (count % 1000 === 0) kept.push(row);
       }
       return { count, sum, kept: kept.length, last: kept.at(-1).note }`,
      { timeoutMs: 55_000 },
    ),
  );
  const expected = Array.from({ length: rows }, (_, id) => id).filter((id) => id % 3 && id % 4 === 0);
  expect(statSync(path.join(world.home, "workspace/large.csv")).size).toBeGreaterThan(FILE_BYTES);
  expect(value).toMatchObject({ isError: false });
  expect(JSON.parse(value.text)).toMatchObject({
    count: expected.length,
    sum: expected.reduce((sum, id) => sum + (id % 1000), 0),
    kept: Math.floor(expected.length / 1000),
  });
  expect(holdMs).toBeLessThan(250);
});

it("what does not fit stops at the limit with a word on what to do", { timeout: 60_000 }, async () => {
  const { text, isError } = await world.execute(`return (await workspace.readCsv("large.csv")).length`, {
    timeoutMs: 55_000,
  });
  expect(isError).toBe(true);
  expect(text).toContain("Stopped at the memory limit");
  expect(text).toContain("workspace.rows");
});
