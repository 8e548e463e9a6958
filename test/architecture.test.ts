// The walls of the house: reads every import under src/ and fails when an arrow runs the wrong way.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ts } from "ts-morph";
import { describe, expect, test } from "vitest";

const VOCABULARY = [
  "home.ts",
  "server-entry.ts",
  "tool.ts",
  "errors.ts",
  "nearest.ts",
  "replace-file.ts",
  "soon.ts",
  "turn.ts",
];
const CAPABILITIES = [
  "upstream",
  "codegen",
  "catalog",
  "sandbox",
  "skills",
  "privacy",
  "policy",
  "measure",
  "workspace",
  "clients",
  "journal",
];
const MAX_LINES = 300;
const SDK = "@modelcontextprotocol/";
const MAY_USE_SDK = ["serve", "upstream", "demo.ts"];
/** Facts about the process and signals to others: neither input nor output. Everything else is cli.ts's. */
const PROCESS_FACTS = new Set(["platform", "arch", "version", "pid", "execPath", "kill"]);

/** What each part may import besides itself and the vocabulary; `types` of these parts only as types. */
const MAY_IMPORT: Readonly<
  Record<string, { readonly parts: readonly string[]; readonly types?: readonly string[] }>
> = {
  ...Object.fromEntries([...VOCABULARY, ...CAPABILITIES].map((part) => [part, { parts: [] }])),
  "gateway.ts": {
    parts: [
      ...CAPABILITIES,
      ...["parts.ts", "execution.ts", "measuring.ts", "skill-offering.ts", "skill-upkeep.ts"],
    ],
    types: ["sync.ts"],
  },
  "measuring.ts": { parts: [...CAPABILITIES, "catalogs.ts"], types: ["parts.ts"] },
  "execution.ts": {
    parts: [...CAPABILITIES, "resumption.ts", "skill-saving.ts"],
    types: ["parts.ts"],
  },
  "skill-standing": { parts: CAPABILITIES },
  "skill-saving.ts": { parts: [...CAPABILITIES, "skill-standing"], types: ["parts.ts"] },
  "skill-offering.ts": { parts: CAPABILITIES, types: ["catalogs.ts"] },
  "skill-upkeep.ts": { parts: CAPABILITIES, types: ["parts.ts", "execution.ts"] },
  "resumption.ts": { parts: ["journal"], types: ["sandbox"] },
  "parts.ts": {
    parts: [...CAPABILITIES, "sync.ts", "catalogs.ts", "skill-standing"],
    types: ["server-sync.ts"],
  },
  "catalogs.ts": { parts: ["catalog"] },
  "sync.ts": { parts: [...CAPABILITIES, "server-sync.ts"], types: ["skill-standing"] },
  "server-sync.ts": { parts: CAPABILITIES, types: ["skill-standing"] },
  "demo.ts": { parts: CAPABILITIES },
  "index.ts": { parts: ["gateway.ts"], types: [...CAPABILITIES, "sync.ts"] },
  "cli.ts": { parts: ["commands", "gateway.ts", "catalogs.ts", "policy"] },
  commands: {
    parts: ["serve", "gateway.ts", "measuring.ts", "demo.ts", "clients"],
    types: [...CAPABILITIES, "sync.ts", "skill-upkeep.ts"],
  },
  serve: { parts: ["gateway.ts"], types: [...CAPABILITIES, "skill-offering.ts"] },
};

/** One import, export-from or `import()` of a file. */
interface Arrow {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

interface SourceFacts {
  readonly arrows: readonly Arrow[];
  readonly lines: number;
  readonly hasDefaultExport: boolean;
  /** Members of the global `process` that are used. */
  readonly processMembers: readonly string[];
}

function readFacts(file: string, text: string): SourceFacts {
  const arrows: Arrow[] = [];
  const processMembers: string[] = [];
  let hasDefaultExport = false;
  const visit = (node: ts.Node): void => {
    const arrow = readArrow(node);
    if (arrow) arrows.push({ file, ...arrow });
    if (isDefaultExport(node)) hasDefaultExport = true;
    if (ts.isIdentifier(node) && node.text === "process" && isGlobalUse(node))
      processMembers.push(memberOf(node));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true));
  return { arrows, lines: text.trimEnd().split("\n").length, hasDefaultExport, processMembers };
}

function readArrow(node: ts.Node): Omit<Arrow, "file"> | undefined {
  const specifier = specifierOf(node);
  if (!specifier || !ts.isStringLiteral(specifier)) return undefined;
  return { target: specifier.text, typeOnly: isTypeOnly(node) };
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isCall ? node.arguments[0] : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return importsTypesOnly(node.importClause);
  return ts.isExportDeclaration(node) ? node.isTypeOnly : ts.isImportTypeNode(node);
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause || clause.isTypeOnly) return clause !== undefined;
  const { name, namedBindings } = clause;
  return (
    !name &&
    !!namedBindings &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((one) => one.isTypeOnly)
  );
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return (
    ts.canHaveModifiers(node) &&
    !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** Whether the name is a value that nothing around it declares. */
function isGlobalUse(name: ts.Identifier): boolean {
  const { parent } = name;
  const isOwnName = "name" in parent && parent.name === name;
  const isKey = ts.isBindingElement(parent) && parent.propertyName === name;
  if (isOwnName || isKey) return false;
  for (let scope: ts.Node = parent; scope; scope = scope.parent) {
    if (
      ts.isFunctionLike(scope) &&
      scope.parameters.some(({ name: declared }) => declares(declared, name.text))
    )
      return false;
    const statements: readonly ts.Statement[] =
      ts.isBlock(scope) || ts.isSourceFile(scope) ? scope.statements : [];
    const declared = statements.flatMap((one) =>
      ts.isVariableStatement(one) ? one.declarationList.declarations : [],
    );
    if (declared.some((one) => declares(one.name, name.text))) return false;
  }
  return true;
}

function declares(binding: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(binding)) return binding.text === name;
  return binding.elements.some((element) => ts.isBindingElement(element) && declares(element.name, name));
}

function memberOf(name: ts.Identifier): string {
  return ts.isPropertyAccessExpression(name.parent) ? name.parent.name.text : "(whole)";
}

/** The part of the house a file belongs to: its folder under src/, or the file itself. */
function partOf(file: string): string {
  return file.split("/")[0] ?? file;
}

function resolve({ file, target }: Arrow): string | undefined {
  return target.startsWith(".") ? path.posix.join(path.posix.dirname(file), target) : undefined;
}

/** Everything that is wrong with these sources (path under src/ → text), a sentence each. */
function complaints(sources: ReadonlyMap<string, string>): string[] {
  const facts = new Map([...sources].map(([file, text]) => [file, readFacts(file, text)]));
  const arrows = [...facts.values()].flatMap((found) => found.arrows);
  const files = [...facts].flatMap(([file, found]) => aboutFile(file, found));
  return [...files, ...arrows.flatMap(aboutArrow), ...aboutCycles(facts)];
}

function aboutFile(file: string, { lines, hasDefaultExport, processMembers }: SourceFacts): string[] {
  const beyond = file === "cli.ts" ? [] : processMembers.filter((member) => !PROCESS_FACTS.has(member));
  return [
    ...(partOf(file) in MAY_IMPORT
      ? []
      : [`${file} belongs to no part of the house: name its part in this test`]),
    ...(lines > MAX_LINES ? [`${file} has ${lines} lines: more than ${MAX_LINES}`] : []),
    ...(hasDefaultExport ? [`${file} has a default export`] : []),
    ...beyond.map((member) => `${file} uses process.${member}: only cli.ts touches the process`),
  ];
}

function aboutArrow(arrow: Arrow): string[] {
  const resolved = resolve(arrow);
  const fault = resolved === undefined ? packageFault(arrow) : partFault(arrow, partOf(resolved));
  return fault === undefined ? [] : [`${arrow.file} imports "${arrow.target}": ${fault}`];
}

function packageFault({ file, target }: Arrow): string | undefined {
  if (target === "node:process" && file !== "cli.ts") return "only cli.ts touches the process";
  if (!target.startsWith(SDK) || MAY_USE_SDK.includes(partOf(file))) return undefined;
  return `the SDK is for ${MAY_USE_SDK.join(", ")} only`;
}

function partFault({ file, typeOnly }: Arrow, to: string): string | undefined {
  const from = partOf(file);
  const { parts = [], types = [] } = MAY_IMPORT[from] ?? {};
  if ([from, ...VOCABULARY, ...parts].includes(to)) return undefined;
  if (!types.includes(to)) return `${from} must not know ${to}`;
  return typeOnly ? undefined : `of ${to} it may import types only`;
}

function aboutCycles(facts: ReadonlyMap<string, SourceFacts>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file))
      return void found.push(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(" → ")}`);
    if (done.has(file)) return;
    for (const arrow of facts.get(file)?.arrows ?? []) {
      const target = resolve(arrow);
      if (target !== undefined) visit(target, [...trail, file]);
    }
    done.add(file);
  };
  for (const file of facts.keys()) visit(file, []);
  return found;
}

const src = path.resolve(import.meta.dirname, "../src");

function readSources(): Map<string, string> {
  // A declaration file says what somebody else's module exports.
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!\.d)\.ts$/.test(file),
  );
  return new Map(
    files.map((file) => [file.replaceAll(path.sep, "/"), readFileSync(path.join(src, file), "utf8")]),
  );
}

test("every arrow in src runs the right way", () => {
  const sources = readSources();
  expect(sources.size).toBeGreaterThan(50);
  expect(complaints(sources)).toEqual([]);
});

test("every import in src leads to a file", () => {
  const sources = readSources();
  const arrows = [...sources].flatMap(([file, text]) => readFacts(file, text).arrows);
  const astray = arrows.filter((arrow) => !sources.has(resolve(arrow) ?? "gateway.ts"));
  expect(arrows.length).toBeGreaterThan(100);
  expect(astray).toEqual([]);
});

describe("a wall that is broken is named, with the file and the import", () => {
  test.each([
    [
      "catalog/a.ts",
      'import { b } from "../upstream/b.ts";',
      'catalog/a.ts imports "../upstream/b.ts": catalog must not know upstream',
    ],
    [
      "catalog/a.ts",
      'import type { B } from "../codegen/b.ts";',
      'catalog/a.ts imports "../codegen/b.ts": catalog must not know codegen',
    ],
    [
      "sandbox/x/a.ts",
      'const b = import("../../gateway.ts");',
      'sandbox/x/a.ts imports "../../gateway.ts": sandbox must not know gateway.ts',
    ],
    [
      "policy/a.ts",
      'export { b } from "../serve/b.ts";',
      'policy/a.ts imports "../serve/b.ts": policy must not know serve',
    ],
    [
      "errors.ts",
      'import { b } from "./measure/b.ts";',
      'errors.ts imports "./measure/b.ts": errors.ts must not know measure',
    ],
    ["cli.ts", 'import "./catalog/b.ts";', 'cli.ts imports "./catalog/b.ts": cli.ts must not know catalog'],
    [
      "commands/a.ts",
      'import { b } from "../sandbox/b.ts";',
      'commands/a.ts imports "../sandbox/b.ts": of sandbox it may import types only',
    ],
    [
      "serve/a.ts",
      'import { type A, b } from "../catalog/b.ts";',
      'serve/a.ts imports "../catalog/b.ts": of catalog it may import types only',
    ],
    [
      "catalog/a.ts",
      'type B = import("../upstream/b.ts").B;',
      'catalog/a.ts imports "../upstream/b.ts": catalog must not know upstream',
    ],
    [
      "gateway.ts",
      `import { Client } from "${SDK}client";`,
      `gateway.ts imports "${SDK}client": the SDK is for serve, upstream, demo.ts only`,
    ],
    [
      "magic/a.ts",
      "export const a = 1;",
      "magic/a.ts belongs to no part of the house: name its part in this test",
    ],
    ["tool.ts", "export default 1;", "tool.ts has a default export"],
    ["tool.ts", "const a = 1; export { a as default };", "tool.ts has a default export"],
    ["tool.ts", "export default function a() {}", "tool.ts has a default export"],
    ["tool.ts", "\n".repeat(300) + "export const a = 1;", "tool.ts has 301 lines: more than 300"],
    [
      "home.ts",
      "export const a = () => process.env;",
      "home.ts uses process.env: only cli.ts touches the process",
    ],
    ["home.ts", "const { cwd } = process;", "home.ts uses process.(whole): only cli.ts touches the process"],
    [
      "home.ts",
      'import { env } from "node:process";',
      'home.ts imports "node:process": only cli.ts touches the process',
    ],
  ])("%s: %s", (file, text, complaint) => {
    expect(complaints(new Map([[file, text]]))).toEqual([complaint]);
  });

  test("cycles, also of types", () => {
    const sources = new Map([
      ["catalog/a.ts", 'import { b } from "./b.ts";'],
      ["catalog/b.ts", 'import type { C } from "./c.ts";'],
      ["catalog/c.ts", 'import { b } from "./b.ts";'],
    ]);
    expect(complaints(sources)).toEqual(["cycle: catalog/b.ts → catalog/c.ts → catalog/b.ts"]);
  });

  test.each([
    ["commands/a.ts", 'import type { B } from "../sandbox/b.ts";'],
    ["serve/a.ts", 'import { type B } from "../catalog/b.ts";'],
    ["serve/a.ts", `import { McpServer } from "${SDK}server";`],
    ["sandbox/a.ts", "export const end = (process: { env: string }): string => process.env;"],
    ["sandbox/a.ts", 'export const onWindows = process.platform === "win32";'],
    ["cli.ts", "export const { HOME } = process.env;"],
  ])("but %s may say: %s", (file, text) => {
    expect(complaints(new Map([[file, text]]))).toEqual([]);
  });
});
