import * as fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { hasHashSuffix, nameServers, nameTools, typePrefix } from "../../src/codegen/identifier.ts";

const nameOf = (name: string): string | undefined => nameTools([name]).get(name);
/** Names that are likely to meet, besides quite different ones. */
const anyName = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.stringMatching(/^[aAbB_\-. ]{0,5}$/),
  fc.constantFrom(
    "index",
    "INDEX",
    "Index",
    "delete",
    "constructor",
    "__proto__",
    "then",
    "con",
    "日本語",
    "",
    "callTool",
  ),
);
function syntaxErrors(text: string): number {
  return ts.transpileModule(text, { reportDiagnostics: true }).diagnostics?.length ?? 0;
}

const anyNames = fc.array(anyName, { maxLength: 12 });

describe("names of tools", () => {
  it.each([
    ["create_entities", "createEntities"],
    ["foo-bar", "fooBar"],
    ["API-post-page", "apiPostPage"],
    ["APIKey", "apiKey"],
    ["GetUserURL", "getUserURL"],
    ["CREATE_ISSUE", "createIssue"],
    ["github.issues/list", "githubIssuesList"],
    ["1st", "tool1st"],
    ["búsqueda rápida", "busquedaRapida"],
    ["🚀launch", "launch"],
    ["__proto__", "proto"],
    ["delete", "delete_"],
    ["class", "class_"],
    ["constructor", "constructor_"],
    ["then", "then_"],
    ["call_tool", "callTool_"],
    ["NUL", "nul_"],
    ["com1", "com1_"],
    ["Index", "index_"],
    ["runtime", "runtime_"],
  ])("calls %s %s", (upstream, expected) => {
    expect(nameOf(upstream)).toBe(expected);
  });

  it.each(["日本語", "", "🚀", "get_日本", "a".repeat(300)])(
    "gives %j a name of its own that never changes",
    (upstream) => {
      const name = nameOf(upstream) ?? "";
      expect(hasHashSuffix(name)).toBe(true);
      expect(nameTools(["other", upstream, "tool"]).get(upstream)).toBe(name);
      expect(name.length).toBeLessThan(100);
    },
  );

  it("gives every tool that could be meant by one identifier a suffix", () => {
    const names = [...nameTools(["foo_bar", "foo-bar", "fooBar", "FOOBAR"]).values()];
    expect(names.every((name) => hasHashSuffix(name))).toBe(true);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(4);
  });

  it("gives valid function names that differ even where case does not count", () => {
    fc.assert(
      fc.property(anyNames, (upstream) => {
        const names = [...nameTools(upstream).values()];
        expect(names).toHaveLength(new Set(upstream).size);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
        for (const name of names) {
          expect(name).toMatch(/^[a-z][A-Za-z0-9_]*$/);
          expect(typePrefix(name)).toMatch(/^[A-Z]/);
        }
        expect(syntaxErrors(names.map((name) => `export function ${name}(): void {}\n`).join(""))).toBe(0);
        expect(new Set(names.map(typePrefix)).size).toBe(names.length);
      }),
    );
  });

  it("never lets a tool that is added take over an identifier", () => {
    fc.assert(
      fc.property(anyNames, anyNames, (before, added) => {
        const owners = new Map([...nameTools(before)].map(([tool, name]) => [name, tool]));
        for (const [tool, name] of nameTools([...added, ...before]))
          expect(owners.get(name) ?? tool).toBe(tool);
      }),
    );
  });

  it("does not depend on order", () => {
    fc.assert(
      fc.property(anyNames, (upstream) => {
        expect(Object.fromEntries(nameTools(upstream.toReversed()))).toEqual(
          Object.fromEntries(nameTools(upstream)),
        );
      }),
    );
  });
});

describe("names of servers", () => {
  it("are identifiers", () => {
    const folders = nameServers(["google-drive", "memory", "3d", "default", "runtime"]);
    expect([...folders.values()]).toEqual(["googleDrive", "memory", "server3d", "default_", "runtime_"]);
  });

  it("do not hide what agent code already calls by that name", () => {
    const folders = nameServers(["workspace", "console", "JSON", "memory"]);
    expect([...folders.values()]).toEqual(["workspace_", "console_", "json_", "memory"]);
  });

  it("are told apart where case does not count", () => {
    const folders = [...nameServers(["my-db", "mydb", "MyDB"]).values()];
    expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(3);
  });
});
