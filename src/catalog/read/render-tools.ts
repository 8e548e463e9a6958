// Plain text for agents: functions with their types, whole when one is read alone, sharing what they repeat in a list.
import { moduleOf, type ToolDocument } from "../document.ts";
import { withNamedTypes } from "./named-types.ts";
import { shareParts, type TextLimits } from "./shared-parts.ts";
import { toolText } from "./tool-text.ts";

const MAX_IMPORTED = 4;
/** Whoever reads many functions looks for those to read again, alone. */
const ROOMY: TextLimits = { description: 600, parameter: 200 };
const TIGHT: TextLimits = { description: 240, parameter: 100 };

/** What an agent reads of functions, in its parts. */
export interface LaidOutTools {
  /** Import lines, one for each module, and what the functions share. */
  readonly head: string;
  /** Each function by itself. */
  readonly tools: readonly string[];
}

/** Import lines, what the functions share, then the functions: see `layOutTools`. */
export function renderTools(documents: readonly ToolDocument[], room?: number): string {
  const { head, tools } = layOutTools(documents, room);
  return [head, ...tools].join(tools.length === 1 ? "\n" : "\n\n");
}

/**
 * Lays out functions. One alone is whole; in a list long texts are cut, and earlier where that makes the list fit.
 *
 * @param room how many characters there are; what does not fit is longer. Unlimited by default
 */
export function layOutTools(documents: readonly ToolDocument[], room = Infinity): LaidOutTools {
  const { statements, documents: named } = withNamedTypes(documents);
  const [only, ...more] = named;
  if (only && more.length === 0) {
    return { head: [importLines(named), ...statements].join("\n"), tools: [toolText(only)] };
  }
  const layOut = (limits: TextLimits): LaidOutTools => {
    const { lines, parts } = shareParts(named, limits);
    const head = [importLines(named), ...lines, ...statements].join("\n");
    return { head, tools: named.map((document) => toolText(document, parts)) };
  };
  const roomy = layOut(ROOMY);
  if (lengthOf(roomy) <= room) return roomy;
  const tight = layOut(TIGHT);
  return lengthOf(tight) <= room ? tight : roomy;
}

function lengthOf({ head, tools }: LaidOutTools): number {
  return tools.reduce((sum, text) => sum + text.length + 2, head.length);
}

/** Every name stands once more at its call below: many are imported under the name of their module. */
function importLine(module: string, names: readonly string[]): string {
  const space = module.slice(module.lastIndexOf("/") + 1);
  const isMany = names.length > MAX_IMPORTED && /^[A-Za-z_$][\w$]*$/.test(space);
  return `import ${isMany ? `* as ${space}` : `{ ${names.join(", ")} }`} from "${module}";`;
}

function importLines(documents: readonly ToolDocument[]): string {
  const modules = new Map<string, string[]>();
  for (const document of documents) {
    const module = moduleOf(document);
    modules.set(module, [...(modules.get(module) ?? []), document.name]);
  }
  return [...modules].map(([module, names]) => importLine(module, names)).join("\n");
}
