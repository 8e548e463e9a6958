// The texts and numbers of a program with what they are for: what the rules of the gate look at. It judges nothing.
import { ts } from "ts-morph";

/** One literal or comment. */
export interface Piece {
  readonly kind: "string" | "number" | "comment";
  readonly text: string;
  /** Where it begins in the program. */
  readonly offset: number;
  /** What it is assigned to, passed for or compared with, when that has a name. */
  readonly role: string;
  readonly node: ts.Node;
}

/** All pieces of these statements, in their order. Import specifiers and property names are none. */
export function piecesOf(source: ts.SourceFile, statements: Iterable<ts.Statement>): Piece[] {
  return [...statements].flatMap((statement) =>
    commentsOf(source, statement).concat(literalsOf(source, statement)),
  );
}

function literalsOf(source: ts.SourceFile, root: ts.Node): Piece[] {
  const found: Piece[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    const kind = kindOf(node);
    if (kind && !isName(node)) {
      const { text } = node as ts.LiteralLikeNode;
      found.push({ kind, text, offset: node.getStart(source), role: roleOf(node), node });
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function kindOf(node: ts.Node): "string" | "number" | undefined {
  if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node))
    return "string";
  return ts.isNumericLiteral(node) || ts.isBigIntLiteral(node) ? "number" : undefined;
}

/** Whether a literal is the key of a property or of an access: `o["name"]`. */
function isName({ parent, ...node }: ts.Node): boolean {
  if (ts.isElementAccessExpression(parent)) return parent.argumentExpression.pos === node.pos;
  return ts.isPropertyAssignment(parent) && parent.name.pos === node.pos;
}

/** The nearest name that says what a value is: of a variable, a property, a parameter, or of what it is compared with. */
function roleOf(node: ts.Node): string {
  let at = node;
  while (isWrapping(at.parent)) at = at.parent;
  const { parent } = at;
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) || ts.isParameter(parent))
    return nameText(parent.name);
  if (ts.isPropertyDeclaration(parent)) return nameText(parent.name);
  if (!ts.isBinaryExpression(parent)) return "";
  const other = parent.left === at ? parent.right : parent.left;
  if (ts.isPropertyAccessExpression(other)) return other.name.text;
  return ts.isIdentifier(other) ? other.text : "";
}

function isWrapping(node: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isTemplateSpan(node) ||
    ts.isPrefixUnaryExpression(node)
  );
}

function nameText(name: ts.Node): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : "";
}

function commentsOf(source: ts.SourceFile, root: ts.Node): Piece[] {
  const seen = new Map<number, Piece>();
  const note = (ranges: readonly ts.CommentRange[] | undefined): void => {
    for (const { pos, end } of ranges ?? [])
      seen.set(pos, {
        kind: "comment",
        text: source.text.slice(pos, end),
        offset: pos,
        role: "",
        node: root,
      });
  };
  const visit = (node: ts.Node): void => {
    note(ts.getLeadingCommentRanges(source.text, node.getFullStart()));
    note(ts.getTrailingCommentRanges(source.text, node.getEnd()));
    if (!ts.isTemplateExpression(node)) ts.forEachChild(node, visit);
  };
  visit(root);
  return [...seen.values()];
}
