// Imports for servers that code names without importing them. It knows text and names, and no bundler.
import type { ProgramModule } from "./program.ts";
import type { Sources } from "./sources.ts";

/**
 * Import lines to be put at the module's end. The code stands inside a function, so a variable of its own with that name
 * wins; imports hoist, so at the end they shift no line; and esbuild drops what is not used after all.
 */
export async function bareImports(module: ProgramModule, sources: Sources): Promise<string> {
  const servers = await sources.names("servers");
  return servers
    .filter((name) => !module.imports.some(({ names }) => names.includes(name)))
    .filter((name) => new RegExp(`(?<![\\w$.])${name}\\s*[.?[]`).test(module.source))
    .map((name) => `import * as ${name} from "./servers/${name}";\n`)
    .join("");
}
