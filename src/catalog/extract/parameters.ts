// What a caller may pass to a function, read from the written types. It follows names within the file and no further.
import {
  type JSDoc,
  type MethodSignature,
  Node,
  type ParameterDeclaration,
  type PropertySignature,
  type TypeElementTypes,
  type TypeNode,
} from "ts-morph";
import { memberComment } from "./comment-text.ts";
import type { ToolDocument, ToolParameter } from "../document.ts";
import type { LocalType } from "./local-types.ts";
import { type TypeContext, typeText } from "./type-text.ts";

/** Where names, types and descriptions come from. */
export interface ParameterContext extends TypeContext {
  readonly docs: JSDoc | undefined;
}

/** The parameters of a function: the keys of its only parameter when that is an object, else one after another. */
export function parametersOf(
  parameters: readonly ParameterDeclaration[],
  context: ParameterContext,
): Pick<ToolDocument, "parameters" | "passing"> {
  const [only] = parameters;
  const keys = only && parameters.length === 1 ? keysOf(only, context) : undefined;
  if (keys) return { parameters: keys, passing: "object" };
  const tags = paramTags(context.docs);
  return {
    parameters: parameters.map((parameter) => positional(parameter, tags, context)),
    passing: "positional",
  };
}

function keysOf(parameter: ParameterDeclaration, context: ParameterContext): ToolParameter[] | undefined {
  const type = parameter.getTypeNode();
  if (type) return membersOf(type, context, new Set())?.map((member) => describe(member, parameter, context));
  const pattern = parameter.getNameNode();
  if (!Node.isObjectBindingPattern(pattern)) return undefined;
  return pattern.getElements().map((element) => ({
    name: element.getPropertyNameNode()?.getText() ?? element.getName(),
    type: "unknown",
    description: "",
    optional: element.getInitializer() !== undefined,
  }));
}

/** A key without a comment of its own may be described by `@param input.key` or `@param key`. */
function describe(
  member: ToolParameter,
  parameter: ParameterDeclaration,
  context: ParameterContext,
): ToolParameter {
  if (member.description !== "") return member;
  const tags = paramTags(context.docs);
  const tag = tags.get(`${parameter.getName()}.${member.name}`) ?? tags.get(member.name);
  return tag ? { ...member, description: tag.description } : member;
}

/** The keys of an object type; undefined for a type that is not one, or not one this file declares. */
function membersOf(
  type: TypeNode,
  context: ParameterContext,
  visited: ReadonlySet<string>,
): ToolParameter[] | undefined {
  if (Node.isTypeLiteral(type)) return membersIn(type, context);
  if (Node.isParenthesizedTypeNode(type)) return membersOf(type.getTypeNode(), context, visited);
  if (Node.isUnionTypeNode(type)) return union(objectsOf(type.getTypeNodes(), context, visited));
  if (Node.isIntersectionTypeNode(type)) return merge(objectsOf(type.getTypeNodes(), context, visited));
  if (Node.isTypeReference(type)) {
    return namedMembers(type.getTypeName().getText(), type.getTypeArguments(), { ...context, visited });
  }
  return undefined;
}

/** A type with a name: one this file declares, or one of the few built-in types whose keys are plain to see. */
function namedMembers(
  name: string,
  typeArguments: readonly TypeNode[],
  { visited, ...context }: ParameterContext & { readonly visited: ReadonlySet<string> },
): ToolParameter[] | undefined {
  const [argument, value] = typeArguments;
  if (name === "Record" && value?.getText() === "never") return [];
  if (name === "Readonly" && argument) return membersOf(argument, context, visited);
  if (name === "Partial" && argument) return membersOf(argument, context, visited)?.map(makeOptional);
  const declared = context.types.get(name);
  return declared && !visited.has(name)
    ? declaredMembers(declared, context, new Set([...visited, name]))
    : undefined;
}

function declaredMembers(
  declared: LocalType,
  context: ParameterContext,
  visited: ReadonlySet<string>,
): ToolParameter[] | undefined {
  if (Node.isTypeAliasDeclaration(declared)) {
    const aliased = declared.getTypeNode();
    return aliased && membersOf(aliased, context, visited);
  }
  if (!Node.isInterfaceDeclaration(declared)) return undefined;
  const inherited = declared.getExtends().map((base) => {
    const name = base.getExpression().getText();
    return namedMembers(name, base.getTypeArguments(), { ...context, visited }) ?? [];
  });
  return merge([...inherited, membersIn(declared, context)]);
}

function objectsOf(
  types: readonly TypeNode[],
  context: ParameterContext,
  visited: ReadonlySet<string>,
): ToolParameter[][] {
  return types.flatMap((type) => {
    const members = membersOf(type, context, visited);
    return members ? [members] : [];
  });
}

/** A key that only some members of a union have may be left out. */
function union(objects: readonly ToolParameter[][]): ToolParameter[] | undefined {
  const everywhere = (name: string): boolean =>
    objects.every((keys) => keys.some((key) => key.name === name));
  return merge(objects)?.map((key) => (everywhere(key.name) ? key : makeOptional(key)));
}

function merge(objects: readonly ToolParameter[][]): ToolParameter[] | undefined {
  if (objects.length === 0) return undefined;
  return [...new Map(objects.flat().map((key) => [key.name, key])).values()];
}

function makeOptional(parameter: ToolParameter): ToolParameter {
  return { ...parameter, optional: true };
}

function membersIn(owner: { getMembers(): TypeElementTypes[] }, context: TypeContext): ToolParameter[] {
  return owner.getMembers().flatMap((member) => memberOf(member, context));
}

function memberOf(member: TypeElementTypes, context: TypeContext): ToolParameter[] {
  if (!Node.isPropertySignature(member) && !Node.isMethodSignature(member)) return [];
  return [
    {
      name: unquoted(member),
      type: typeOfMember(member, context),
      description: memberComment(member),
      optional: member.hasQuestionToken(),
    },
  ];
}

/** Shown among the keys of an object that closes at the left edge. */
function typeOfMember(member: PropertySignature | MethodSignature, context: TypeContext): string {
  if (Node.isPropertySignature(member)) {
    const type = member.getTypeNode();
    return type ? typeText(type, context, 1) : "unknown";
  }
  const parameters = member.getParameters().map((parameter) => parameter.getText());
  return `(${parameters.join(", ")}) => ${member.getReturnTypeNode()?.getText() ?? "unknown"}`;
}

function unquoted(member: PropertySignature | MethodSignature): string {
  const name = member.getNameNode();
  return Node.isStringLiteral(name) ? name.getLiteralText() : name.getText();
}

interface ParamTag {
  readonly type: string | undefined;
  readonly description: string;
}

function positional(
  parameter: ParameterDeclaration,
  tags: ReadonlyMap<string, ParamTag>,
  context: TypeContext,
): ToolParameter {
  const type = parameter.getTypeNode();
  const name = parameter.getName();
  const tag = tags.get(name);
  return {
    name: parameter.isRestParameter() ? `...${name}` : name,
    type: type ? typeText(type, context, 0) : (tag?.type ?? typeOfDefault(parameter)),
    description: tag?.description ?? "",
    optional: parameter.isOptional(),
  };
}

/** The type that a default value gives a parameter which has none of its own, where it is plain to see. */
export function typeOfDefault(parameter: ParameterDeclaration): string {
  const value = parameter.getInitializer();
  if (Node.isStringLiteral(value) || Node.isNoSubstitutionTemplateLiteral(value)) return "string";
  if (Node.isNumericLiteral(value)) return "number";
  return Node.isTrueLiteral(value) || Node.isFalseLiteral(value) ? "boolean" : "unknown";
}

function paramTags(docs: JSDoc | undefined): Map<string, ParamTag> {
  const tags = (docs?.getTags() ?? []).filter((tag) => Node.isJSDocParameterTag(tag));
  return new Map(
    tags.map((tag) => [
      tag.getName(),
      {
        type: tag.getTypeExpression()?.getTypeNode().getText(),
        description: (tag.getCommentText() ?? "").replace(/^-\s*/, "").trim(),
      },
    ]),
  );
}
