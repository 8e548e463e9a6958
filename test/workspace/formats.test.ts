// What the agent's `workspace` reads and writes: CSV, JSON Lines, pieces. The guest's own modules against the real host.
import fc from "fast-check";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace as createGuest } from "../../src/sandbox/engines/deno/guest/workspace.ts";
import { createWorkspace } from "../../src/workspace/workspace.ts";
import { temporaryFolder } from "../sandbox/world.ts";
import { ROOMY } from "./quota.ts";

const root = temporaryFolder("formats");
const host = createWorkspace(root, ROOMY);
let requests = 0;
const workspace = createGuest((body) => {
  requests += 1;
  const { method, args } = JSON.parse(JSON.stringify(body)) as { method: string; args: unknown[] };
  return host.perform(method, args);
});
beforeEach(() => {
  requests = 0;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const put = (name: string, text: string | Buffer): void => writeFileSync(path.join(root, name), text);
const get = (name: string): string => readFileSync(path.join(root, name), "utf8");

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = [];
  for await (const value of values) found.push(value);
  return found;
}

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => expect.unreachable("it did not fail"),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe("CSV", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.constantFrom(
      "",
      " ",
      '"',
      '""',
      ",",
      ";",
      "\n",
      "\r\n",
      "\r",
      "\t",
      "a,b",
      '"q"',
      "007",
      "=1+1",
      "null",
    ),
  );
  const table = fc
    .uniqueArray(
      fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom("__proto__", "a b", "constructor")),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .chain((columns) =>
      fc
        .array(fc.tuple(...columns.map(() => cell)), { minLength: 1, maxLength: 8 })
        .map((rows) => ({ columns, rows })),
    );

  it("what is written is read back", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(",", ";", "\t"), async ({ columns, rows }, delimiter) => {
        const records = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
        await workspace.writeCsv("same.csv", records, { delimiter });
        expect(await workspace.readCsv("same.csv", { delimiter })).toEqual(records);
        expect(await all(workspace.rows("same.csv", { delimiter }))).toEqual(records);
      }),
      { numRuns: 300 },
    );
  });

  it("appended rows stand after the others", async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ columns, rows }) => {
        await workspace.remove("grown.csv").catch(() => undefined);
        const records = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
        for (const record of records) await workspace.appendCsv("grown.csv", [record], { delimiter: "," });
        expect(await workspace.readCsv("grown.csv", { delimiter: "," })).toEqual(records);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["a,b\n1,2\n", [{ a: "1", b: "2" }]],
    ["a,b\n1,2", [{ a: "1", b: "2" }]],
    ["\uFEFFa;b\r\n1;2\r\n", [{ a: "1", b: "2" }]],
    ["a\tb\r1\t2\r", [{ a: "1", b: "2" }]],
    ['a|b\n"x\ny"|"say ""so"""\n', [{ a: "x\ny", b: 'say "so"' }]],
    ["a,b\n\n1,2\n\n", [{ a: "1", b: "2" }]],
    ["a,a,,a\n1,2,3,4\n", [{ a: "1", a_2: "2", column_3: "3", a_3: "4" }]],
    ["a,a,a_2\n1,2,3\n", [{ a: "1", a_3: "2", a_2: "3" }]],
    ["a\n1\n\n", [{ a: "1" }, { a: "" }]],
    ['"a,b";c\n1;2\n', [{ "a,b": "1", c: "2" }]],
    ["a,b\n", []],
    ["", []],
    ["id,zip\n007,01234\n", [{ id: "007", zip: "01234" }]],
  ])("%j", async (text, records) => {
    put("in.csv", text);
    expect(await workspace.readCsv("in.csv")).toEqual(records);
  });

  it("numbers are made only where the text is one", async () => {
    put("typed.csv", "a,b,c,d,e,f,g\n1,-2.5,007,true,,9007199254740993,1e3\n");
    expect(await workspace.readCsv("typed.csv", { typed: true })).toEqual([
      { a: 1, b: -2.5, c: "007", d: true, e: null, f: "9007199254740993", g: 1000 },
    ]);
  });

  it("columns of a file without a header", async () => {
    put("bare.csv", "1,2\n3,4\n");
    expect(await workspace.readCsv("bare.csv", { columns: ["x", "y"] })).toEqual([
      { x: "1", y: "2" },
      { x: "3", y: "4" },
    ]);
  });

  it("faults name the file, and in JSON Lines the line", async () => {
    put("bad.json", '{"a":');
    expect(await failure(workspace.readJson("bad.json"))).toMatch(/^bad\.json: /);
    put("ragged.csv", 'a,b\n"x\ny",2\n3\n');
    expect(await failure(workspace.readCsv("ragged.csv"))).toBe(
      "ragged.csv, line 4: the row has 1 cell, the header 2 (a, b). Pass { ragged: true } to fill and cut such rows, or { delimiter } when it is another one.",
    );
    expect(await workspace.readCsv("ragged.csv", { ragged: true })).toEqual([
      { a: "x\ny", b: "2" },
      { a: "3", b: "" },
    ]);
    put("plain.csv", "a,b\n1,2\n1,2\n1,2,3\n");
    expect(await failure(workspace.readCsv("plain.csv"))).toContain("plain.csv, line 4: the row has 3 cells");
    put("open.csv", 'a,b\n1,2\n"open,3\n4,5\n');
    expect(await failure(workspace.readCsv("open.csv"))).toContain(
      "open.csv, line 3: Quoted field unterminated",
    );
    expect(await failure(all(workspace.rows("data.bin")))).toContain(
      "rows reads .csv, .tsv, .jsonl and .ndjson files",
    );
  });

  it("a fault far into a large file has the right line too", async () => {
    const good = Array.from({ length: 40_000 }, (_, n) => `${n},some text to fill the line`);
    put("far.csv", ["n,text", ...good, "1,2,3", ...good].join("\n"));
    expect(await failure(workspace.readCsv("far.csv"))).toContain("far.csv, line 40002: the row has 3 cells");
  });

  it("values that are no text", async () => {
    const date = new Date(0);
    await workspace.writeCsv("values.csv", [
      { n: 1.5, o: { a: [1] }, x: null, u: undefined, d: date, t: true },
      { extra: 1 },
    ]);
    expect(get("values.csv")).toBe(
      'n,o,x,u,d,t,extra\n1.5,"{""a"":[1]}",,,1970-01-01T00:00:00.000Z,true,\n,,,,,,1\n',
    );
    await workspace.writeCsv(
      "arrays.csv",
      [
        [1, "a"],
        [2, "b"],
      ],
      { columns: ["n", "s"] },
    );
    expect(get("arrays.csv")).toBe("n,s\n1,a\n2,b\n");
    expect(await failure(workspace.writeCsv("empty.csv", [{}]))).toContain("without any column");
  });

  it("a stream's columns are those of its first row", async () => {
    const rows = async function* (): AsyncGenerator<Record<string, number>> {
      yield { a: 1 };
      yield { a: 2, b: 3 };
    };
    expect(await failure(workspace.writeCsv("stream.csv", rows()))).toContain('A row has "b"');
    expect(await workspace.exists("stream.csv")).toBe(false);
  });

  it("appending keeps the file's own delimiter, order, line ends", async () => {
    put("own.csv", "b;a\r\n1;2");
    await workspace.appendCsv("own.csv", [{ a: 4, b: 3 }]);
    expect(await workspace.readCsv("own.csv")).toEqual([
      { b: "1", a: "2" },
      { b: "3", a: "4" },
    ]);
  });

  it("two that append to a new file at once write one header", async () => {
    for (let round = 0; round < 20; round++) {
      const name = `both-${round}.csv`;
      await Promise.all([0, 1, 2, 3].map((n) => workspace.appendCsv(name, [{ n }])));
      const numbers = (await workspace.readCsv(name)).map((row: { n: string }) => row.n);
      expect(numbers.toSorted()).toEqual(["0", "1", "2", "3"]);
    }
  });
});

describe("JSON and text", () => {
  it("JSON Lines come back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 10 }), async (values) => {
        const plain: unknown[] = JSON.parse(JSON.stringify(values));
        await workspace.writeJsonl("v.jsonl", plain.slice(0, 3));
        await workspace.appendJsonl("v.jsonl", plain.slice(3));
        expect(await workspace.readJsonl("v.jsonl")).toEqual(plain);
        expect(await all(workspace.rows("v.jsonl"))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });

  it("faults name the file, and in JSON Lines the line", async () => {
    put("bad.json", '{"a":');
    expect(await failure(workspace.readJson("bad.json"))).toMatch(/^bad\.json: /);
    put("bad.jsonl", '{"a":1}\n\n{oops}\n');
    expect(await failure(workspace.readJsonl("bad.jsonl"))).toMatch(/^bad\.jsonl, line 3: /);
  });

  it("lines, whatever ends them", async () => {
    put("lines.txt", "\uFEFFone\r\ntwo\n\nfour");
    expect(await all(workspace.lines("lines.txt"))).toEqual(["one", "two", "", "four"]);
  });

  it("JSON with a byte order mark, and none for undefined", async () => {
    put("bom.json", '\uFEFF{"a":1}');
    expect(await workspace.readJson("bom.json")).toEqual({ a: 1 });
    expect(await failure(workspace.writeJson("no.json", undefined))).toContain("cannot hold undefined");
  });
});

describe("pieces", () => {
  it("text read in pieces is the text, wherever they are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        fc.string({ unit: "binary", maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        async (noise, text, length) => {
          const bytes = Buffer.concat([Buffer.from(text), noise, Buffer.from(text)]);
          put("cut.txt", bytes);
          let whole = "";
          for (let start = 0; ;) {
            const request = { start, length, encoding: "utf8" };
            const piece = (await host.perform("readPiece", ["cut.txt", request])) as {
              data: string;
              next: number;
              bytes: number;
            };
            whole += piece.data;
            start = piece.next;
            if (start >= piece.bytes) break;
          }
          expect(whole).toBe(bytes.toString("utf8"));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("large text and bytes travel in pieces, and back", async () => {
    const text = "né\u{1F600}\n".repeat(200_000);
    await workspace.writeText("large.txt", text);
    expect(requests).toBeGreaterThan(4);
    expect(await workspace.readText("large.txt")).toBe(text);
    const bytes = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 31) % 256);
    await workspace.writeBytes("large.bin", bytes);
    expect(Buffer.from(await workspace.readBytes("large.bin")).equals(bytes)).toBe(true);
    expect([...(await workspace.readBytes("large.bin", { start: 300_000, end: 300_003 }))]).toEqual([
      ...bytes.subarray(300_000, 300_003),
    ]);
    expect(await workspace.readBytes("large.bin", { start: 5, end: 5 })).toHaveLength(0);
  });

  it("writers take iterables of any kind", async () => {
    await workspace.writeText("parts.txt", new Set(["a", "b"]));
    expect(get("parts.txt")).toBe("ab");
    await workspace.writeBytes("parts.bin", [Uint8Array.of(1), Uint8Array.of(2, 3)]);
    expect([...readFileSync(path.join(root, "parts.bin"))]).toEqual([1, 2, 3]);
    const wrong = [1] as unknown as string[];
    expect(await failure(workspace.writeText("parts.txt", wrong))).toContain(
      "takes text or pieces of text, not number",
    );
    expect(get("parts.txt")).toBe("ab");
  });

  it("a file can be rewritten from itself", async () => {
    await workspace.writeCsv(
      "self.csv",
      Array.from({ length: 50_000 }, (_, n) => ({ n, text: "some text" })),
    );
    const odd = async function* (): AsyncGenerator<Record<string, string>> {
      for await (const row of workspace.rows<Record<string, string>>("self.csv"))
        if (Number(row["n"]) % 2) yield row;
    };
    await workspace.writeCsv("self.csv", odd());
    expect(await workspace.readCsv("self.csv")).toHaveLength(25_000);
  });

  it("a program's own error while it writes leaves the old file and no draft", async () => {
    put("old.txt", "old");
    const failing = async function* (): AsyncGenerator<string> {
      yield "x".repeat(600_000);
      throw new Error("mine");
    };
    expect(await failure(workspace.writeText("old.txt", failing()))).toBe("mine");
    expect(get("old.txt")).toBe("old");
    expect(await host.perform("list", [".drafts*/**"])).toEqual([]);
  });

  it("a file that changes while it is read is no mixture", async () => {
    put("moving.txt", "a".repeat(1_000_000));
    const pieces: string[] = [];
    const copy = async function* (): AsyncGenerator<string> {
      const source = (await host.perform("readPiece", [
        "moving.txt",
        { start: 0, length: 1_000, encoding: "utf8" },
      ])) as { version: string; data: string };
      yield source.data;
      put("moving.txt", "b".repeat(1_000_000));
      await host.perform("readPiece", [
        "moving.txt",
        { start: 1_000, length: 1_000, encoding: "utf8", version: source.version },
      ]);
    };
    expect(
      await failure(
        (async () => {
          for await (const piece of copy()) pieces.push(piece);
        })(),
      ),
    ).toBe('"moving.txt" was changed while it was read. Read it again from the start.');
    expect(pieces).toEqual(["a".repeat(1_000)]);
  });
});

describe("copy, move, exists", () => {
  it("do what they say", async () => {
    await workspace.writeText("m/one.txt", "one");
    await workspace.copy("m/one.txt", "m/deep/two.txt");
    await workspace.move("m/deep", "n");
    expect(await workspace.list("{m,n}/**")).toEqual(["m/one.txt", "n/two.txt"]);
    await workspace.move("n/two.txt", "m/one.txt");
    expect(await workspace.exists("n/two.txt")).toBe(false);
    expect(await workspace.exists("m")).toBe(true);
    expect(await failure(workspace.copy("m", "z"))).toContain('"m" is a folder');
    expect(await failure(workspace.move("m/none", "z"))).toContain('there is no "m/none"');
    expect(await failure(workspace.move("m", "m/inside"))).toContain("workspace.move");
    expect(await failure(workspace.move("", "z"))).toContain("The workspace itself");
  });
});
