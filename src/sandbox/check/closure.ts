// All that a module imports, directly and through others, as plain texts with the links between them: what a type check
// needs. It reads through `Sources` only, and knows no compiler.
import { dirname, join } from "node:path/posix";
import type { Sources } from "../sources.ts";

/** Modules with the links between their imports; paths are relative to the home. */
export interface Closure {
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
  /** By module, then by specifier, the module that is meant. */
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** More than any program needs; an index of a server with so many tools is still read. */
const MAX_MODULES = 5_000;

/**
 * Follows the imports of `entries`. An entry whose path lies outside `servers/` and `skills/` imports as agent code does.
 * A specifier that leads nowhere has no link. Text inside comments and strings may look like an import: that costs a file.
 */
export async function closureOf(
  entries: Readonly<Record<string, string>>,
  sources: Sources,
): Promise<Closure> {
  const files = new Map(Object.entries(entries));
  const links = new Map<string, Record<string, string>>();
  const todo = [...files.keys()];
  for (let importer = todo.pop(); importer !== undefined; importer = todo.pop()) {
    const found = await linksOf(importer, files.get(importer) ?? "", { entries, sources });
    links.set(importer, Object.fromEntries(found.map(({ specifier, path }) => [specifier, path])));
    for (const { path, text } of found) {
      if (files.has(path) || files.size >= MAX_MODULES) continue;
      files.set(path, text);
      todo.push(path);
    }
  }
  return { files: Object.fromEntries(files), links: Object.fromEntries(links) };
}

interface Link {
  readonly specifier: string;
  readonly path: string;
  readonly text: string;
}

const IMPORT = /\b(?:from|import)\s*\(?\s*(?:"([^"\n]+)"|'([^'\n]+)')/g;

/** An entry counts with the text it has here, also before it is on disk. */
function entryMeant(
  specifier: string,
  importer: string,
  entries: Known["entries"],
): Omit<Link, "specifier"> | undefined {
  const path = join(dirname(importer), specifier.replace(/\.[jt]s$/, ".ts"));
  const text = specifier.startsWith(".") && Object.hasOwn(entries, path) ? entries[path] : undefined;
  return text === undefined ? undefined : { path, text };
}

interface Known {
  readonly entries: Readonly<Record<string, string>>;
  readonly sources: Sources;
}

async function linksOf(importer: string, text: string, { entries, sources }: Known): Promise<Link[]> {
  const specifiers = new Set([...text.matchAll(IMPORT)].map(([, double, single]) => double ?? single ?? ""));
  const isOfHome = /^(?:servers|skills)\//.test(importer);
  const found = await Promise.all(
    [...specifiers].map(async (specifier) => {
      const module =
        entryMeant(specifier, importer, entries) ??
        (await sources.find(specifier, isOfHome ? importer : undefined));
      return module ? [{ specifier, ...module }] : [];
    }),
  );
  return found.flat();
}
