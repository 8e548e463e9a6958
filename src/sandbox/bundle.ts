// One program with everything it imports as one script, by esbuild. What cannot be resolved is a fault with a position.
import {
  build,
  type BuildFailure,
  type BuildOptions,
  type Message,
  type Metafile,
  type OnLoadResult,
  type Plugin,
} from "esbuild";
import { nearest } from "../nearest.ts";
import { bareImports } from "./bare-imports.ts";
import type { ProgramModule } from "./program.ts";
import { PROGRAM_URL, SCRIPT_PREFIX } from "./engine.ts";
import { toUserPosition, type SourcePosition } from "./positions.ts";
import type { Sources } from "./sources.ts";

/** A script that evaluates to the program's async function, with the map to the agent's source. */
export interface Bundle {
  readonly script: string;
  /** Source map of `script`, as JSON. */
  readonly map: string;
  /** Files of the home whose code is in the script, relative to the home. What is imported and not used is not. */
  readonly files: readonly string[];
}

/** Something that cannot be bundled, at a place in the agent's source when it is there (lines and columns from 1). */
export interface BundleFault {
  readonly message: string;
  readonly user?: SourcePosition | undefined;
  /** The file of the home it is in, when it is in one. */
  readonly file?: string | undefined;
}

const NAMESPACE = "home";
const ENTRY = "toolgrove-entry";
const OPTIONS = {
  entryPoints: [ENTRY],
  bundle: true,
  write: false,
  outfile: PROGRAM_URL,
  format: "iife",
  globalName: "toolgroveProgram",
  platform: "neutral",
  target: "esnext",
  // V8 knows neither them nor the `accessor` keyword.
  supported: { decorators: false },
  sourcemap: "external",
  sourcesContent: false,
  metafile: true,
  charset: "utf8",
  logLevel: "silent",
  tsconfigRaw: {},
} as const satisfies BuildOptions;

/**
 * Bundles `module` with the files of the home it imports. A skill that cannot be bundled is a fault where the program uses
 * it; beside what the program uses, as another one of its group, it is none.
 */
export async function bundle(
  module: ProgramModule,
  sources: Sources,
): Promise<{ bundle: Bundle } | { faults: readonly BundleFault[] }> {
  const unresolved = await checkImports(module, sources);
  if (unresolved.length > 0) return { faults: unresolved };
  const contents = `${module.code}${await bareImports(module, sources)}${inlineMap(module)}`;
  const broken = new Map<string, BundleFault>();
  for (;;) {
    const { bundle: made, faults } = await buildWithout(broken, { module, contents, sources });
    const used = made?.files.flatMap((file) => broken.get(file) ?? []) ?? [];
    if (made && faults.length + used.length === 0) return { bundle: made };
    const more = faults.filter(({ file }) => file?.startsWith("skills/") && !broken.has(file));
    if (used.length > 0) return { faults: used };
    if (more.length === 0) return { faults: broken.size > 0 ? [...broken.values()] : faults };
    for (const fault of more) broken.set(fault.file ?? "", fault);
  }
}

interface Subject {
  readonly module: ProgramModule;
  /** The code that is bundled. */
  readonly contents: string;
  readonly sources: Sources;
}

interface Built {
  readonly bundle?: Bundle;
  readonly faults: readonly BundleFault[];
}

/** One run of esbuild, with a stand-in for each of the files that are broken. */
async function buildWithout(broken: ReadonlyMap<string, unknown>, subject: Subject): Promise<Built> {
  const { module, contents, sources } = subject;
  const explained = (messages: readonly Message[]): Promise<BundleFault[]> =>
    Promise.all(messages.map((message) => explain(message, module.map, sources)));
  try {
    const result = await build({ ...OPTIONS, plugins: [homePlugin(contents, sources, broken)] });
    const [map = "", script = ""] = result.outputFiles.map((file) => file.text);
    // One line in front of the bundle would shift every position; so the wrapper shares its first line.
    const whole = `${SCRIPT_PREFIX}${script}\nreturn toolgroveProgram.default;})()\n//# sourceURL=${PROGRAM_URL}`;
    return {
      bundle: { script: whole, map, files: keptFiles(result.metafile) },
      faults: await explained(result.warnings.filter(isFatal)),
    };
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (!Array.isArray(errors)) throw error;
    return { faults: await explained(errors) };
  }
}

/** What esbuild did not shake off: a group's index loads all of the group, and the script has what is used of it. */
function keptFiles({ outputs }: Metafile): string[] {
  const kept = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return kept
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([name]) => name.replace(`${NAMESPACE}:`, ""))
    .filter((file) => file !== ENTRY);
}

/** Specifiers the agent wrote that lead nowhere. esbuild would not report those it finds unused. */
async function checkImports(module: ProgramModule, sources: Sources): Promise<BundleFault[]> {
  const faults = await Promise.all(
    module.imports.map(async ({ specifier, line, column }) => {
      if (await sources.find(specifier)) return [];
      return [{ message: await missing(specifier, sources), user: { line, column } }];
    }),
  );
  return faults.flat();
}

function homePlugin(contents: string, sources: Sources, broken: ReadonlyMap<string, unknown>): Plugin {
  return {
    name: "home",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, async ({ path, importer, kind }) => {
        if (kind === "entry-point") return { path, namespace: NAMESPACE };
        const found = await sources.find(path, importer === ENTRY ? undefined : importer);
        if (found) return { path: found.path, namespace: NAMESPACE, pluginData: found.text };
        return { errors: [{ text: await missing(path, sources) }] };
      });
      onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }): OnLoadResult => {
        const text = path === ENTRY ? contents : (pluginData as string);
        return { contents: broken.has(path) ? standInFor(text) : text, loader: "ts" };
      });
    },
  };
}

const EXPORT = /^[ \t]*export\s+(?:async\s+)?(?:function\*?|const|let|class|enum)\s+([\w$]+)/gm;

/** What exports the same names: esbuild keeps of it what it would have kept of the module. */
function standInFor(text: string): string {
  const names = new Set([...text.matchAll(EXPORT)].map(([, name = ""]) => name));
  return [...names].map((name) => `export function ${name}() {}\n`).join("");
}

function inlineMap(module: ProgramModule): string {
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(module.map).toString("base64")}`;
}

/** A property that no wrapper exports is `undefined` to esbuild and a mistake to us. */
function isFatal(message: Message): boolean {
  return message.id === "import-is-undefined" || message.id === "call-import-namespace";
}

async function explain(message: Message, map: string, sources: Sources): Promise<BundleFault> {
  const text = (await explainExport(message.text, sources)) ?? message.text;
  const { location } = message;
  if (!location?.file.endsWith(ENTRY)) {
    const file = location?.file.replace(`${NAMESPACE}:`, "");
    return { message: file === undefined ? text : `${file}:${location?.line}: ${text}`, file };
  }
  return { message: text, user: toUserPosition(map, { line: location.line, column: location.column + 1 }) };
}

/** esbuild's two ways to say that a module lacks an export, in our words and with the nearest names. */
async function explainExport(text: string, sources: Sources): Promise<string | undefined> {
  const match =
    /^Import "(?<name>.+)" will always be undefined because there is no matching export in "home:(?<file>.+)"$/.exec(
      text,
    ) ?? /^No matching export in "home:(?<file>.+)" for import "(?<name>.+)"$/.exec(text);
  const { name, file } = match?.groups ?? {};
  if (name === undefined || file === undefined) return undefined;
  const folder = file.replace(/\/index\.ts$|\.ts$/, "");
  const names = await sources.names(folder);
  if (name === "default") return `${folder} has no default export: write import * as x from "./${folder}".`;
  return `${folder} has no "${name}". ${suggest(name, names)}`;
}

async function missing(specifier: string, sources: Sources): Promise<string> {
  const [, root, name, tool] = /^(?:\.{0,2}\/)*(servers|skills)\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (root === undefined || name === undefined) {
    return (
      `Cannot import "${specifier}": code may import from "./servers/…" and "./skills/…" only. ` +
      "For files use the global object workspace; packages, Node modules and the network are not available."
    );
  }
  const known = await sources.names(root);
  if (!known.includes(name)) return `There is no ${root}/${name}. ${suggest(name, known)}`;
  return `There is no ${root}/${name}/${tool ?? "index"}. ${suggest(tool ?? "", await sources.names(`${root}/${name}`))}`;
}

function suggest(name: string, known: readonly string[]): string {
  if (known.length === 0) return "There is nothing there yet.";
  const close = nearest(name, known, 5);
  return close.length > 0
    ? `Did you mean ${close.join(", ")}?`
    : `There are: ${known.slice(0, 20).join(", ")}.`;
}
