// A program's text as syntax, its statements sorted by what they are. It decides nothing about them.
import { ts } from "ts-morph";
import type { Finding, FindingRule } from "../finding.ts";

/** Parses agent code; a `return` at the top is part of the language agents write. */
export function parseProgram(text: string): ts.SourceFile {
  return ts.createSourceFile("user.ts", text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
}

/** A finding at a node. */
export function findingAt(node: ts.Node, rule: FindingRule, message: string): Finding {
  const source = node.getSourceFile();
  return findingAtOffset(source, node.getStart(source), rule, message);
}

/** A finding at an offset of the text. */
export function findingAtOffset(
  source: ts.SourceFile,
  offset: number,
  rule: FindingRule,
  message: string,
): Finding {
  const { line, character } = source.getLineAndCharacterOfPosition(offset);
  return { rule, message, line: line + 1, column: character + 1 };
}

/** Whether a statement carries `export`, and not `export default`. */
export function isExported(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword) && !isDefault(statement);
}

/** Whether a statement is the module's default export. */
export function isDefault(statement: ts.Statement): boolean {
  return ts.isExportAssignment(statement) || hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some((modifier) => modifier.kind === kind);
}

/** A function that a program exports by name. */
export interface ExportedFunction {
  readonly name: string;
  readonly statement: ts.Statement;
  readonly parameters: readonly ts.ParameterDeclaration[];
  /** The text of its JSDoc before any tag. */
  readonly description: string;
}

/** The functions that the statements export. */
export function exportedFunctions(statements: readonly ts.Statement[]): ExportedFunction[] {
  const listed = new Set(statements.flatMap(localExports));
  return statements.flatMap((statement) =>
    functionsIn(statement)
      .filter(({ name }) => isExported(statement) || listed.has(name))
      .map(({ name, node }) => ({
        name,
        statement,
        parameters: [...node.parameters],
        description: descriptionOf(statement),
      })),
  );
}

/** The local names of `export { a, b }`. */
export function localExports(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) return [];
  const { exportClause } = statement;
  if (!exportClause || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

function functionsIn(
  statement: ts.Statement,
): { readonly name: string; readonly node: ts.FunctionLikeDeclaration }[] {
  if (ts.isFunctionDeclaration(statement))
    return statement.name && statement.body ? [{ name: statement.name.text, node: statement }] : [];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    const isFunction =
      initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer));
    return isFunction && ts.isIdentifier(name) ? [{ name: name.text, node: initializer }] : [];
  });
}

function descriptionOf(statement: ts.Statement): string {
  const docs = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  return ts.getTextOfJSDocComment(docs.at(-1)?.comment)?.trim() ?? "";
}
