// The text an agent reads about a function: its types, its JSDoc and its signature, without body, `export` or `@tool`.
import type {
  ArrowFunction,
  FunctionDeclaration,
  FunctionExpression,
  JSDoc,
  ParameterDeclaration,
} from "ts-morph";
import { type LocalType, type LocalTypes, usedTypes } from "./local-types.ts";

/** A function and what stands around it in its file. */
export interface DeclarationSource {
  readonly name: string;
  readonly node: FunctionDeclaration | FunctionExpression | ArrowFunction;
  readonly docs: JSDoc | undefined;
  /** The type a `const` was given, which then is its signature. */
  readonly declaredType: string | undefined;
  readonly types: LocalTypes;
}

/** Writes the declaration: the local types the signature uses, then the JSDoc, then the signature. */
export function declarationOf(source: DeclarationSource): string {
  const types = usedTypes(typedNodes(source), source.types).map(typeText);
  const comment = commentText(source.docs);
  return [...types, ...(comment === "" ? [] : [comment]), signatureOf(source)].join("\n");
}

function typedNodes({ node }: DeclarationSource): Parameters<typeof usedTypes>[0] {
  return [
    ...node.getTypeParameters(),
    ...node.getParameters().flatMap((parameter) => parameter.getTypeNode() ?? []),
    ...[node.getReturnTypeNode()].filter((type) => type !== undefined),
  ];
}

function typeText(type: LocalType): string {
  const comment = commentText(type.getJsDocs().at(-1));
  const text = type.getText().replace(/^(?:export |declare )*/, "");
  return comment === "" ? text : `${comment}\n${text}`;
}

/** The comment again, without `@tool`: the import path says which tool it is. */
function commentText(docs: JSDoc | undefined): string {
  const lines = (docs?.getInnerText() ?? "").split("\n").filter((line) => !/^\s*@tool\b/.test(line));
  const text = lines
    .join("\n")
    .replaceAll(/\n{2,}(?=@)/g, "\n")
    .trim();
  if (text === "") return "";
  if (!text.includes("\n")) return `/** ${text} */`;
  return `/**\n${text
    .split("\n")
    .map((line) => ` * ${line}`.trimEnd())
    .join("\n")}\n */`;
}

function signatureOf({ name, node, declaredType }: DeclarationSource): string {
  if (declaredType !== undefined) return `const ${name}: ${declaredType};`;
  const generics = node.getTypeParameters().map((parameter) => parameter.getText());
  const parameters = node.getParameters().map(parameterText);
  const returned = node.getReturnTypeNode();
  return [
    `function ${name}`,
    generics.length > 0 ? `<${generics.join(", ")}>` : "",
    `(${parameters.join(", ")})`,
    returned ? `: ${returned.getText()};` : ";",
  ].join("");
}

/** A default value says no more to a caller than that the argument may be left out. */
function parameterText(parameter: ParameterDeclaration): string {
  const type = parameter.getTypeNode();
  if (!parameter.hasInitializer() || !type) return parameter.getText();
  return `${parameter.getName()}?: ${type.getText()}`;
}
