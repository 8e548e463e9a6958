// Checks modules with TypeScript. It loads the compiler, so it belongs into a thread; it knows no file system: all texts
// are in the question.
import { Project, ts } from "ts-morph";
import type { CheckFault, CheckQuestion, CheckReport } from "./contract.ts";
import { GLOBALS_FOLDER } from "./globals.ts";
import { isRelevant } from "./relevance.ts";
import { usesOf } from "./uses.ts";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.esnext.d.ts"],
  types: [],
  noEmit: true,
  strict: false,
  alwaysStrict: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  experimentalDecorators: false,
};

/** Answers checks one after another, keeping what stays the same between them. */
export type Check = (question: CheckQuestion) => CheckReport;

/** @param globals the guest's declarations by path; the first declares the globals. */
export function createCheck(globals: Readonly<Record<string, string>>): Check {
  const libraries = new Project({ useInMemoryFileSystem: true }).getModuleResolutionHost();
  const parsed = new Map<string, ts.SourceFile>();
  const [ambient = ""] = Object.keys(globals);
  let last: ts.Program | undefined;

  return (question) => {
    const texts = new Map(
      Object.entries({ ...globals, ...question.files }).map(([path, text]) => [`/${path}`, text]),
    );
    const sourceOf = (name: string): ts.SourceFile | undefined => {
      const text = texts.get(name) ?? (isLibrary(name) ? libraries.readFile?.(name) : undefined);
      if (text === undefined) return undefined;
      const known = parsed.get(name);
      if (known?.text === text) return known;
      const source = ts.createSourceFile(name, text, { languageVersion: ts.ScriptTarget.ESNext }, true);
      parsed.set(name, source);
      return source;
    };
    const host = hostOf(sourceOf, question);
    const roots = [ambient, ...question.subjects].map((path) => `/${path}`);
    const program = ts.createProgram({
      rootNames: roots,
      options: OPTIONS,
      host,
      ...(last && { oldProgram: last }),
    });
    last = program;
    for (const name of parsed.keys()) if (!texts.has(name) && !isLibrary(name)) parsed.delete(name);
    return reportOf(program, question);
  };
}

const LIBRARIES = "/node_modules/typescript/lib";

function isLibrary(name: string): boolean {
  return name.startsWith(`${LIBRARIES}/`);
}

function hostOf(
  sourceOf: (name: string) => ts.SourceFile | undefined,
  { links }: CheckQuestion,
): ts.CompilerHost {
  return {
    getSourceFile: sourceOf,
    fileExists: (name) => sourceOf(name) !== undefined,
    readFile: (name) => sourceOf(name)?.text,
    getDefaultLibFileName: () => `${LIBRARIES}/lib.esnext.d.ts`,
    getDefaultLibLocation: () => LIBRARIES,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => undefined,
    resolveModuleNameLiterals: (literals, importer) =>
      literals.map(({ text }) => {
        const path = targetOf(text, importer.slice(1), links);
        const resolvedFileName = `/${path}`;
        return { resolvedModule: path === undefined ? undefined : { resolvedFileName, extension: ".ts" } };
      }),
  };
}

function targetOf(specifier: string, importer: string, links: CheckQuestion["links"]): string | undefined {
  if (importer.startsWith(`${GLOBALS_FOLDER}/`)) {
    const name = specifier.replace(/(?:\.d)?\.[jt]s$/, "");
    return new URL(`${name}.ts`, `file:///${importer}`).pathname.slice(1);
  }
  const own = links[importer];
  return own && Object.hasOwn(own, specifier) ? own[specifier] : undefined;
}

const MAX_FAULTS = 50;

function reportOf(program: ts.Program, { subjects }: CheckQuestion): CheckReport {
  const checker = program.getTypeChecker();
  const files = subjects.flatMap((path) => program.getSourceFile(`/${path}`) ?? []);
  return {
    faults: files.flatMap((file) => faultsOf(file, program, checker)).slice(0, MAX_FAULTS),
    uses: Object.fromEntries(files.map((file) => [file.fileName.slice(1), usesOf(file, checker)])),
  };
}

function faultsOf(file: ts.SourceFile, program: ts.Program, checker: ts.TypeChecker): CheckFault[] {
  const syntax = program.getSyntacticDiagnostics(file);
  const found = [...syntax, ...program.getSemanticDiagnostics(file)];
  return found.flatMap((diagnostic) => {
    if (diagnostic.start === undefined || !diagnostic.file) return [];
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const isSyntax = syntax.includes(diagnostic as ts.DiagnosticWithLocation);
    if (!isSyntax && !isRelevant(diagnostic as ts.DiagnosticWithLocation, message, checker)) return [];
    const { line, character } = file.getLineAndCharacterOfPosition(diagnostic.start);
    const path = file.fileName.slice(1);
    return [{ path, line: line + 1, column: character + 1, message: shorten(message) }];
  });
}

const MAX_LINES = 4;
const MAX_LINE_CHARS = 300;

function shorten(message: string): string {
  const lines = message.split("\n").slice(0, MAX_LINES);
  return lines
    .map((line) => (line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS - 1)}…` : line))
    .join("\n");
}
