// Which names a statement declares and which it may use. It resolves nothing: a name that is used where another of the
// same spelling is meant costs a statement too many, never one too few.
import { ts } from "ts-morph";

/** The names a top-level statement binds. */
export function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  if (ts.isImportDeclaration(statement)) return importedNames(statement).map(({ local }) => local);
  const named = statement as { readonly name?: ts.Node };
  return isNamedDeclaration(statement) && named.name && ts.isIdentifier(named.name) ? [named.name.text] : [];
}

function isNamedDeclaration(statement: ts.Statement): boolean {
  return (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  );
}

function boundNames(binding: ts.BindingName): string[] {
  if (ts.isIdentifier(binding)) return [binding.text];
  return binding.elements.flatMap((element) =>
    ts.isBindingElement(element) ? boundNames(element.name) : [],
  );
}

/** One name an import binds. */
export interface ImportedName {
  readonly kind: "default" | "namespace" | "named";
  readonly local: string;
  readonly imported: string;
  readonly isType: boolean;
}

export function importedNames({ importClause }: ts.ImportDeclaration): ImportedName[] {
  if (!importClause) return [];
  const isType = importClause.isTypeOnly;
  const { name, namedBindings } = importClause;
  const first: ImportedName[] = name
    ? [{ kind: "default", local: name.text, imported: "default", isType }]
    : [];
  if (!namedBindings) return first;
  if (ts.isNamespaceImport(namedBindings))
    return [...first, { kind: "namespace", local: namedBindings.name.text, imported: "*", isType }];
  const named = namedBindings.elements.map((element): ImportedName => {
    const imported = (element.propertyName ?? element.name).text;
    return { kind: "named", local: element.name.text, imported, isType: isType || element.isTypeOnly };
  });
  return [...first, ...named];
}

/** Every name a node may refer to, members' names and what its functions bind themselves left out. */
export function usedNames(root: ts.Node): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node, own: ReadonlySet<string>): void => {
    if (ts.isIdentifier(node) && !isMemberName(node) && !own.has(node.text)) found.add(node.text);
    const inner = ts.isFunctionLike(node) ? new Set([...own, ...ownNames(node)]) : own;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(root, new Set());
  return found;
}

/** What a function binds for all of its body: parameters, and the declarations at the top of it. */
function ownNames(node: ts.SignatureDeclaration): string[] {
  const body = "body" in node && node.body && ts.isBlock(node.body) ? node.body.statements : [];
  return [...node.parameters.flatMap(({ name }) => boundNames(name)), ...body.flatMap(declaredNames)];
}

function isMemberName(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === name;
  if (ts.isQualifiedName(parent)) return parent.right === name;
  if (ts.isBindingElement(parent)) return parent.propertyName === name;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent))
    return parent.name === name;
  return (ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) && parent.name === name;
}
