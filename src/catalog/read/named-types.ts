// Functions whose repeated object types have become names, and the statements of these. Pure: documents from documents.
import type { ToolDocument, ToolParameter } from "../document.ts";
import { nameRepeatedTypes } from "./repeated-types.ts";

/** Documents as they will be shown. */
export interface NamedTypes {
  readonly documents: readonly ToolDocument[];
  /** The types they now use by name. */
  readonly statements: readonly string[];
}

/** Gives names to object types that are used again, in one function or in several. */
export function withNamedTypes(documents: readonly ToolDocument[]): NamedTypes {
  const taken = documents.flatMap(namesIn);
  const { statements, shorten } = nameRepeatedTypes(textsOf(documents), taken);
  const rewritten =
    statements.length === 0 ? documents : documents.map((document) => rewrite(document, shorten));
  return { documents: rewritten, statements };
}

/** Parameters that are the same throughout will be told once anyway, and so count once. */
function textsOf(documents: readonly ToolDocument[]): string[] {
  const parameters = documents.flatMap((document) =>
    document.signature.input === undefined ? document.parameters : [],
  );
  const distinct = new Map(parameters.map((parameter) => [keyOf(parameter), parameter.type]));
  const signatures = documents.flatMap(({ signature: { types, input = "", after } }) => [
    ...types,
    input,
    after,
  ]);
  return [...distinct.values(), ...signatures];
}

function keyOf({ name, type, description }: ToolParameter): string {
  return JSON.stringify([name, type, description]);
}

function rewrite(document: ToolDocument, shorten: (text: string) => string): ToolDocument {
  const { types, before, input, rest, after } = document.signature;
  const parameters = document.parameters.map(({ name, type, description, optional }) => {
    return { name, type: shorten(type), description, optional };
  });
  const signature = {
    types: types.map(shorten),
    before,
    ...(input === undefined ? {} : { input: shorten(input) }),
    ...(rest === undefined ? {} : { rest }),
    after: shorten(after),
  };
  return { ...document, parameters, signature };
}

/** Names that mean something else already. */
function namesIn({ name, signature: { types, before, input = "", after } }: ToolDocument): string[] {
  return [name, ...([...types, before, input, after].join(" ").match(/\b[A-Z]\w*/g) ?? [])];
}
