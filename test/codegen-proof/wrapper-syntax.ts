// What a generated wrapper may be made of, read with the TypeScript parser: one import, types, one function that makes
// one call. Whatever else a file holds is a fault.
import { ts } from "ts-morph";

/** What the wrapper is to call, and under which name. */
export interface WrapperNames {
  readonly server: string;
  readonly tool: string;
  readonly functionName: string;
}

/** What is wrong with the text of a wrapper; empty when it is exactly what it should be. */
export function faultsOf(text: string, names: WrapperNames): string[] {
  const source = ts.createSourceFile("wrapper.ts", text, ts.ScriptTarget.Latest, true);
  // The list is not in the public types.
  const { parseDiagnostics } = source as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  const syntax = parseDiagnostics.map(({ messageText, start }) => `${start}: ${JSON.stringify(messageText)}`);
  const [first, ...more] = source.statements;
  const last = more.pop();
  return [
    ...syntax,
    ...(first && isRuntimeImport(first) ? [] : ["it does not begin with the import of callTool"]),
    ...more
      .filter((statement) => !isExportedType(statement))
      .map((statement) => `it holds ${kindOf(statement)}`),
    ...(last ? functionFaults(last, names) : ["it has no function"]),
  ];
}

function isRuntimeImport(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) &&
    statement.getText() === 'import { callTool } from "../runtime.js";' &&
    statement.attributes === undefined
  );
}

function isExportedType(statement: ts.Statement): boolean {
  return (
    (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
    statement.modifiers?.map(({ kind }) => kind).join() === String(ts.SyntaxKind.ExportKeyword)
  );
}

function functionFaults(statement: ts.Statement, names: WrapperNames): string[] {
  if (!ts.isFunctionDeclaration(statement)) return [`it ends in ${kindOf(statement)}`];
  const [only, ...others] = statement.body?.statements ?? [];
  const call = only && ts.isReturnStatement(only) && others.length === 0 ? only.expression : undefined;
  if (!call || !ts.isCallExpression(call)) return ["its function does more than return a call"];
  return [...headFaults(statement, names), ...callFaults(call, names)];
}

function headFaults({ name, parameters }: ts.FunctionDeclaration, { functionName }: WrapperNames): string[] {
  const [parameter, ...others] = parameters;
  const isPlain = parameter?.name.getText() === "input" && others.length === 0;
  const isEmpty = parameter?.initializer === undefined || parameter.initializer.getText() === "{}";
  return [
    ...(name?.text === functionName ? [] : [`its function is called ${name?.text}`]),
    ...(isPlain && isEmpty ? [] : ["its parameter is odd"]),
  ];
}

function callFaults(call: ts.CallExpression, { server, tool }: WrapperNames): string[] {
  const [first, second, input, shape, ...rest] = call.arguments;
  const expected: readonly [boolean, string][] = [
    [call.expression.getText() === "callTool", "it calls something else than callTool"],
    [literalOf(first) === server, `it calls the server ${first?.getText()}`],
    [literalOf(second) === tool, `it calls the tool ${second?.getText()}`],
    [input?.getText() === "input", "it passes something else than its input"],
    [rest.length === 0 && (!shape || isShape(shape)), "it passes more than a shape"],
  ];
  return expected.flatMap(([holds, fault]) => (holds ? [] : [fault]));
}

function isShape(node: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(node) &&
    node.properties.every((property) => {
      if (!ts.isPropertyAssignment(property)) return false;
      const name = property.name.getText();
      return name === "bare"
        ? literalOf(property.initializer) !== undefined
        : name === "object" && property.initializer.kind === ts.SyntaxKind.TrueKeyword;
    })
  );
}

function literalOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteral(node) ? node.text : undefined;
}

function kindOf(node: ts.Node): string {
  return `${ts.SyntaxKind[node.kind]}: ${node.getText().slice(0, 80)}`;
}
