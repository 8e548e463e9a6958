// The types a file declares, and which of them a signature needs by name. Names only: no type checker.
import {
  type EnumDeclaration,
  type InterfaceDeclaration,
  Node,
  type SourceFile,
  SyntaxKind,
  type TypeAliasDeclaration,
} from "ts-morph";

/** A type that a file declares. */
export type LocalType = InterfaceDeclaration | TypeAliasDeclaration | EnumDeclaration;

/** The types a file declares, by name, in the order they stand. */
export type LocalTypes = ReadonlyMap<string, LocalType>;

/** Collects the interfaces, type aliases and enums of a file, exported or not. */
export function localTypesOf(source: SourceFile): LocalTypes {
  const types = new Map<string, LocalType>();
  for (const statement of source.getStatements()) {
    if (isDeclaration(statement)) types.set(statement.getName(), statement);
  }
  return types;
}

/**
 * Which of the local types the given nodes use need a statement of their own, in the order of the file: those used more
 * than once, which includes those that contain themselves, and those that cannot stand where they are used.
 */
export function namedTypes(nodes: readonly Node[], types: LocalTypes): ReadonlySet<string> {
  const uses = new Map<string, number>();
  const fixed = new Set<string>();
  const queue = [...nodes];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    const root = node;
    for (const reference of root.getDescendantsOfKind(SyntaxKind.Identifier)) {
      const name = reference.getText();
      const type = types.get(name);
      if (!type || isName(reference)) continue;
      const before = uses.get(name) ?? 0;
      uses.set(name, before + 1);
      if (!isPlaceable(type) || !isPlain(reference, root)) fixed.add(name);
      if (before === 0) queue.push(type);
    }
  }
  return new Set([...types.keys()].filter((name) => fixed.has(name) || (uses.get(name) ?? 0) > 1));
}

/** Whether an identifier names the member it stands in, and so refers to nothing. */
function isName(node: Node): boolean {
  const parent = node.getParent();
  const named = Node.isPropertySignature(parent) || Node.isMethodSignature(parent) || isDeclaration(parent);
  return named && parent.getNameNode() === node;
}

function isDeclaration(node: Node | undefined): node is LocalType {
  return (
    Node.isInterfaceDeclaration(node) || Node.isTypeAliasDeclaration(node) || Node.isEnumDeclaration(node)
  );
}

/** Whether a type's body can stand where its name does. */
function isPlaceable(type: LocalType): boolean {
  if (Node.isEnumDeclaration(type) || type.getTypeParameters().length > 0) return false;
  if (Node.isInterfaceDeclaration(type)) return type.getExtends().length === 0;
  return isTransparent(type.getTypeNode());
}

/** Whether all that leads from `root` to a reference is written anew, so that something else can stand in its place. */
function isPlain(reference: Node, root: Node): boolean {
  const owner = reference.getParent();
  if (!Node.isTypeReference(owner) || owner.getTypeName() !== reference) return false;
  for (let node: Node | undefined = owner; node !== undefined && node !== root; node = node.getParent()) {
    if (!isTransparent(node) && !Node.isPropertySignature(node)) return false;
  }
  return isTransparent(root) || Node.isInterfaceDeclaration(root) || Node.isTypeAliasDeclaration(root);
}

/** Kinds of types whose parts are written one by one. */
function isTransparent(node: Node | undefined): boolean {
  return (
    Node.isTypeLiteral(node) ||
    Node.isArrayTypeNode(node) ||
    Node.isUnionTypeNode(node) ||
    Node.isIntersectionTypeNode(node) ||
    Node.isParenthesizedTypeNode(node) ||
    Node.isTypeReference(node) ||
    Node.isLiteralTypeNode(node) ||
    (Node.isTypeNode(node) && node.getChildCount() === 0)
  );
}
