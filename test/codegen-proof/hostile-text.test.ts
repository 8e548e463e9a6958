// What a server sends stays data: hostile definitions, kept and random, against the parser and the catalog's reader.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extractDocuments } from "../../src/catalog/extract/extract.ts";
import { planFolder } from "../../src/codegen/folder-plan.ts";
import { nameServers, nameTools } from "../../src/codegen/identifier.ts";
import { generateIndex, generateWrapper } from "../../src/codegen/wrapper.ts";
import { readToolList } from "../../src/upstream/tool-list.ts";
import { corpus } from "../fixtures/hostile/corpus.mjs";
import { faultsOf } from "./wrapper-syntax.ts";

const listing = await readToolList("hostile", () =>
  Promise.resolve({ tools: corpus.map(({ definition }) => definition) }),
);
const names = nameTools(listing.definitions.map(({ name }) => name));
const plan = planFolder({ server: "hostile", definitions: listing.definitions, before: new Map() });

describe(`${corpus.length} hostile definitions`, () => {
  it("are at least sixty, and only what is no tool gets no wrapper", () => {
    expect(corpus.length).toBeGreaterThan(60);
    const expected = corpus.filter(({ none }) => !none).map(({ definition }) => definition.name);
    expect(new Set(listing.definitions.map(({ name }) => name))).toEqual(new Set(expected));
    expect(plan.files.size).toBe(new Set(expected).size + 1);
    expect(plan.warnings.filter(({ reason }) => reason.includes("cannot be used"))).toEqual([]);
  });

  it("have file names that are distinct where case does not count, and plain", () => {
    const files = [...plan.files.keys()];
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(files.length);
    expect(files.filter((file) => !/^[a-z][A-Za-z0-9_]{0,90}\.ts$/.test(file))).toEqual([]);
  });

  it.each(listing.definitions.map((definition) => [nameOf(definition.name), definition] as const))(
    "%s: one import, types, one function with one call",
    (_, definition) => {
      const functionName = names.get(definition.name) ?? "";
      const text = plan.files.get(`${functionName}.ts`) ?? "";
      expect(faultsOf(text, { server: "hostile", tool: definition.name, functionName })).toEqual([]);
    },
  );

  it.each(listing.definitions.map((definition) => [nameOf(definition.name), definition] as const))(
    "%s: what it says is still there for the reader",
    (_, { name, description }) => {
      const functionName = names.get(name) ?? "";
      const { documents, warning } = extractDocuments(
        `servers/hostile/${functionName}.ts`,
        plan.files.get(`${functionName}.ts`) ?? "",
      );
      expect(warning).toBeUndefined();
      expect(documents.map((document) => document.name)).toEqual([functionName]);
      expect(lettersOf(documents[0]?.description ?? "")).toBe(lettersOf(shortened(description ?? "")));
      // A name that nobody can see is replaced by the function's.
      expect(lettersOf(documents[0]?.tool ?? "")).toBe(lettersOf(name.trim() === "" ? functionName : name));
      expect(documents[0]?.tags.map((tag) => tag.name)).toEqual(expect.arrayContaining(["tool"]));
      expect(documents[0]?.tags.filter((tag) => !["tool", "effects"].includes(tag.name))).toEqual([]);
    },
  );
});

describe("random hostile text", () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      ...[
        "*/",
        "/*",
        "/**",
        "//",
        "`",
        "${",
        "}",
        "\\",
        '"',
        "'",
        "\n",
        "\r",
        "\u2028",
        "\u2029",
        "@tool a/b",
        "\n@x",
        "{@link",
      ],
      ...[
        "</script>",
        "\ud800",
        "\udc00",
        "\u202e",
        "\u200b",
        "\0",
        ";",
        "export const x = 1;",
        "__proto__",
        "*",
        "/",
        " ",
      ],
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.string({ maxLength: 6 }),
  );
  const text = fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join(""));
  const name = text.filter((value) => value !== "");
  const schema = fc.letrec<{ any: Record<string, unknown> }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.record({
        type: fc.constantFrom("string", "integer", "null"),
        description: text,
        pattern: text,
        format: text,
        default: text,
      }),
      fc.record({
        enum: fc.array(fc.oneof(text, fc.double(), fc.constant(null)), { maxLength: 3 }),
        description: text,
      }),
      fc.record({ const: fc.jsonValue({ maxDepth: 2 }), title: text }),
      fc.record({ $ref: text.map((value) => `#/$defs/${value}`), description: text }),
      fc.record({ $ref: text }),
      fc.record({ type: fc.constant("array"), items: tie("any") }),
      fc.record({ anyOf: fc.array(tie("any"), { maxLength: 2 }) }),
      fc.record({ allOf: fc.array(tie("any"), { maxLength: 2 }) }),
      fc.record({
        type: fc.constant("object"),
        description: text,
        properties: fc.dictionary(text, tie("any"), { maxKeys: 3 }),
        required: fc.array(text, { maxLength: 2 }),
        $defs: fc.dictionary(text, tie("any"), { maxKeys: 2 }),
      }),
    ),
  })).any;

  const definition = fc.record({ name, description: text, inputSchema: schema, outputSchema: schema });

  it("never leaves its comment, string or identifier", () => {
    fc.assert(
      fc.property(name, definition, (server, tool) => {
        const functionName = nameTools([tool.name]).get(tool.name) ?? "";
        const generated = generateWrapper({ server, functionName, definition: tool });
        expect(faultsOf(generated, { server, tool: tool.name, functionName })).toEqual([]);
        const { documents } = extractDocuments(`servers/x/${functionName}.ts`, generated);
        expect(documents.map((document) => lettersOf(document.description))).toEqual([
          lettersOf(tool.description),
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it("makes identifiers that are distinct, and an index of exports only", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), name, (tools, server) => {
        for (const made of [nameTools(tools), nameServers(tools)]) {
          const identifiers = [...made.values()];
          expect(new Set(identifiers.map((one) => one.toLowerCase())).size).toBe(tools.length);
          expect(identifiers.filter((one) => !/^[a-z][A-Za-z0-9_]*$/.test(one))).toEqual([]);
        }
        const wrappers = [...nameTools(tools)].map(([tool, functionName]) => ({
          functionName,
          definition: { name: tool, inputSchema: true },
        }));
        expect(generateIndex({ server, wrappers, others: [] })).toMatch(
          /^\/\/ Generated by toolgrove from the MCP server ".*\n(?:export \{[\w,\s]*\}(?: from "\.\/\w+\.js")?;\n)+$/,
        );
      }),
      { numRuns: 150 },
    );
  });
});

/** What is kept of a description: no agent reads a megabyte. */
function shortened(text: string): string {
  return text.length > 20_000
    ? `${text.slice(0, 20_000)} ${text.length - 20_000} more characters were cut`
    : text;
}

/** Letters and digits only: what is left of a text whatever is done to make it harmless. */
function lettersOf(text: string): string {
  return text
    .replace(/\[U\+[0-9A-F]{4,6}\]/g, "")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function nameOf(name: string): string {
  return JSON.stringify(name.slice(0, 40)).slice(1, -1);
}
