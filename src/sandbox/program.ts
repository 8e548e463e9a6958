// The agent's text → one module whose default export is an async function. Every form an agent writes is accepted:
// fences, top-level await, `return`, a last expression, `export default`, or a lone function. Positions survive in a map.
import { Parser, type Node, type Program } from "acorn";
import { tsPlugin } from "@sveltejs/acorn-typescript";
import { MagicString } from "magic-string";
import { USER_FILE } from "./positions.ts";

/** The agent's source as one module. */
export interface ProgramModule {
  /** The agent's own text, fences removed; error positions refer to it. */
  readonly source: string;
  /** Text of the module; its default export takes nothing and resolves to the program's value. */
  readonly code: string;
  /** Source map from `code` to `source`, as JSON. */
  readonly map: string;
  readonly imports: readonly ProgramImport[];
}

/** One import declaration of the agent, at its specifier's place in `source`. */
export interface ProgramImport {
  readonly specifier: string;
  /** Local names it binds. */
  readonly names: readonly string[];
  readonly line: number;
  readonly column: number;
}

/** A fault in the agent's text, at a line (from 1) and column (from 1) of `source`. */
export interface SourceFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** The longest program that is read, in characters. */
export const MAX_SOURCE_CHARS = 256 * 1024;

const TypeScriptParser = Parser.extend(tsPlugin());

type Statement = Program["body"][number] & { readonly declaration?: Node | null };

/** Turns the agent's text into a module, or says where it is not TypeScript. */
export function toModule(text: string): { module: ProgramModule } | { fault: SourceFault; source: string } {
  const source = removeFences(text);
  if (source.length > MAX_SOURCE_CHARS) {
    const message = `The code has ${source.length} characters; the limit is ${MAX_SOURCE_CHARS}. Put data into workspace files.`;
    return { source, fault: { message, line: 1, column: 1 } };
  }
  let body: readonly Statement[];
  try {
    body = parse(source).body;
  } catch (error) {
    return { source, fault: toFault(error) };
  }
  const edit = new MagicString(source);
  const result = rewrite(edit, body);
  wrap(edit, body, result);
  const map = edit.generateMap({ source: USER_FILE, hires: true }).toString();
  return { module: { source, code: edit.toString(), map, imports: listImports(body) } };
}

function listImports(body: readonly Statement[]): ProgramImport[] {
  return body.flatMap((node) => {
    if (node.type !== "ImportDeclaration") return [];
    const { line = 1, column = 0 } = node.source.loc?.start ?? {};
    const names = node.specifiers.map(({ local }) => local.name);
    return [{ specifier: String(node.source.value), names, line, column: column + 1 }];
  });
}

/** Removes a Markdown fence that encloses the whole text; line numbers then count from inside it. */
export function removeFences(text: string): string {
  const match = /^\s*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?[ \t]*\1\s*$/.exec(text);
  return match ? (match[2] ?? "") : text.replace(/^\uFEFF/, "");
}

function parse(source: string): Program {
  return TypeScriptParser.parse(source, {
    ecmaVersion: "latest",
    sourceType: "module",
    locations: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowHashBang: true,
  });
}

function toFault(error: unknown): SourceFault {
  const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
  // acorn writes the position into its message; ours stands in front of it.
  return {
    message: message.replace(/ \(\d+:\d+\)$/, ""),
    line: loc?.line ?? 1,
    column: (loc?.column ?? 0) + 1,
  };
}

/** Puts everything but imports and namespaces, which a function cannot hold, into an async function that ends with `result`. */
function wrap(edit: MagicString, body: readonly Statement[], result: string): void {
  const { original } = edit;
  const outside = body.filter((node) => /^(Import|TSModule)Declaration$/.test(node.type));
  const leading = outside.filter((node, index) => node === body[index]);
  const start = leading.at(-1)?.end ?? 0;
  for (const late of outside.slice(leading.length)) edit.move(late.start, late.end, start);
  edit.prependRight(start, "\nexport default async function () {\n").append(`\n${result}}\n`);
  const hashbang = /^#!.*/.exec(original)?.[0].length ?? 0;
  if (hashbang > 0) edit.remove(0, hashbang);
}

/** Edits the statements so that they can stand inside a function; returns the code that ends it. */
function rewrite(edit: MagicString, body: readonly Statement[]): string {
  let result = "";
  for (const node of body) {
    if (node.type === "ExportDefaultDeclaration") result = rewriteDefault(edit, node);
    else if (node.type === "ExportNamedDeclaration" && node.declaration)
      edit.remove(node.start, node.declaration.start);
    else if (node.type.startsWith("Export")) edit.remove(node.start, node.end);
  }
  if (result) return result;
  const last = body.at(-1);
  if (last?.type === "ExpressionStatement") {
    // Around the statement, for an expression's own parentheses are not part of its node; the semicolon stays outside.
    const end = edit.original.endsWith(";", last.end) ? last.end - 1 : last.end;
    edit.prependRight(last.start, "return (").appendRight(end, ")");
    return "";
  }
  const lone = loneFunction(body);
  return lone ? `return ${lone};\n` : "";
}

function rewriteDefault(
  edit: MagicString,
  node: Extract<Statement, { type: "ExportDefaultDeclaration" }>,
): string {
  const { declaration } = node;
  const named = "id" in declaration && declaration.id ? declaration.id.name : undefined;
  edit.update(node.start, declaration.start, named ? "" : "const toolgroveDefault = ");
  return `\nreturn ${named ?? "toolgroveDefault"};\n`;
}

/** The function to call when a program only declares: `main`, else the only one there is. */
function loneFunction(body: readonly Statement[]): string | undefined {
  const functions = body.flatMap((node) => {
    const declared = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    return declared?.type === "FunctionDeclaration" && "id" in declared
      ? [(declared.id as { name: string }).name]
      : [];
  });
  const onlyDeclares = body.every((node) => /Declaration$|^TS/.test(node.type));
  if (!onlyDeclares) return undefined;
  return functions.includes("main") ? "main" : functions.length === 1 ? functions[0] : undefined;
}
