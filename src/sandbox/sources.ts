// Which files agent code may import, and nothing else: TypeScript under servers/ and skills/ of the home. Links that
// lead out are refused. It reads, and knows no bundler.
import { readdir, readFile, realpath } from "node:fs/promises";
import path from "node:path";

/** A module of the home: its path relative to the home, with forward slashes, and its text. */
export interface SourceModule {
  readonly path: string;
  readonly text: string;
}

/** Finds modules for import specifiers. */
export interface Sources {
  /**
   * The module that `specifier` means inside the module `importer` (a path in the home; undefined for agent code).
   * Agent code may write `./servers/memory`, `servers/memory`, `../servers/memory/createEntities.ts`: all mean the same.
   * Undefined when there is none.
   */
  find(specifier: string, importer?: string): Promise<SourceModule | undefined>;
  /** Names below a folder of the home that a specifier could have meant, for error messages. */
  names(folder: string): Promise<string[]>;
}

const ROOTS = new Set(["servers", "skills"]);

/** What a path without its ending means where it is no file of that name; `text` where no file holds it. */
export type FindModule = (
  target: string,
) => Promise<{ readonly path: string; readonly text?: string } | undefined>;

/**
 * @param runtime text of `servers/runtime.ts`, whatever file of that name the home holds.
 * @param findModule knows modules that have another place than their path says, such as skills.
 */
export function createSources(home: string, runtime: string, findModule?: FindModule): Sources {
  return {
    async find(specifier, importer) {
      const target = normalise(specifier, importer);
      if (target === undefined) return undefined;
      if (target === "servers/runtime") return { path: "servers/runtime.ts", text: runtime };
      const known = await findModule?.(target);
      if (known?.text !== undefined) return { path: known.path, text: known.text };
      for (const candidate of [known?.path, `${target}.ts`, `${target}/index.ts`]) {
        const text = candidate === undefined ? undefined : await readInside(home, candidate);
        if (candidate !== undefined && text !== undefined) return { path: candidate, text };
      }
      return undefined;
    },
    async names(folder) {
      if (!ROOTS.has(path.posix.normalize(folder).split("/")[0] ?? "")) return [];
      const entries = await readdir(path.join(home, folder), { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isDirectory() || /^(?!index\.|runtime\.)[^.].*\.ts$/.test(entry.name))
        .map((entry) => entry.name.replace(/\.ts$/, ""));
    },
  };
}

/** A path in the home without its ending, or undefined for what lies outside `servers/` and `skills/`. */
function normalise(specifier: string, importer: string | undefined): string | undefined {
  const clean = specifier.replaceAll("\\", "/").replace(/\.(ts|js|mts|mjs)$/, "");
  const joined =
    importer === undefined
      ? path.posix.normalize(clean).replace(/^(\.\.\/|\/)+/, "")
      : path.posix.join(path.posix.dirname(importer), clean);
  const target = joined.replace(/\/(index)?$/, "");
  if (importer !== undefined && !clean.startsWith(".")) return undefined;
  return ROOTS.has(target.split("/")[0] ?? "") ? target : undefined;
}

async function readInside(home: string, file: string): Promise<string | undefined> {
  const full = path.join(home, file);
  try {
    const [root, real] = await Promise.all([
      realpath(path.join(home, file.split("/")[0] ?? "")),
      realpath(full),
    ]);
    if (!real.startsWith(root + path.sep)) return undefined;
    return await readFile(real, "utf8");
  } catch {
    return undefined;
  }
}
