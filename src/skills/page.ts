// SKILL.md: how a skill introduces itself to any agent, in the open Agent Skills form. Text in, text out.
import { stringify } from "yaml";
import { folderOf, pathOf, type SkillName } from "./names.ts";

/** What a page is written from. */
export interface PageFacts {
  readonly name: SkillName;
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly description: string;
    readonly optional: boolean;
  }[];
  /** `server/tool` of each tool it uses. */
  readonly tools: readonly string[];
  readonly version: number;
}

const MAX_DESCRIPTION = 1_024;
const MARK = "toolgrove";

/** The page of a saved skill. */
export function pageText({ name, description, parameters, tools, version }: PageFacts): string {
  const call = `${name.name}(${parameters.map((one) => one.name).join(", ")})`;
  const servers = [...new Set(tools.map((tool) => tool.split("/")[0]))];
  const needs = servers.length > 0 ? `; it uses the MCP servers ${servers.join(", ")}` : "";
  const front = {
    name: folderOf(name.name),
    description: shorten(oneLine(description)),
    compatibility: `Runs through Toolgrove's execute_code${needs}.`,
    metadata: { [MARK]: pathOf(name), version: String(version) },
  };
  const list = parameters.map(
    (one) =>
      `- \`${one.name}\`${one.optional ? " (optional)" : ""}: \`${one.type}\`${one.description && ` — ${one.description}`}`,
  );
  return [
    `---\n${stringify(front, { lineWidth: 0 })}---`,
    `# ${name.name}`,
    description,
    "Run it with the MCP tool `execute_code` of Toolgrove, not with a shell:",
    `\`\`\`ts\n${importLine(name)}\nreturn await ${call};\n\`\`\``,
    ...(list.length > 0 ? [`Parameters:\n\n${list.join("\n")}`] : []),
    ...(tools.length > 0 ? [`Tools it uses: ${tools.map((tool) => `\`${tool}\``).join(", ")}.`] : []),
    `The code is in \`${name.name}.ts\`, the run that proved it in \`proof.ts\`.\n`,
  ].join("\n\n");
}

/** How code imports a skill. */
export function importLine({ group, name }: SkillName): string {
  return `import { ${name} } from "./skills/${group}";`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function shorten(text: string): string {
  return text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION - 1)}…` : text;
}
