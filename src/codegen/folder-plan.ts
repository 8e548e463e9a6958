// Decides what a server's folder should hold, from its definitions and from what is there. It touches no disk.
import { messageOf } from "../errors.ts";
import type { ToolDefinition } from "../tool.ts";
import { hasHashSuffix, nameTools } from "./identifier.ts";
import { GENERATED_MARK } from "./runtime-source.ts";
import { stringLiteral } from "./safe-text.ts";
import type { Learned } from "./shape.ts";
import { generateIndex, generateWrapper } from "./wrapper.ts";

/** Something about one tool that its user should know. */
export interface TreeWarning {
  readonly tool: string;
  readonly reason: string;
}

/** What the plan is made from. */
export interface FolderState {
  readonly server: string;
  readonly definitions: readonly ToolDefinition[];
  /** Names of further tools, whose wrappers stay as they are. */
  readonly held?: readonly string[];
  /** What results look like, by tool. */
  readonly learned?: ReadonlyMap<string, Learned>;
  /** Texts of the modules in the folder, by file name. */
  readonly before: ReadonlyMap<string, string>;
}

/** What the folder should hold. */
export interface FolderPlan {
  /** Generated texts by file name, the index last. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of generated files that must not be removed. */
  readonly kept: ReadonlySet<string>;
  readonly warnings: readonly TreeWarning[];
}

/** Whether a file's text is ours. Anything else belongs to the user. */
export function isGenerated(text: string): boolean {
  return text.startsWith(GENERATED_MARK);
}

/**
 * One wrapper a tool; the user's files are re-exported beside them. The old wrapper of a held tool, and of a broken
 * definition, stays as it is.
 */
export function planFolder({ server, definitions, before, held = [], learned }: FolderState): FolderPlan {
  const modules = [...before.keys()].filter((file) => file !== "index.ts");
  const owned = modules.filter((file) => !isGenerated(before.get(file) ?? ""));
  const names = nameTools([...definitions.map(({ name }) => name), ...held]);
  const tools = nameDefinitions(definitions, names).map((tool) => {
    return wrapperOf({ ...tool, server, learned: learned?.get(tool.definition.name) }, owned);
  });
  const wrappers = tools.filter((tool) => tool.text !== undefined);
  const stays = new Set([
    ...tools.filter((tool) => tool.text === undefined).map((tool) => tool.file),
    ...held.map((name) => `${names.get(name)}.ts`),
  ]);
  const stale = modules.filter((file) => stays.has(file));
  const others = [...new Set([...owned, ...stale])].map((file) => file.slice(0, -".ts".length));
  const files = new Map(wrappers.map((tool) => [tool.file, tool.text ?? ""]));
  const kept = indexLines(before.get("index.ts") ?? "", stale);
  files.set("index.ts", generateIndex({ server, wrappers, others, kept }));
  return {
    files,
    kept: new Set([...files.keys(), ...stale]),
    warnings: tools.flatMap(({ definition, reasons }) =>
      reasons.map((reason) => ({ tool: definition.name, reason })),
    ),
  };
}

/** The lines with which a generated index gathers some of its modules. */
function indexLines(index: string, files: readonly string[]): Map<string, string> {
  if (!isGenerated(index)) return new Map();
  const statements = index.match(/^export [^;]*;\n/gm) ?? [];
  return new Map(
    files.flatMap((file) => {
      const module = file.slice(0, -".ts".length);
      const line = statements.find((one) => one.endsWith(`from ${stringLiteral(`./${module}.js`)};\n`));
      return line === undefined ? [] : [[module, line]];
    }),
  );
}

interface NamedDefinition {
  readonly definition: ToolDefinition;
  readonly functionName: string;
  readonly file: string;
  /** How many definitions of the server carry this name. */
  readonly count: number;
}

/** Each name once, with the first definition that carries it. */
function nameDefinitions(
  definitions: readonly ToolDefinition[],
  names: ReadonlyMap<string, string>,
): NamedDefinition[] {
  return [...names].flatMap(([name, functionName]) => {
    const all = definitions.filter((definition) => definition.name === name);
    return all
      .slice(0, 1)
      .map((definition) => ({ definition, functionName, file: `${functionName}.ts`, count: all.length }));
  });
}

interface ToolState extends NamedDefinition {
  readonly server: string;
  readonly learned: Learned | undefined;
}

interface PlannedTool extends ToolState {
  /** The wrapper, when the tool gets one. */
  readonly text?: string;
  /** What the user should know about this tool. */
  readonly reasons: readonly string[];
}

function wrapperOf(tool: ToolState, owned: readonly string[]): PlannedTool {
  const { functionName, file, count } = tool;
  const reasons = [
    ...(count > 1 ? [`the server lists it ${count} times; the first definition counts`] : []),
    ...(hasHashSuffix(functionName)
      ? [`it is called ${functionName}, since its name alone is not a distinct identifier`]
      : []),
  ];
  // Some file systems do not tell case apart, so that writing ours would overwrite theirs.
  const own = owned.find((name) => name.toLowerCase() === file.toLowerCase());
  if (own !== undefined)
    return { ...tool, reasons: [...reasons, `the hand-written ${own} stands in for its wrapper`] };
  try {
    return { ...tool, text: generateWrapper(tool), reasons };
  } catch (error) {
    return { ...tool, reasons: [...reasons, `its definition cannot be used: ${messageOf(error)}`] };
  }
}
