// Functions whose repeated types have become names, and the statements of these. Pure: documents from documents.
import type { ToolDocument, ToolParameter } from "../document.ts";
import { nameRepeatedTypes } from "./repeated-types.ts";

/** Documents as they will be shown. */
export interface NamedTypes {
  readonly documents: readonly ToolDocument[];
  /** The types they now use by name. */
  readonly statements: readonly string[];
}

/** Gives names to types that are used again, in one function or in several. */
export function withNamedTypes(documents: readonly ToolDocument[]): NamedTypes {
  const taken = documents.flatMap(namesIn);
  const keys = new Map(
    documents.flatMap(({ parameters }) => parameters.map(({ name, type }) => [type, name])),
  );
  const { statements, shorten } = nameRepeatedTypes(textsOf(documents), taken, keys);
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

/** The names of a function and of the types it uses: they mean something already. */
export function namesIn({ name, parameters, signature }: ToolDocument): string[] {
  const { types, before, input = "", after } = signature;
  const texts = [...parameters.map(({ type }) => type), ...types, before, input, after];
  return [name, ...(texts.join(" ").match(/\b[A-Z]\w*/g) ?? [])];
}
