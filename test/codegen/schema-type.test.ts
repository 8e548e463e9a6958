import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printNamedType } from "../../src/codegen/print-type.ts";
import { typesOfSchema } from "../../src/codegen/schema-type.ts";

function textOf(schema: unknown): string {
  return typesOfSchema(schema, "X").map(printNamedType).join("\n");
}

function memberText(schema: unknown): string {
  const text = textOf({ type: "array", items: schema });
  return text.slice("export type X = ".length, -";\n".length);
}

describe("schemas on one line", () => {
  it.each<[unknown, string]>([
    [{ type: "string" }, "string[]"],
    [{ type: "integer" }, "number[]"],
    [{ type: ["string", "null"] }, "(string | null)[]"],
    [{ type: ["null", "number", "integer"] }, "(number | null)[]"],
    [{ type: "string", nullable: true }, "(string | null)[]"],
    [true, "unknown[]"],
    [false, "never[]"],
    [{}, "unknown[]"],
    [{ type: "file" }, "unknown[]"],
    ["nonsense", "unknown[]"],
    [{ enum: ["a", "b", 1, null, true] }, '("a" | "b" | 1 | true | null)[]'],
    [{ type: "string", enum: ["a", "a"] }, '"a"[]'],
    [{ type: "array", enum: ["a"] }, "unknown[][]"],
    [{ type: ["string", "null"], enum: ["a", null] }, '("a" | null)[]'],
    [{ const: "x" }, '"x"[]'],
    [{ const: null }, "null[]"],
    [{ const: { a: [1, -2.5] } }, "{ a: [1, -2.5] }[]"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "(string | null)[]"],
    [{ anyOf: [{ type: "string" }, {}] }, "unknown[]"],
    [{ oneOf: [{ const: "a" }, { const: "b" }] }, '("a" | "b")[]'],
    [{ type: "string", anyOf: [{ format: "date" }, { pattern: "a" }] }, "string[]"],
    [{ type: "object" }, "Record<string, unknown>[]"],
    [{ type: "object", additionalProperties: false }, "Record<string, never>[]"],
    [{ type: "object", additionalProperties: { type: "number" } }, "Record<string, number>[]"],
    [
      { type: "object", additionalProperties: { type: ["string", "null"] } },
      "{ [key: string]: string | null }[]",
    ],
    [
      {
        type: "object",
        patternProperties: { "^a": { type: "string" }, "^b": { type: "number" } },
        additionalProperties: false,
      },
      "{ [key: string]: string | number }[]",
    ],
    [{ properties: { a: { type: "string" } }, required: ["a", "b"] }, "{ a: string; b: unknown }[]"],
    [{ properties: { a: {} }, additionalProperties: true }, "{ a?: unknown; [key: string]: unknown }[]"],
    [
      { properties: { "a-b": {}, 'q"': {}, constructor: {}, new: {} } },
      '{ "a-b"?: unknown; "q\\""?: unknown; constructor?: unknown; new?: unknown }[]',
    ],
    [
      JSON.parse('{"properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}'),
      "{ __proto__: string }[]",
    ],
    [{ type: "array" }, "unknown[][]"],
    [{ items: { type: "string" } }, "string[][]"],
    [{ type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } }, "(string | number)[][]"],
    [{ type: "array", prefixItems: [{ type: "string" }, { type: "number" }] }, "[string, number][]"],
    [
      { type: "array", prefixItems: [{ type: "string" }], items: { type: "number" } },
      "[string, ...number[]][]",
    ],
    [
      { type: "array", items: [{ type: "string" }, { type: "number" }], minItems: 1, additionalItems: false },
      "[string, number?][]",
    ],
    [
      { allOf: [{ properties: { a: { type: "string" } } }, { properties: { b: {} }, required: ["b"] }] },
      "{ a?: string; b: unknown }[]",
    ],
    [{ allOf: [{ properties: { a: { type: "string" } } }, { required: ["a"] }] }, "{ a: string }[]"],
    [
      { type: "object", properties: { a: {} }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      "{ a?: unknown }[]",
    ],
    [
      {
        properties: { a: {} },
        oneOf: [{ properties: { k: { const: 1 } } }, { properties: { k: { const: 2 } } }],
      },
      "({ a?: unknown } & ({ k?: 1 } | { k?: 2 }))[]",
    ],
  ])("%j is %s", (schema, expected) => {
    expect(memberText(schema)).toBe(expected);
  });
});

describe("layout and documentation", () => {
  it("documents members, with facts after the description", () => {
    const properties = {
      size: { type: "integer", description: "Page size", default: 10, minimum: 1, maximum: 100 },
      id: { type: "string", format: "uuid" },
      tags: { type: "array", items: { type: "string", description: "A tag" }, minItems: 1, maxItems: 1 },
      since: {
        anyOf: [{ type: "string", description: "A day.", pattern: "^\\d+$" }, { type: "null" }],
        default: null,
      },
      safe: { type: "integer", minimum: -9007199254740991, exclusiveMaximum: 5 },
      note: { type: "string", description: "First line\nsecond line", default: "*/" },
    };
    expect(textOf({ type: "object", description: "All of it", properties })).toMatchInlineSnapshot(`
      "/** All of it */
      export interface X {
        /** Page size. Default 10; 1 to 100. */
        size?: number;
        /** Format uuid. */
        id?: string;
        /** Exactly 1 item. Each: A tag */
        tags?: string[];
        /** A day. Matches ^\\d+$. */
        since?: string | null;
        /** Less than 5. */
        safe?: number;
        /**
         * First line
         * second line
         * Default "*\\/".
         */
        note?: string;
      }
      "
    `);
  });

  it("breaks what does not fit", () => {
    const letters = Array.from({ length: 60 }, (_, index) => `value-${index}`);
    const text = textOf({
      properties: {
        kind: { enum: letters },
        either: { oneOf: [{ properties: { a: { description: "An a" } } }, { type: "string" }] },
        list: {
          type: "array",
          items: { anyOf: [{ properties: { b: { description: "A b" } } }, { type: "null" }] },
        },
      },
    });
    expect(text).toMatchInlineSnapshot(`
      "export interface X {
        kind?:
          | "value-0" | "value-1" | "value-2" | "value-3" | "value-4" | "value-5" | "value-6" | "value-7"
          | "value-8" | "value-9" | "value-10" | "value-11" | "value-12" | "value-13" | "value-14" | "value-15"
          | "value-16" | "value-17" | "value-18" | "value-19" | "value-20" | "value-21" | "value-22" | "value-23"
          | "value-24" | "value-25" | "value-26" | "value-27" | "value-28" | "value-29" | "value-30" | "value-31"
          | "value-32" | "value-33" | "value-34" | "value-35" | "value-36" | "value-37" | "value-38" | "value-39"
          | "value-40" | "value-41" | "value-42" | "value-43" | "value-44" | "value-45" | "value-46" | "value-47"
          | "value-48" | "value-49" | "value-50" | "value-51" | "value-52" | "value-53" | "value-54" | "value-55"
          | "value-56" | "value-57" | "value-58" | "value-59";
        either?:
          | {
              /** An a */
              a?: unknown;
            }
          | string;
        list?: (
          | {
              /** A b */
              b?: unknown;
            }
          | null
        )[];
      }
      "
    `);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});

describe("references", () => {
  it("names recursive types and keeps siblings", () => {
    const schema = {
      type: "object",
      properties: { tree: { $ref: "#/$defs/Node", description: "The root" } },
      $defs: {
        Node: {
          description: "A node",
          properties: {
            children: { type: "array", items: { $ref: "#/$defs/Node" } },
            id: { $ref: "#/$defs/id" },
          },
        },
        id: { type: "string", description: "An id", minLength: 1 },
      },
    };
    expect(textOf(schema)).toMatchInlineSnapshot(`
      "export interface X {
        /** The root */
        tree?: XNode;
      }

      /** A node */
      export interface XNode {
        children?: XNode[];
        /** An id. At least 1 character. */
        id?: string;
      }
      "
    `);
  });

  it.each<[string, unknown, string]>([
    ["the whole document", { properties: { next: { $ref: "#" } } }, "export interface X {\n  next?: X;\n}\n"],
    [
      "a pointer into properties",
      { properties: { a: { type: "string" }, b: { $ref: "#/properties/a" } } },
      "export interface X {\n  a?: string;\n  b?: string;\n}\n",
    ],
    [
      "escaped steps",
      {
        properties: { a: { $ref: "#/definitions/x~1y%20~0" } },
        definitions: { "x/y ~": { type: "number" } },
      },
      "export interface X {\n  a?: number;\n}\n",
    ],
    [
      "siblings of a root reference",
      { $ref: "#/$defs/a", properties: { b: {} }, $defs: { a: { properties: { a: {} } } } },
      "export interface X {\n  a?: unknown;\n  b?: unknown;\n}\n",
    ],
    [
      "another document",
      { properties: { a: { $ref: "https://example.com/*/a.json" } } },
      "export interface X {\n  a?: unknown /* defined elsewhere and not loaded: https://example.com/*\\/a.json */;\n}\n",
    ],
    [
      "nothing",
      { properties: { a: { $ref: "#/$defs/toString" } }, $defs: {} },
      "export interface X {\n  a?: unknown /* not found: #/$defs/toString */;\n}\n",
    ],
    ["itself", { $ref: "#" }, "export type X = unknown;\n"],
    [
      "a circle of choices",
      {
        $ref: "#/$defs/a",
        $defs: { a: { anyOf: [{ $ref: "#/$defs/b" }, { type: "string" }] }, b: { $ref: "#/$defs/a" } },
      },
      "export type X = unknown;\n",
    ],
  ])("to %s", (_name, schema, expected) => {
    expect(textOf(schema)).toBe(expected);
  });

  it("gives two targets of one name two types", () => {
    const long = { properties: { a: { description: "Long enough to have a name" } } };
    const schema = {
      properties: { a: { $ref: "#/$defs/T" }, b: { $ref: "#/definitions/T" } },
      $defs: { T: long },
      definitions: { T: long },
    };
    expect(typesOfSchema(schema, "X").map(({ name }) => name)).toEqual(["X", "XT", "XT2"]);
  });

  it("stays small where references multiply", () => {
    const levels = Array.from({ length: 40 }, (_, level) => {
      const next = { $ref: `#/$defs/l${level + 1}` };
      return [`l${level}`, { properties: { a: next, b: next } }] as const;
    });
    const text = textOf({
      $ref: "#/$defs/l0",
      $defs: { ...Object.fromEntries(levels), l40: { type: "string" } },
    });
    expect(text.length).toBeLessThan(10_000);
  });
});

describe("hostile schemas", () => {
  it("end in unknown where they are too deep", () => {
    let schema: unknown = { type: "string" };
    for (let level = 0; level < 20_000; level += 1) schema = { type: "array", items: schema };
    expect(textOf(schema)).toMatch(/^export type X = unknown(?:\[\])+;\n$/);
  });

  it("always give some type", () => {
    const keyword = fc.constantFrom(
      "type",
      "properties",
      "items",
      "enum",
      "const",
      "$ref",
      "allOf",
      "anyOf",
      "required",
      "a",
      "additionalProperties",
      "prefixItems",
      "default",
      "description",
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        tie("leaf"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(keyword, tie("value"), { maxKeys: 5 }),
      ),
      leaf: fc.oneof(
        fc.constantFrom("object", "array", "string", "null", "#", "#/a", "#/allOf/0"),
        fc.boolean(),
        fc.integer(),
        fc.constant(null),
      ),
    }));
    fc.assert(
      fc.property(value, (schema) => {
        expect(textOf(schema)).toMatch(/^(?:\/\*\*|export (?:interface|type) X)/);
      }),
    );
  });
});
