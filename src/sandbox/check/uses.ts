// Which functions of the home a module uses, read from its types. It judges nothing.
import { ts } from "ts-morph";
import type { UsedFunction } from "./contract.ts";

/** Each function once, in the order of their first use. A module that is used as a whole counts with all it exports. */
export function usesOf(file: ts.SourceFile, checker: ts.TypeChecker): UsedFunction[] {
  const found = new Map<string, UsedFunction>();
  const note = (symbol: ts.Symbol): void => {
    const used = usedFunction(symbol, checker);
    if (used && `/${used.path}` !== file.fileName) found.set(`${used.path} ${used.name}`, used);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    if (symbol && isModule(symbol, checker)) {
      if (!isOnlyAccessed(node))
        for (const one of checker.getExportsOfModule(target(symbol, checker))) note(one);
    } else if (symbol) note(symbol);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found.values()];
}

function target(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function isModule(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return (target(symbol, checker).flags & ts.SymbolFlags.ValueModule) !== 0;
}

/** Whether a namespace is only asked for one member by name. */
function isOnlyAccessed(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node;
}

function usedFunction(symbol: ts.Symbol, checker: ts.TypeChecker): UsedFunction | undefined {
  const { declarations = [], name } = target(symbol, checker);
  const declaration = declarations.find(isFunction);
  const path = declaration?.getSourceFile().fileName.slice(1) ?? "";
  if (!declaration || !/^(?:servers|skills)\//.test(path) || path === "servers/runtime.ts") return undefined;
  const tag = ts.getJSDocTags(declaration).find(({ tagName }) => tagName.text === "tool");
  const tool = ts.getTextOfJSDocComment(tag?.comment)?.trim();
  return { path, name, ...(tool && { tool }) };
}

function isFunction(declaration: ts.Declaration): boolean {
  if (ts.isFunctionDeclaration(declaration)) return true;
  if (!ts.isVariableDeclaration(declaration) || !ts.isSourceFile(declaration.parent.parent.parent))
    return false;
  const { initializer } = declaration;
  return !!initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer));
}
