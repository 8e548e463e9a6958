// Cutting tables out of a TOML text: exactly their ranges, or nothing at all.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editTables } from "../../src/clients/toml-edit.ts";
import { parseToml } from "../../src/clients/toml-statements.ts";

const own = ["toolgrove", { command: "node", args: ["cli.js"] }] as const;
const ownText = '[mcp_servers.toolgrove]\ncommand = "node"\nargs = [ "cli.js" ]\n';
const cut = (text: string, names: readonly string[], withOwn = true): string =>
  editTables(text, {
    parent: "mcp_servers",
    remove: new Set(names),
    put: withOwn ? [own[0], { ...own[1], args: [...own[1].args] }] : undefined,
  });

describe("tables", () => {
  const text = `model = "o3" # keep

[mcp_servers.a] # goes with the table
command = "a"
# inside

args = [
  "[mcp_servers.b]", # not a header
]

# about a's environment
[mcp_servers.a.env]
K = """
[mcp_servers.c]
"""

# about b
[mcp_servers.b]
command = 'b'

[tui]
theme = "dark"
`;

  test("one goes, with what is below it, and ours takes its place", () => {
    expect(cut(text, ["a"])).toBe(`model = "o3" # keep

${ownText}
# about a's environment

# about b
[mcp_servers.b]
command = 'b'

[tui]
theme = "dark"
`);
  });

  test("all go", () => {
    expect(cut(text, ["a", "b"], false)).toBe(`model = "o3" # keep

# about a's environment

# about b

[tui]
theme = "dark"
`);
  });

  test("none goes: ours is appended", () => {
    expect(cut(text, [])).toBe(`${text}\n${ownText}`);
    expect(cut("", [])).toBe(ownText);
    expect(cut('model = "o3"', [])).toBe(`model = "o3"\n\n${ownText}`);
  });
});

test.each([
  ["dotted keys", 'mcp_servers.a.command = "a"\nmodel = "o3"\n', `model = "o3"\n\n${ownText}`],
  [
    "a table of inline tables",
    '[mcp_servers]\na = { command = "a" }\nb = { command = "b" }\n',
    `[mcp_servers]\nb = { command = "b" }\n\n${ownText}`,
  ],
  ["one inline table", 'mcp_servers = { a = { command = "a" } }\n', ownText],
  ["quoted names", '["mcp_servers"."a"]\ncommand = "a"\n', ownText],
  ["CRLF", '[mcp_servers.a]\r\ncommand = "a"\r\n', ownText.replaceAll("\n", "\r\n")],
])("%s", (_, before, after) => {
  expect(cut(before, ["a"])).toBe(after);
});

test("an inline table of which a part would stay is refused", () => {
  const text = 'mcp_servers = { a = { command = "a" }, b = { command = "b" } }\n';
  expect(() => cut(text, ["a"])).toThrow("the tables of [mcp_servers] cannot be cut as they are");
});

test("a broken text is refused", () => {
  expect(() => parseToml("model = \n")).toThrow(/Invalid TOML/);
});

test("whatever the order and the values, what stays keeps its text and what goes is gone", () => {
  const value = fc.constantFrom(
    '"x"',
    "'[y]'",
    '"""\n[mcp_servers.z]\n"""',
    "[\n  1, # one\n]",
    "{ k = 1 }",
    "1979-05-27",
  );
  const table = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    values: fc.array(value, { maxLength: 3 }),
    sub: fc.boolean(),
  });
  const tables = fc.uniqueArray(table, { selector: ({ name }) => name });
  fc.assert(
    fc.property(tables, fc.subarray(["a", "b", "c", "d"]), fc.boolean(), (all, gone, withOwn) => {
      const printed = all.map(({ name, values, sub }) => {
        const pairs = values.map((one, nth) => `v${nth} = ${one}\n`).join("");
        return {
          name,
          text: `[mcp_servers.${name}]\n${pairs}${sub ? `[mcp_servers.${name}.env]\nE = 1\n` : ""}`,
        };
      });
      const text = `top = 1\n\n${printed.map((one) => `# note\n${one.text}\n`).join("")}[other]\nkey = 1\n`;
      const after = cut(text, gone, withOwn);
      for (const one of printed) expect(after.includes(one.text)).toBe(!gone.includes(one.name));
      expect(after.split("# note").length).toBe(text.split("# note").length);
      expect(after).toMatch(/^top = 1\n\n[^]*\[other\]\nkey = 1\n/);
      expect(after.includes(ownText)).toBe(withOwn);
    }),
  );
});
