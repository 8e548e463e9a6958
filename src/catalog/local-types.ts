// The types a file declares, and which of them a piece of it uses. Names only: no type checker.
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
    if (
      Node.isInterfaceDeclaration(statement) ||
      Node.isTypeAliasDeclaration(statement) ||
      Node.isEnumDeclaration(statement)
    ) {
      types.set(statement.getName(), statement);
    }
  }
  return types;
}

/** The local types that the given nodes name, and those which these name in turn, in the order of the file. */
export function usedTypes(nodes: readonly Node[], types: LocalTypes): LocalType[] {
  const used = new Set<string>();
  const queue = [...nodes];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    const identifiers = [node, ...node.getDescendantsOfKind(SyntaxKind.Identifier)];
    for (const name of identifiers.map((identifier) => identifier.getText())) {
      const type = types.get(name);
      if (!type || used.has(name)) continue;
      used.add(name);
      queue.push(type);
    }
  }
  return [...types].filter(([name]) => used.has(name)).map(([, type]) => type);
}
