// `skills`: what an owner does with the home's skills: list, link, unlink, remove, prove, add.
import path from "node:path";
import { claudeSkillsFolder } from "../clients/locations.ts";
import { messageOf, ToolgroveError } from "../errors.ts";
import type { Gateway } from "../gateway.ts";
import type { LinkedSkill, ListedSkill } from "../skill-upkeep.ts";
import { UsageError, type Command, type CommandContext, type ExitCode } from "./command.ts";
import { visible } from "./visible.ts";

/** What a verb works with. */
interface SkillsContext extends CommandContext {
  readonly skills: Gateway["skills"];
  readonly names: readonly string[];
  /** The folder of skills of another program, absolute. */
  readonly linkFolder: string;
}

const VERBS: Readonly<Record<string, (context: SkillsContext) => Promise<ExitCode>>> = {
  list,
  link,
  unlink,
  remove,
  prove,
  add,
};
const LINKING = new Set(["list", "link", "unlink", "remove"]);

export const skillsCommand: Command = {
  name: "skills",
  usage: "[VERB] [NAME…]",
  summary: "the home's skills: list, link, unlink, remove, prove, add",
  flags: ["json", "to"],
  async run(context) {
    const [verb = "list", ...names] = context.args;
    const { flags, machine } = context;
    const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (!act) throw new UsageError(`skills has no "${verb}": ${Object.keys(VERBS).join(", ")}.`);
    if (flags.json && verb !== "list") throw new UsageError("--json belongs to skills list.");
    if (flags.to !== undefined && !LINKING.has(verb))
      throw new UsageError(`--to does not belong to skills ${verb}.`);
    const linkFolder = path.resolve(flags.to ?? claudeSkillsFolder(machine));
    const { skills } = await context.gateway();
    return act({ ...context, skills, names, linkFolder }).catch(asUsageError);
  },
};

/** A name that cannot be meant is the command line's fault. */
function asUsageError(error: unknown): never {
  if (error instanceof ToolgroveError && error.code === "bad_input") throw new UsageError(error.message);
  throw error;
}

async function list({ skills, names, linkFolder, flags, out, note }: SkillsContext): Promise<ExitCode> {
  if (names.length > 0) throw new UsageError("skills list takes no name; `toolgrove read` shows a skill.");
  const rows = await skills.list(linkFolder);
  if (flags.json) {
    out(JSON.stringify(rows));
    return 0;
  }
  if (rows.length === 0) note("There are no skills. execute_code keeps one with save_as.");
  const width = Math.max(...rows.map((row) => row.path.length));
  for (const row of rows) out(printRow(row, width));
  for (const problem of await unserved(skills)) note(problem);
  const shipped = await skills.shipped();
  if (shipped.length > 0)
    note(`Not here, but with Toolgrove: ${shipped.join(", ")}. \`toolgrove skills add\` copies them.`);
  return 0;
}

function printRow(
  { path: name, description, version, stale, link: state }: ListedSkill,
  width: number,
): string {
  const made = version === undefined ? "by hand" : `v${version}`;
  const linked = state === "linked" ? "linked" : "";
  const about = stale === undefined ? firstSentence(description) : stale;
  return visible(`${name.padEnd(width)}  ${made.padEnd(7)}  ${linked.padEnd(6)}  ${about}`);
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(text.replaceAll(/\s+/g, " "))?.[0] ?? text;
}

/** Folders that other clients are not shown, since they break a rule of the Agent Skills form. */
async function unserved(skills: Gateway["skills"]): Promise<string[]> {
  const { skillEntryOf } = await import("../serve/skills.ts");
  const entries = (await skills.folders()).map(async (folder) =>
    skillEntryOf(folder).then(
      () => [],
      (error: unknown) => [`skills/${folder.path} is not shown to other clients: ${messageOf(error)}.`],
    ),
  );
  return (await Promise.all(entries)).flat();
}

async function link({ skills, names, linkFolder, trusted, home, out }: SkillsContext): Promise<ExitCode> {
  if (!trusted)
    throw new ToolgroveError(
      "untrusted",
      `Nothing was linked: ${home.root} was found and not named. Its skills would become instructions for every session; \`toolgrove trust\` says that you mean it.`,
    );
  const linked = await skills.link(names, linkFolder);
  for (const one of linked) out(`${one.path}: ${printLink(one)}`);
  if (linked.length === 0) out("There is nothing to link: no skill has a SKILL.md.");
  return linked.some(({ state }) => state === "taken") ? 1 : 0;
}

function printLink({ link: place, state }: LinkedSkill): string {
  return state === "taken" ? `not linked, ${place} is there and is something else` : place;
}

async function unlink({ skills, names, linkFolder, out }: SkillsContext): Promise<ExitCode> {
  const gone = await skills.unlink(names, linkFolder);
  for (const place of gone) out(`removed ${place}`);
  if (gone.length === 0) out(`Nothing was linked in ${linkFolder}.`);
  return 0;
}

async function remove({ skills, names, linkFolder, out }: SkillsContext): Promise<ExitCode> {
  const [name, ...more] = names;
  if (name === undefined || more.length > 0) throw new UsageError("skills remove takes one name.");
  out(`Removed skills/${await skills.remove(name, linkFolder)}, with its versions.`);
  return 0;
}

/** One after another: proofs may write to the same servers. */
async function prove({ skills, names, signal, out, note }: SkillsContext): Promise<ExitCode> {
  const proved = await skills.provable(names);
  if (proved.length === 0) out("There is nothing to prove: no skill was saved from a program that ran.");
  let failed = 0;
  for (const name of proved) {
    const { text, isError } = await skills.prove(name, signal);
    out(`${name}: ${isError ? "failed" : "proved"}`);
    if (isError) note(visible(text));
    failed += Number(isError);
  }
  return failed > 0 ? 1 : 0;
}

async function add({ skills, names, out }: SkillsContext): Promise<ExitCode> {
  const added = await skills.add(names);
  for (const { path: name, result } of added) out(`skills/${name}: ${result}`);
  return added.some(({ result }) => result === "another is there") ? 1 : 0;
}
