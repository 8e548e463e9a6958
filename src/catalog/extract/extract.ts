// Reads the documents out of one file's text with ts-morph. It loads the parser, so it is imported only when a file
// has to be parsed; it knows no file system and no type checker: texts are taken as written.
import {
  type ArrowFunction,
  type FunctionDeclaration,
  type FunctionExpression,
  type JSDoc,
  Node,
  Project,
  type SourceFile,
  type TypeNode,
} from "ts-morph";
import { messageOf } from "../../errors.ts";
import { placeOf, type ToolDocument, type ToolTag } from "../document.ts";
import { localTypesOf } from "./local-types.ts";
import { parametersOf } from "./parameters.ts";
import { signatureOf, typeContextOf } from "./signature.ts";

/** What one file gives. `warning` says why a file that should give something gives nothing. */
export interface Extraction {
  readonly documents: readonly ToolDocument[];
  readonly warning?: string;
}

/** An exported function, however it is written. */
interface ExportedFunction {
  readonly name: string;
  readonly node: FunctionDeclaration | FunctionExpression | ArrowFunction;
  /** The type a `const` was given, which then is its signature. */
  readonly declaredType: TypeNode | undefined;
  readonly docs: JSDoc | undefined;
}

/** A project keeps some 36 kB of each file it ever held. */
const FILES_A_PROJECT = 200;

let current: Project | undefined;
let filesLeft = 0;

function projectForNext(): Project {
  if (!current || filesLeft === 0) {
    current = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
    filesLeft = FILES_A_PROJECT;
  }
  filesLeft -= 1;
  return current;
}

/**
 * The documents of one file: one for each function it exports by name, as a declaration or a `const`. Re-exports give
 * none. Never throws: a file with a syntax error gives no documents and a warning.
 *
 * @param file relative to the home, with forward slashes: it decides the paths of the documents
 */
export function extractDocuments(file: string, text: string): Extraction {
  const project = projectForNext();
  const source = project.createSourceFile("/source.ts", text, { overwrite: true });
  try {
    const fault = syntaxFaultOf(source);
    if (fault !== undefined) return { documents: [], warning: fault };
    return { documents: exportedFunctions(source).map((found) => documentOf(file, source, found)) };
  } catch (error) {
    return { documents: [], warning: messageOf(error) };
  } finally {
    project.removeSourceFile(source);
  }
}

function documentOf(file: string, source: SourceFile, found: ExportedFunction): ToolDocument {
  const { name, node, docs } = found;
  const context = typeContextOf(found, localTypesOf(source));
  const given = parametersOf(node.getParameters(), { ...context, docs });
  const tags = tagsOf(docs);
  const upstream = tags
    .find((tag) => tag.name === "tool")
    ?.text.split("/")
    .slice(1)
    .join("/");
  return {
    ...placeOf(file, name),
    file,
    name,
    tool: upstream || name,
    description: docs?.getDescription().trim() ?? "",
    ...given,
    tags,
    signature: signatureOf(found, context, given.parameters),
  };
}

function tagsOf(docs: JSDoc | undefined): ToolTag[] {
  return (docs?.getTags() ?? []).map((tag) => ({
    name: tag.getTagName(),
    text: (Node.isJSDocParameterTag(tag) ? `${tag.getName()} ` : "") + (tag.getCommentText()?.trim() ?? ""),
  }));
}

function exportedFunctions(source: SourceFile): ExportedFunction[] {
  const listed = exportLists(source);
  const namesOf = (name: string, isExported: boolean): string[] => [
    ...(isExported ? [name] : []),
    ...(listed.get(name) ?? []),
  ];
  const declarations = source.getFunctions().flatMap((node) => {
    const overload = node.getOverloads()[0];
    const docs = node.getJsDocs().at(-1) ?? overload?.getJsDocs().at(-1);
    const isExported = node.hasExportKeyword() && !node.hasDefaultKeyword();
    return namesOf(node.getName() ?? "", isExported).map((name) => ({
      name,
      node: overload ?? node,
      declaredType: undefined,
      docs,
    }));
  });
  return [...declarations, ...exportedConstants(source, namesOf)];
}

function exportedConstants(
  source: SourceFile,
  namesOf: (name: string, isExported: boolean) => string[],
): ExportedFunction[] {
  return source.getVariableStatements().flatMap((statement) =>
    statement.getDeclarations().flatMap((variable) => {
      const node = variable.getInitializer();
      if (!Node.isArrowFunction(node) && !Node.isFunctionExpression(node)) return [];
      return namesOf(variable.getName(), statement.hasExportKeyword()).map((name) => ({
        name,
        node,
        declaredType: variable.getTypeNode(),
        docs: statement.getJsDocs().at(-1),
      }));
    }),
  );
}

/** What `export { local as name }` exports: local name → exported names. */
function exportLists(source: SourceFile): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  const here = source
    .getExportDeclarations()
    .filter((list) => !list.hasModuleSpecifier() && !list.isTypeOnly());
  for (const specifier of here.flatMap((list) => list.getNamedExports())) {
    const exported = specifier.getAliasNode()?.getText() ?? specifier.getName();
    if (exported !== "default") {
      lists.set(specifier.getName(), [...(lists.get(specifier.getName()) ?? []), exported]);
    }
  }
  return lists;
}

interface ParseDiagnostic {
  readonly start: number;
  readonly messageText: string | { readonly messageText: string };
}

function syntaxFaultOf(source: SourceFile): string | undefined {
  // The parser's own list is not in the public types; the public way builds a whole program for each file.
  const { parseDiagnostics } = source.compilerNode as {
    readonly parseDiagnostics?: readonly ParseDiagnostic[];
  };
  const first = parseDiagnostics?.[0];
  if (!first) return undefined;
  const { line, column } = source.getLineAndColumnAtPos(first.start);
  const text = typeof first.messageText === "string" ? first.messageText : first.messageText.messageText;
  return `line ${line}, column ${column}: ${text}`;
}
