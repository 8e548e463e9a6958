// The imports of a module that was cut out of a program: only what it uses, from its own folder. It reads no files.
import path from "node:path";
import type { ts } from "ts-morph";
import { importedNames, type ImportedName } from "./names-in.ts";
import type { SplitContext } from "./split-context.ts";

/** What is to be imported where. */
export interface ImportNeeds {
  readonly imports: readonly ts.ImportDeclaration[];
  readonly used: ReadonlySet<string>;
  readonly context: Pick<SplitContext, "file" | "modules" | "servers">;
}

/** A line an import, then one for each server that is used without an import. */
export function importLines({ imports, used, context }: ImportNeeds): string {
  const lines = imports.flatMap((one) => importLine(one, used, context));
  const bound = new Set(imports.flatMap(importedNames).map(({ local }) => local));
  const bare = context.servers.filter((server) => used.has(server) && !bound.has(server));
  return [...lines, ...bare.map((server) => bareLine(server, context))].join("\n");
}

function importLine(
  declaration: ts.ImportDeclaration,
  used: ReadonlySet<string>,
  { file, modules }: ImportNeeds["context"],
): string[] {
  const names = importedNames(declaration).filter(({ local }) => used.has(local));
  if (names.length === 0) return [];
  const specifier = declaration.moduleSpecifier.getText().slice(1, -1);
  const target = modules[specifier];
  const from = target === undefined ? specifier : relative(file, target);
  return [`import ${clauseOf(names)} from "${from}";`];
}

function clauseOf(names: readonly ImportedName[]): string {
  const plain = names.filter(({ kind }) => kind !== "named");
  const named = names.filter(({ kind }) => kind === "named");
  const allTypes = names.every(({ isType }) => isType);
  const wholes = plain.map(({ kind, local }) => (kind === "namespace" ? `* as ${local}` : local));
  const list = named.map(({ imported, local, isType }) => {
    const name = imported === local ? local : `${imported} as ${local}`;
    return isType && !allTypes ? `type ${name}` : name;
  });
  const parts = [...wholes, ...(list.length > 0 ? [`{ ${list.join(", ")} }`] : [])];
  return `${allTypes ? "type " : ""}${parts.join(", ")}`;
}

function bareLine(server: string, { file }: ImportNeeds["context"]): string {
  return `import * as ${server} from "${relative(file, `servers/${server}/index.ts`)}";`;
}

/** As wrappers import: relative, with the ending that compilers and bundlers agree on. */
function relative(file: string, target: string): string {
  const found = path.posix.relative(path.posix.dirname(file), target).replace(/\.ts$/, ".js");
  return found.startsWith(".") ? found : `./${found}`;
}
