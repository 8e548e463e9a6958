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
  /** Absent for one that was written by hand, which no run has proved. */
  readonly version?: number;
  /** What it is imported from; `./skills/GROUP` by default. */
  readonly module?: string;
  /** The file beside the page that holds it; `NAME.ts` by default. */
  readonly file?: string;
}

const MAX_DESCRIPTION = 1_024;
const MARK = "toolgrove";

/** The page of a skill. */
export function pageText(facts: PageFacts): string {
  const { name, description, parameters, tools, version, file = `${name.name}.ts` } = facts;
  const call = `${name.name}(${parameters.map((one) => one.name).join(", ")})`;
  const servers = [...new Set(tools.map((tool) => tool.split("/")[0]))];
  const needs = servers.length > 0 ? `; it uses the MCP servers ${servers.join(", ")}` : "";
  const front = {
    name: folderOf(name.name),
    description: shorten(oneLine(description)),
    compatibility: `Runs through Toolgrove's execute_code${needs}.`,
    metadata: { [MARK]: pathOf(name), ...(version !== undefined && { version: String(version) }) },
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
    `\`\`\`ts\n${importLine(name, facts.module)}\nreturn await ${call};\n\`\`\``,
    ...(list.length > 0 ? [`Parameters:\n\n${list.join("\n")}`] : []),
    ...(tools.length > 0 ? [`Tools it uses: ${tools.map((tool) => `\`${tool}\``).join(", ")}.`] : []),
    `The code is in \`${file}\`${version === undefined ? "" : ", the run that proved it in `proof.ts`"}.\n`,
  ].join("\n\n");
}

/** How code imports a skill. */
export function importLine({ group, name }: SkillName, module = `./skills/${group}`): string {
  return `import { ${name} } from "${module}";`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function shorten(text: string): string {
  return text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION - 1)}…` : text;
}
