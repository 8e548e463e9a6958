// Plain text for agents: functions with their types, whole when one is read alone, sharing what they repeat in a list.
import { moduleOf, type ToolDocument } from "../document.ts";
import { withNamedTypes } from "./named-types.ts";
import { shareParts } from "./shared-parts.ts";
import { toolText } from "./tool-text.ts";

const MAX_IMPORTED = 4;

/** Import lines, one for each module, what the functions share, then the functions. */
export function renderTools(documents: readonly ToolDocument[]): string {
  const { statements, documents: named } = withNamedTypes(documents);
  const [only, ...more] = named;
  if (only && more.length === 0) return [importLines(named), ...statements, toolText(only)].join("\n");
  const { lines, parts } = shareParts(named);
  const head = [importLines(named), ...lines, ...statements].join("\n");
  return [head, ...named.map((document) => toolText(document, parts))].join("\n\n");
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
