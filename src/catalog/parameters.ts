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
import type { ToolDocument, ToolParameter } from "./document.ts";
import type { LocalType, LocalTypes } from "./local-types.ts";

/** Where names and descriptions come from. */
export interface ParameterContext {
  readonly types: LocalTypes;
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
  return { parameters: parameters.map((parameter) => positional(parameter, tags)), passing: "positional" };
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
  if (Node.isTypeLiteral(type)) return type.getMembers().flatMap(memberOf);
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
  return merge([...inherited, declared.getMembers().flatMap(memberOf)]);
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

function memberOf(member: TypeElementTypes): ToolParameter[] {
  if (!Node.isPropertySignature(member) && !Node.isMethodSignature(member)) return [];
  return [
    {
      name: unquoted(member.getName()),
      type: typeOfMember(member),
      description: member.getJsDocs().at(-1)?.getDescription().trim() ?? "",
      optional: member.hasQuestionToken(),
    },
  ];
}

function typeOfMember(member: PropertySignature | MethodSignature): string {
  if (Node.isPropertySignature(member)) return member.getTypeNode()?.getText() ?? "unknown";
  const parameters = member.getParameters().map((parameter) => parameter.getText());
  return `(${parameters.join(", ")}) => ${member.getReturnTypeNode()?.getText() ?? "unknown"}`;
}

function unquoted(name: string): string {
  return name.replace(/^(["'])(.*)\1$/, "$2");
}

interface ParamTag {
  readonly type: string | undefined;
  readonly description: string;
}

function positional(parameter: ParameterDeclaration, tags: ReadonlyMap<string, ParamTag>): ToolParameter {
  const name = parameter.getName();
  const tag = tags.get(name);
  return {
    name: parameter.isRestParameter() ? `...${name}` : name,
    type: parameter.getTypeNode()?.getText() ?? tag?.type ?? "unknown",
    description: tag?.description ?? "",
    optional: parameter.isOptional(),
  };
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
