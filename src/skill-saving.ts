// Keeping a program's functions as a skill: everything that stands in its way is said before it runs, and what is kept is
// written when it has run to its end. A part of the composition root, like `execution.ts`.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Parts } from "./parts.ts";
import { showPosition } from "./sandbox/positions.ts";
import { toModule, type ProgramModule } from "./sandbox/program.ts";
import { collisionOf } from "./skills/collisions.ts";
import type { Finding } from "./skills/finding.ts";
import { modulesOf } from "./skills/group-index.ts";
import { moduleFile, parseSaveAs, pathOf, type SkillName } from "./skills/names.ts";
import { importLine, pageText } from "./skills/page.ts";
import { analyse } from "./skills/program/analysis.ts";
import type { SkillDraft } from "./skills/program/analyse.ts";
import { skillModulesIn, toolsIn } from "./skill-standing/names.ts";
import { hashText } from "./skills/record.ts";
import { assertPlace, listSkills, proofFile, saveSkill } from "./skills/store.ts";

/** A skill that may be saved once its program has run. */
export interface PreparedSkill {
  readonly name: SkillName;
  readonly draft: SkillDraft;
  /** `server/tool` of each tool it uses. */
  readonly tools: readonly string[];
  /** The module of each other skill it uses, relative to the home. */
  readonly skills: readonly string[];
}

/** What saving needs. */
export type SavingParts = Pick<Parts, "sources" | "checker" | "standing"> & { readonly skillsDir: string };

/** What the program would become, or why it cannot; runs nothing and writes nothing. */
export async function prepareSkill(
  parts: SavingParts,
  { code, saveAs }: { readonly code: string; readonly saveAs: string },
): Promise<{ readonly skill: PreparedSkill } | { readonly refusal: string }> {
  const asked = parseSaveAs(saveAs);
  if ("refusal" in asked) return asked;
  await assertPlace(parts.skillsDir, asked.name);
  const parsed = toModule(code);
  // The execution itself says what is wrong with its syntax, as for any program.
  if ("fault" in parsed) return { refusal: shown(parsed.source, parsed.fault) };
  const { module } = parsed;
  const analysis = await analyse({
    code: module.source,
    main: asked.name.name,
    file: moduleFile(asked.name),
    modules: await modulesIn(module, parts),
    servers: await parts.sources.names("servers"),
  });
  if ("refusals" in analysis) return { refusal: shownAll(module.source, analysis.refusals) };
  return checkDraft(parts, { module, draft: analysis.draft, group: asked.name.group });
}

/** By specifier as the program writes it, the file that is meant. */
async function modulesIn(
  { imports }: ProgramModule,
  { sources }: SavingParts,
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    imports.map(async ({ specifier }) => [specifier, (await sources.find(specifier))?.path] as const),
  );
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

interface Drafted {
  readonly module: ProgramModule;
  readonly draft: SkillDraft;
  readonly group: string;
}

/** Types of the program and of the module cut out of it, and names that are taken. */
async function checkDraft(
  parts: SavingParts,
  { module, draft, group }: Drafted,
): Promise<{ readonly skill: PreparedSkill } | { readonly refusal: string }> {
  const name = { group, name: draft.name };
  const program = await parts.checker.program(module);
  if ("unchecked" in program) return { refusal: `Its types could not be checked: ${program.unchecked}.` };
  if (program.faults.length > 0) return { refusal: shownAll(module.source, program.faults) };
  const file = moduleFile(name);
  const cut = await parts.checker.files({ [file]: draft.module, [proofFile(file)]: draft.proof });
  if ("unchecked" in cut) return { refusal: `Its types could not be checked: ${cut.unchecked}.` };
  const [fault] = cut.faults;
  if (fault)
    return {
      refusal: `${fault.path === file ? "The skill" : "Its proof"} alone does not fit its tools: ${fault.message}`,
    };
  const used = cut.uses[file] ?? [];
  const tools = toolsIn(used);
  const collision = await findCollision(parts, name, { draft, tools });
  if (collision !== undefined) return { refusal: collision };
  return { skill: { name, draft, tools, skills: skillModulesIn(file, used) } };
}

async function findCollision(
  { sources, skillsDir }: SavingParts,
  name: SkillName,
  { draft, tools }: { readonly draft: SkillDraft; readonly tools: readonly string[] },
): Promise<string | undefined> {
  const servers = new Set([name.group, ...tools.map((tool) => tool.split("/")[0] ?? "")]);
  const toolNames = await Promise.all(
    [...servers].map(async (server) => [server, await sources.names(`servers/${server}`)] as const),
  );
  return collisionOf(
    { ...name, functions: draft.functions },
    {
      skills: await listSkills(skillsDir),
      exports: await exportsOf(skillsDir, name),
      tools: new Map(toolNames),
    },
  );
}

const EXPORT = /^[ \t]*export\s+(?:async\s+)?(?:function\*?|const)\s+([\w$]+)/gm;

/** Functions that the other modules of the group export. */
async function exportsOf(skillsDir: string, name: SkillName): Promise<Map<string, string[]>> {
  const own = moduleFile(name).split("/").slice(2).join("/");
  const others = (await modulesOf(path.join(skillsDir, name.group))).filter((module) => module !== own);
  const found = await Promise.all(
    others.map(async (module) => {
      const text = await readFile(path.join(skillsDir, name.group, module), "utf8").catch(() => "");
      const names = [...text.matchAll(EXPORT)].map(([, exported = ""]) => exported);
      return [`skills/${name.group}/${module}`, names] as const;
    }),
  );
  return new Map(found);
}

/** Writes the skill; gives the lines that the answer ends with. */
export async function keepSkill(parts: SavingParts, skill: PreparedSkill): Promise<string[]> {
  const { name, draft, tools } = skill;
  const recorded = await parts.standing.record(skill);
  const { version, isSame, missingLine } = await saveSkill(parts.skillsDir, name, {
    module: draft.module,
    proof: draft.proof,
    page: (number) => pageText({ ...draft, name, tools, version: number }),
    record: (number) => ({
      version: number,
      created: new Date().toISOString(),
      sha256: hashText(draft.module),
      ...recorded,
    }),
  });
  const what = isSame ? `is what was saved before (version ${version})` : `saved (version ${version})`;
  const former = !isSame && version > 1 ? `; the former one is in versions/${version - 1}/` : "";
  const advice = draft.advice.map(({ message }) => message).join("; ");
  return [
    `Skill skills/${pathOf(name)} ${what}${former}: ${importLine(name)}`,
    ...(advice === "" ? [] : [`Hard-coded; better as parameters: ${advice}`]),
    ...(missingLine === undefined ? [] : [`Add to skills/${name.group}/index.ts: ${missingLine}`]),
  ];
}

const MOST_SHOWN = 5;

function shownAll(source: string, findings: readonly Pick<Finding, "message" | "line" | "column">[]): string {
  const more = findings.length > MOST_SHOWN ? [`… and ${findings.length - MOST_SHOWN} more.`] : [];
  return [...findings.slice(0, MOST_SHOWN).map((one) => shown(source, one)), ...more].join("\n");
}

function shown(
  source: string,
  { message, line, column }: Pick<Finding, "message" | "line" | "column">,
): string {
  return `${message}\nat ${showPosition(source, { line, column })}`;
}
