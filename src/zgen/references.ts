// `$ref`s of one schema: each target inside the document becomes one named type, also when it refers to itself.
// A reference to another document is never followed.
import { typePrefix as toTypeName } from "../codegen/identifier.ts"; const toCamelCase = (t: string) => t.replace(/\W/g,"");
import { isSchemaObject } from "./schema.ts";

/** The named types of one document. */
export interface References {
  /** The type a `$ref` stands for; it is rendered on its first use. */
  typeOf(ref: string): string;
  /** `export type …` for each target met, in that order. */
  declarations(): string[];
}

/** @param render gives a target's type; it may come back here for references inside it. */
export function createReferences(
  root: unknown,
  rootName: string,
  render: (target: unknown, self: References) => string,
): References {
  const names = new Map<string, string>([["#", rootName], ["#/", rootName]]);
  const taken = new Set([rootName]);
  const bodies = new Map<string, string>();

  const self: References = {
    typeOf(ref) {
      const known = names.get(ref);
      if (known !== undefined) return known;
      if (!ref.startsWith("#")) return "unknown /* defined in another document, which is not loaded */";
      const target = lookUp(root, ref);
      if (target === undefined) return "unknown /* defined nowhere in this schema */";
      const name = freeName(rootName, ref, taken);
      names.set(ref, name);
      // Reserves its place before the types it needs.
      bodies.set(name, "unknown");
      bodies.set(name, render(target, self));
      return name;
    },
    declarations: () =>
      [...bodies].map(([name, type]) => `export type ${name} = ${isCircular(name, bodies) ? "unknown" : type};`),
  };
  return self;
}

/** Whether a type would stand for itself without anything in between (`A = B | string`, `B = A`): TypeScript refuses that. */
function isCircular(name: string, bodies: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const members = (bodies.get(next) ?? "").split(/[|&]/).map((member) => member.trim());
    if (members.includes(name)) return true;
    seen.add(next);
    open.push(...members.filter((member) => bodies.has(member) && !seen.has(member)));
  }
  return false;
}

/** The part of the document a JSON pointer or an `$anchor` names. */
function lookUp(root: unknown, ref: string): unknown {
  if (!ref.startsWith("#/")) return findAnchor(root, ref.slice(1), 0);
  let target: unknown = root;
  for (const segment of ref.slice(2).split("/")) {
    const key = decode(segment).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof target !== "object" || target === null || !Object.hasOwn(target, key)) return undefined;
    target = (target as Record<string, unknown>)[key];
  }
  return target;
}

function findAnchor(schema: unknown, anchor: string, depth: number): unknown {
  if (depth > 20 || typeof schema !== "object" || schema === null) return undefined;
  if (isSchemaObject(schema) && (schema["$anchor"] === anchor || schema["$dynamicAnchor"] === anchor)) return schema;
  for (const child of Object.values(schema)) {
    const found = findAnchor(child, anchor, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function freeName(rootName: string, ref: string, taken: Set<string>): string {
  const last = toTypeName(toCamelCase(decode(ref.split("/").at(-1) ?? ""))) || "Part";
  const base = `${rootName}${last}`;
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
  taken.add(name);
  return name;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
