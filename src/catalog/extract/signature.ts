// How a function is called, as it will be shown: its types, what stands around its arguments, and what it gives. It
// writes neither parameters that are keys of one object nor JSDoc: lists of tools share those.
import {
  type ArrowFunction,
  type FunctionDeclaration,
  type FunctionExpression,
  Node,
  type ParameterDeclaration,
  type TypeNode,
} from "ts-morph";
import { docTextOf } from "./comment-text.ts";
import type { ToolParameter, ToolSignature } from "../document.ts";
import { type LocalType, type LocalTypes, namedTypes } from "./local-types.ts";
import { typeOfDefault } from "./parameters.ts";
import { localBody, type TypeContext, typeText } from "./type-text.ts";

/** A function as a file declares it. */
export interface FunctionSource {
  readonly name: string;
  readonly node: FunctionDeclaration | FunctionExpression | ArrowFunction;
  /** The type a `const` was given, which then is its signature. */
  readonly declaredType: TypeNode | undefined;
}

/** What a function's types are written with: the types of its file, and which of them it needs by name. */
export function typeContextOf(source: FunctionSource, types: LocalTypes): TypeContext {
  const { node, declaredType } = source;
  const parameters = node.getParameters().flatMap((parameter) => inputTypeOf(parameter) ?? []);
  const nodes = [
    ...node.getTypeParameters(),
    ...parameters,
    ...[returnedType(node), declaredType].filter((type) => type !== undefined),
  ];
  return { types, named: namedTypes(nodes, types) };
}

/** The type a parameter is given, without the second form that takes its only required key bare. */
export function inputTypeOf(parameter: ParameterDeclaration): TypeNode | undefined {
  const type = parameter.getTypeNode();
  if (!Node.isUnionTypeNode(type)) return type;
  const [first, second, ...more] = type.getTypeNodes();
  const isBare =
    Node.isIndexedAccessTypeNode(second) && second.getObjectTypeNode().getText() === first?.getText();
  return isBare && more.length === 0 ? first : type;
}

/** Writes the signature of a function with these parameters. */
export function signatureOf(
  source: FunctionSource,
  context: TypeContext,
  parameters: readonly ToolParameter[],
): ToolSignature {
  const { name, node, declaredType } = source;
  const types = [...context.named].flatMap((type) => statementOf(context.types.get(type), context));
  if (declaredType) {
    return { types, before: `const ${name}: ${typeText(declaredType, context, 0)}`, input: "", after: "" };
  }
  const generics = node.getTypeParameters().map((parameter) => parameter.getText());
  const before = `${name}${generics.length > 0 ? `<${generics.join(", ")}>` : ""}(`;
  const after = `)${returnText(node, context)}`;
  const [only] = node.getParameters();
  if (only && node.getParameters().length === 1) {
    const members = isOmissible(only, parameters) ? undefined : keyMembersOf(only, context);
    if (members) return { types, before: before + inputComment(only, context), ...restOf(members), after };
  }
  const texts = node
    .getParameters()
    .map((parameter, nth) => positionalText(parameter, context, parameters[nth]));
  return { types, before, input: texts.join(", "), after };
}

/** Whether an object with required keys may be left out as a whole, or be given any number of times. */
function isOmissible(parameter: ParameterDeclaration, keys: readonly ToolParameter[]): boolean {
  return parameter.isRestParameter() || (parameter.isOptional() && keys.some(({ optional }) => !optional));
}

/** The members of an object parameter whose keys, and an index, are all there is to say of it. */
function keyMembersOf(parameter: ParameterDeclaration, context: TypeContext): Node[] | undefined {
  const type = inputTypeOf(parameter);
  if (!type) return Node.isObjectBindingPattern(parameter.getNameNode()) ? [] : undefined;
  const members = membersOfType(type, context);
  return members?.every((member) => isKey(member) || Node.isIndexSignatureDeclaration(member))
    ? members
    : undefined;
}

function membersOfType(type: TypeNode | undefined, context: TypeContext): Node[] | undefined {
  if (Node.isTypeLiteral(type)) return type.getMembers();
  if (!Node.isTypeReference(type)) return undefined;
  const name = type.getTypeName().getText();
  if (name === "Record" && type.getTypeArguments()[1]?.getText() === "never") return [];
  const local = context.named.has(name) ? undefined : context.types.get(name);
  if (Node.isTypeAliasDeclaration(local)) return membersOfType(local.getTypeNode(), context);
  return Node.isInterfaceDeclaration(local) ? local.getMembers() : undefined;
}

function isKey(member: Node): boolean {
  return Node.isPropertySignature(member) || Node.isMethodSignature(member);
}

function restOf(members: readonly Node[]): Pick<ToolSignature, "rest"> {
  const index = members.find((member) => Node.isIndexSignatureDeclaration(member));
  return index ? { rest: index.getText().replace(/;$/, "") } : {};
}

/** What the type of an object parameter says of the whole. */
function inputComment(parameter: ParameterDeclaration, { types }: TypeContext): string {
  const local = types.get(inputTypeOf(parameter)?.getText() ?? "");
  const comment = local ? docTextOf(local) : "";
  return comment === "" ? "" : `/* ${comment} */ `;
}

/** A default value says no more to a caller than that the argument may be left out. */
function positionalText(
  parameter: ParameterDeclaration,
  context: TypeContext,
  known: ToolParameter | undefined,
): string {
  const type = inputTypeOf(parameter);
  // Without a type, the default says which one is meant.
  if (!type && parameter.hasInitializer() && known?.type === typeOfDefault(parameter))
    return parameter.getText();
  const isName = Node.isIdentifier(parameter.getNameNode());
  const name = `${parameter.isRestParameter() ? "..." : ""}${isName ? parameter.getName() : "input"}`;
  const text = type ? typeText(type, context, 0) : (known?.type ?? "unknown");
  const isOptional = parameter.isOptional() && !parameter.isRestParameter();
  return `${name}${isOptional ? "?" : ""}: ${text}`;
}

/** What an awaited call gives; nothing for what nobody knows. */
function returnText(node: FunctionSource["node"], context: TypeContext): string {
  const type = returnedType(node);
  const text = type ? typeText(type, context, 0) : "unknown";
  return text === "unknown" ? "" : `: ${text}`;
}

/** Programs await what they call: the promise around a result says nothing to them. */
function returnedType(node: FunctionSource["node"]): TypeNode | undefined {
  const type = node.getReturnTypeNode();
  if (!Node.isTypeReference(type) || type.getTypeName().getText() !== "Promise") return type;
  return type.getTypeArguments()[0];
}

/** The statement of a type that is needed by name. */
function statementOf(local: LocalType | undefined, context: TypeContext): string[] {
  if (!local) return [];
  const comment = docTextOf(local);
  const body = isWhole(local) ? undefined : localBody(local, context, 0);
  const text =
    body === undefined
      ? local
          .getText()
          .replace(/^(?:export |declare )*/, "")
          .replace(/;$/, "")
      : `type ${local.getName()} = ${body}`;
  return [comment === "" ? text : `/** ${comment} */\n${text}`];
}

/** Whether a type says more than its body: parameters, what it extends, the members of an enumeration. */
function isWhole(local: LocalType): boolean {
  if (Node.isEnumDeclaration(local)) return true;
  return (
    local.getTypeParameters().length > 0 ||
    (Node.isInterfaceDeclaration(local) && local.getExtends().length > 0)
  );
}
