// A written type again, as short as it can be: comments behind members, no semicolons, types used once in their place.
// Syntax only: no type checker.
import { Node, type TypeNode, type TypeReferenceNode } from "ts-morph";
import { docTextOf, memberComment } from "./comment-text.ts";
import type { LocalTypes } from "./local-types.ts";
import { type MemberText, objectText } from "./members-text.ts";

/** What a type is written with. */
export interface TypeContext {
  readonly types: LocalTypes;
  /** The local types that have a statement of their own; all others are written where they are used. */
  readonly named: ReadonlySet<string>;
}

/** The text of a type; objects in it that take several lines close at `depth`. */
export function typeText(type: TypeNode, context: TypeContext, depth: number): string {
  const text = (part: TypeNode): string => typeText(part, context, depth);
  const operand = (part: TypeNode): string => {
    const written = text(part);
    return isCompound(part, context) ? `(${written})` : written;
  };
  if (Node.isTypeLiteral(type)) return objectText(type.getMembers().map(memberWriter(context, depth)), depth);
  if (Node.isParenthesizedTypeNode(type)) return text(type.getTypeNode());
  if (Node.isArrayTypeNode(type)) return `${operand(type.getElementTypeNode())}[]`;
  if (Node.isUnionTypeNode(type)) return type.getTypeNodes().map(text).join("|");
  if (Node.isIntersectionTypeNode(type)) return type.getTypeNodes().map(operand).join(" & ");
  if (Node.isTypeReference(type)) return referenceText(type, context, depth);
  return rawText(type);
}

/** Writes the members of an object whose own brace closes at `depth`. */
export function memberWriter(context: TypeContext, depth: number): (member: Node) => MemberText {
  return (member) => {
    if (Node.isPropertySignature(member)) {
      const type = member.getTypeNode();
      return {
        label: `${member.hasModifier("readonly") ? "readonly " : ""}${member.getName()}${member.hasQuestionToken() ? "?" : ""}`,
        type: type ? typeText(type, context, depth + 1) : "unknown",
        comment: memberComment(member),
      };
    }
    if (Node.isMethodSignature(member)) return { label: rawText(member), comment: memberComment(member) };
    return { label: rawText(member) };
  };
}

function referenceText(type: TypeReferenceNode, context: TypeContext, depth: number): string {
  const name = type.getTypeName().getText();
  const written = context.named.has(name) ? undefined : bodyOf(name, context, depth);
  if (written !== undefined) return written;
  const given = type.getTypeArguments().map((argument) => typeText(argument, context, depth));
  return given.length > 0 ? `${name}<${given.join(", ")}>` : name;
}

/** What a local type stands for, its comment before it. */
function bodyOf(name: string, context: TypeContext, depth: number): string | undefined {
  const local = context.types.get(name);
  if (!local) return undefined;
  const comment = docTextOf(local);
  const body = localBody(local, context, depth);
  return body !== undefined && comment !== "" ? `/* ${comment} */ ${body}` : body;
}

/** The type behind a local name; undefined when only its own statement can say it. */
export function localBody(local: Node, context: TypeContext, depth: number): string | undefined {
  if (Node.isTypeAliasDeclaration(local)) {
    const type = local.getTypeNode();
    return type && typeText(type, context, depth);
  }
  if (!Node.isInterfaceDeclaration(local)) return undefined;
  return objectText(local.getMembers().map(memberWriter(context, depth)), depth);
}

/** Whether a type must stand in brackets within a larger one. */
function isCompound(type: TypeNode, context: TypeContext): boolean {
  if (Node.isParenthesizedTypeNode(type)) return isCompound(type.getTypeNode(), context);
  if (Node.isTypeReference(type)) {
    const name = type.getTypeName().getText();
    const local = context.named.has(name) ? undefined : context.types.get(name);
    const target = Node.isTypeAliasDeclaration(local) ? local.getTypeNode() : undefined;
    return target !== undefined && isCompound(target, context);
  }
  return (
    Node.isUnionTypeNode(type) ||
    Node.isIntersectionTypeNode(type) ||
    Node.isFunctionTypeNode(type) ||
    Node.isConditionalTypeNode(type) ||
    Node.isTypeOperatorTypeNode(type) ||
    Node.isInferTypeNode(type) ||
    Node.isConstructorTypeNode(type)
  );
}

/** What has no shorter form, as it is written, with the comment that codegen puts behind an `unknown`. */
function rawText(node: Node): string {
  const text = node.getText().replace(/[;,]$/, "");
  if (text !== "unknown") return text;
  const [note] = node.getTrailingCommentRanges();
  return note ? `${text} ${note.getText()}` : text;
}
