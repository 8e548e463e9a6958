// What may become a skill: programs that are refused or warned about, each for its reason, and programs that pass unremarked.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FindingRule } from "../../src/skills/finding.ts";
import { parseSaveAs } from "../../src/skills/names.ts";
import { analyseProgram } from "../../src/skills/program/analyse.ts";

/** What analysing a program gave: refusals, or advice about its skill. */
function judge(code: string): { readonly refused: FindingRule[]; readonly advised: string[] } {
  const analysis = analyseProgram({
    code,
    main: "keep",
    file: "skills/group/keep/keep.ts",
    modules: {},
    servers: ["memory"],
  });
  if ("refusals" in analysis) return { refused: analysis.refusals.map(({ rule }) => rule), advised: [] };
  const advised = analysis.draft.advice.map(({ rule, message }) => `${rule}: ${message}`);
  return { refused: [], advised };
}

interface Parts {
  readonly params?: string;
  readonly call?: string;
  readonly before?: string;
}

const keep = (body: string, { params = "", call = "await keep();", before = "" }: Parts = {}): string =>
  `${before}\n/** Does something that is worth doing again. */\nexport async function keep(${params}): Promise<unknown> {\n  ${body}\n}\n${call}`;
/** Keys that are none, put together so that nobody takes this file for a leak. */
const fake = (prefix: string, length: number): string => prefix + "a1B2c3D4".repeat(9).slice(0, length);

const REFUSED: readonly [why: string, rule: FindingRule, code: string][] = [
  ["no export", "no-export", "return await memory.readGraph();"],
  ["an export that is no function", "no-export", "export const answer = 42; return answer;"],
  ["another name", "name", keep("return 1;").replaceAll("keep", "lose")],
  ["no description", "no-description", "export function keep() { return 1; }\nkeep();"],
  ["a description that says nothing", "no-description", "/** Keeps. */\nexport function keep() {}\nkeep();"],
  ["nothing calls it", "not-called", keep("return 1;", { call: "await memory.readGraph();" })],
  ["a GitHub token", "secret", keep(`return "${fake("ghp_", 36)}";`)],
  ["a GitLab token", "secret", keep(`return "${fake("glpat-", 20)}";`)],
  ["an API key", "secret", keep(`return "${fake("sk-", 40)}";`)],
  ["a Slack token", "secret", keep(`return "${fake("xoxb-", 30)}";`)],
  ["an AWS key", "secret", keep(`return "${["AKIA", "ABCDEFGH23456723"].join("")}";`)],
  ["a private key", "secret", keep(`return "${["-----BEGIN", "PRIVATE", "KEY-----"].join(" ")}";`)],
  ["a bearer header", "secret", keep(`return { authorization: "Bearer ${fake("", 24)}" };`)],
  ["a password under its name", "secret", keep('const password = "hunter2!x"; return password.length;')],
  [
    "a secret in the run",
    "secret",
    keep("return key;", { params: "key: string", call: `await keep("${fake("ghp_", 36)}");` }),
  ],
  ["a secret in a comment", "secret", keep(`// ${fake("ghp_", 36)}\n  return 1;`)],
  ["a password in an address", "secret", keep('return "postgres://joe:hunter22@db.example.com/x";')],
  ["an e-mail address", "personal-data", keep('return "joe.bloggs@gmail.com";')],
  [
    "one in the run",
    "personal-data",
    keep("return to;", { params: "to: string", call: 'await keep("joe.bloggs@gmail.com");' }),
  ],
  ["a phone number", "personal-data", keep('return "+44 20 7946 0018";')],
  ["a bank account", "personal-data", keep('return "DE89370400440532013000";')],
  ["a card", "personal-data", keep('return "4539 1488 0343 6467";')],
  ["a social security number", "personal-data", keep('return "536-90-4399";')],
  ["a home folder", "absolute-path", keep('return "/home/joe/notes.txt";')],
  ["a temporary folder", "absolute-path", keep('return "/tmp/out.json";')],
  ["a user's folder", "absolute-path", keep('return "~/Documents/a.txt";')],
  ["a drive", "absolute-path", keep(String.raw`return "C:\\Users\\joe\\a.txt";`)],
  ["a file address", "absolute-path", keep('return "file:///data/a.txt";')],
  ["a share", "absolute-path", keep(String.raw`return "\\\\server\\share\\a.txt";`)],
  [
    "a value only that run had",
    "run-state",
    keep("return seen;", { before: "const seen = await memory.readGraph();" }),
  ],
  ["a variable that changes", "run-state", keep("return count++;", { before: "let count = 0;" })],
  ["a re-export", "re-export", `export { x } from "./skills/other";\n${keep("return 1;")}`],
  ["too much code", "too-large", keep(`return "${"x ".repeat(40_000)}";`)],
];

const ADVISED: readonly [why: string, expected: string, code: string][] = [
  ["a UUID", "identifier: ", keep('return { taskId: "7d9f1c1e-2f6b-4a53-9a0e-3a9f1a2b3c4d" };')],
  ["a ticket", "parameter issueKey: string", keep('return { issueKey: "OPS-1234" };')],
  ["a number as an id", "parameter projectId: number", keep("return { projectId: 4711 };")],
  ["a date", "date: ", keep('return { since: "2026-11-25" };')],
  ["a time", "parameter since: string", keep('return { since: "2026-11-25T10:00:00Z" };')],
  ["a date in numbers", "parameter date: string", keep("return new Date(2026, 10, 25).getTime();")],
  ["a count", "parameter pageSize: number", keep("return { pageSize: 37 };")],
  ["a part of a list", "count: ", keep("return [1, 2].slice(0, 37);")],
  [
    "a record of the run",
    "record: ",
    keep('return who === "Ada Lovelace";', { params: "who: string", call: 'await keep("Ada Lovelace");' }),
  ],
];

const PASSING: readonly [what: string, code: string][] = [
  ["a plain call", keep("return memory.readGraph();")],
  ["parameters", keep("return a + b;", { params: "a: number, b: number", call: "await keep(1, 2);" })],
  ["a default", keep("return folder;", { params: 'folder = "backups"' })],
  ["a default that is a date", keep("return since;", { params: 'since = "2026-01-01"' })],
  ["a path of the workspace", keep('return workspace.readText("reports/today.json");')],
  ["a path with dots in a name", keep('return "reports/v1.2/today.json";')],
  ["a route of a web address", keep('return "https://api.example.com/home/users";')],
  ["an address without a password", keep('return "https://example.com/a?b=c";')],
  ["an address of nobody", keep('return "someone@example.com";')],
  ["a version", keep('return "1.2.3";')],
  ["usual numbers", keep("return [10, 60, 1000, 1024];")],
  ["a page of a usual size", keep("return { pageSize: 100 };")],
  ["a constant with a name", keep("return { limit: MAX_RECORDS };", { before: "const MAX_RECORDS = 37;" })],
  ["a word", keep('return "status: processed";')],
  ["a template", keep("return `${who} was here`;", { params: "who: string", call: 'await keep("you");' })],
  [
    "a regular expression",
    keep(String.raw`return /\d{4}-\d{2}-\d{2}/.test(text);`, {
      params: "text: string",
      call: 'await keep("x");',
    }),
  ],
  [
    "a type",
    keep("return kind;", {
      params: 'kind: "a" | "b"',
      call: 'await keep("a");',
      before: "type Kind = string;",
    }),
  ],
  [
    "an interface",
    keep("return row;", {
      params: "row: Row",
      call: "await keep({ id: 1 });",
      before: "interface Row { id: number }",
    }),
  ],
  ["another function", keep("return double(2);", { before: "function double(n: number) { return n * 2; }" })],
  ["a table", keep("return NAMES.size;", { before: 'const NAMES = new Set(["open", "closed"]);' })],
  ["a frozen object", keep("return STATES;", { before: 'const STATES = { open: "o" } as const;' })],
  ["time as it is", keep("return new Date().toISOString().slice(0, 10);")],
  ["chance", keep("return Math.random();")],
  ["a loop", keep("for (const one of [1, 2]) console.log(one);\n  return 2;")],
  ["an error", keep('throw new Error("There is nothing to do.");', { call: "await keep().catch(() => 0);" })],
  ["a name that points at a secret", keep('const tokenPath = "keys/token.txt"; return tokenPath;')],
  ["a page token", keep("return { pageToken: token };", { params: "token?: string" })],
  [
    "an arrow function",
    `/** Does something worth doing again. */\nexport const keep = async () => 1;\nawait keep();`,
  ],
  [
    "an export at the end",
    `/** Does something worth doing again. */\nfunction keep() { return 1; }\nexport { keep };\nkeep();`,
  ],
  ["a lone function", "/** Does something worth doing again. */\nexport function keep() { return 1; }"],
  [
    "several functions",
    `${keep("return more();")}\n/** More of it, for others. */\nexport function more() { return 1; }`,
  ],
  [
    "a parameter named like a variable of the run",
    keep("return seen;", {
      params: "seen: number",
      call: "const seen = (await memory.readGraph()).entities.length;\nawait keep(seen);",
    }),
  ],
  ["other languages", keep('return "Aufgabe erledigt – 完了";')],
];

describe("a program is refused for", () => {
  test.each(REFUSED)("%s", (_why, rule, code) => {
    expect(judge(code).refused).toContain(rule);
  });
});

describe("a skill is warned about", () => {
  test.each(ADVISED)("%s", (_why, expected, code) => {
    const { refused, advised } = judge(code);
    expect(refused).toEqual([]);
    expect(advised.join("\n")).toContain(expected);
  });
});

describe("a program passes with", () => {
  test.each(PASSING)("%s", (_what, code) => {
    expect(judge(code)).toEqual({ refused: [], advised: [] });
  });
});

describe("save_as", () => {
  test.each(["memory/backupAllEntities", "skills/memory/tag_where.ts", "./skills/a/b-c"])(
    "takes %s",
    (text) => {
      expect(parseSaveAs(text)).toHaveProperty("name");
    },
  );

  test("never leads out of its two folders, whatever is written", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("..", ".", "", "con", "a", "memory", "tagWhere", "~", "C:", "index", "__proto__"),
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("/", "\\"),
        (parts, slash) => {
          const asked = parseSaveAs(parts.join(slash));
          if ("refusal" in asked) return;
          for (const each of [asked.name.group, asked.name.name])
            expect(each).toMatch(/^[A-Za-z][A-Za-z0-9_-]*$/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
