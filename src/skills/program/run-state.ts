// Whether a top-level statement is a plain declaration, or makes something that only that run had. It reads syntax.
import { ts } from "ts-morph";

/** What gives the same value whenever a module is loaded. */
const PURE_MAKERS = new Set([
  "Set",
  "Map",
  "RegExp",
  "WeakMap",
  "WeakSet",
  "URL",
  "Object.freeze",
  "Symbol",
  "BigInt",
]);

/** Whether a statement declares a variable that is changed later, or that comes from a call. */
export function isMadeByRunning(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  const { flags, declarations } = statement.declarationList;
  if ((flags & ts.NodeFlags.Const) === 0) return true;
  return declarations.some(({ initializer }) => initializer !== undefined && runs(initializer));
}

function runs(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || ts.isTaggedTemplateExpression(node)) return true;
  if (ts.isNewExpression(node) && node.expression.getText() === "Date") return !node.arguments?.length;
  if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && !PURE_MAKERS.has(node.expression.getText()))
    return true;
  return ts.forEachChild(node, runs) ?? false;
}
