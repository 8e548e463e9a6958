// The skills of a home on disk: finding and saving them. It runs, checks and judges no code.
import { lstat, readdir, readFile, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { ToolgroveError } from "../errors.ts";
import { replaceFile } from "../replace-file.ts";
import { exportLine, indexText, isMainFile, modulesOf, ownIndex } from "./group-index.ts";
import { folderOf, type SkillName } from "./names.ts";
import { parseRecord, recordText, type SkillRecord } from "./record.ts";
import { inTurn } from "../turn.ts";

/** A skill that has a folder of its own. */
export interface StoredSkill extends SkillName {
  /** Its folder's absolute path. */
  readonly dir: string;
  /** Its module relative to the home: `skills/memory/tag-where/tagWhere.ts`. */
  readonly file: string;
  /** Undefined for a skill that was written by hand. */
  readonly record: SkillRecord | undefined;
}

/** What is saved: the texts of the folder's files. */
export interface SkillTexts {
  readonly module: string;
  readonly proof: string;
  /** The page and the record of a version, whose number is known when it is this skill's turn. */
  readonly page: (version: number) => string;
  readonly record: (version: number) => SkillRecord;
}

/** A proof: its path in the home, and its text. */
export interface ProofText {
  readonly file: string;
  readonly text: string;
}

/** What became of a save. */
export interface SavedSkill {
  readonly version: number;
  /** Nothing is new: the code is what it was. */
  readonly isSame: boolean;
  /** The line that a hand-written index of the group lacks. */
  readonly missingLine?: string | undefined;
}

/** The files a version consists of; `NAME.ts` beside them. */
const FILES = ["SKILL.md", "proof.ts", "skill.json"];

/** All skills with a folder under `skillsDir`, sorted by path. */
export async function listSkills(skillsDir: string): Promise<StoredSkill[]> {
  const own = (await skillFiles(skillsDir)).filter((file) => file.split("/").length === 4);
  return Promise.all(own.map((file) => skillAt(skillsDir, file)));
}

/** The modules of `skillsDir` that hold skills, relative to the home, sorted; also those without a folder of their own. */
export async function skillFiles(skillsDir: string): Promise<string[]> {
  const groups = await readdir(skillsDir, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    groups
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(async ({ name: group }) => {
        const modules = await modulesOf(path.join(skillsDir, group));
        return modules.map((module) => `skills/${group}/${module}`);
      }),
  );
  return found.flat().toSorted();
}

/** The skill whose module is `file`, relative to the home. Only the main module of a folder has a record. */
export async function skillAt(skillsDir: string, file: string): Promise<StoredSkill> {
  const [, group = "", ...inGroup] = file.split("/");
  const [folder = "", main = "", ...more] = inGroup;
  const dir = path.join(skillsDir, path.posix.dirname(file).slice("skills".length));
  const hasFolder = main !== "" && more.length === 0 && isMainFile(folder, main);
  const text = hasFolder ? await readText(path.join(dir, "skill.json")) : undefined;
  const record = text === undefined ? undefined : parseRecord(text);
  return { group, name: path.posix.basename(file, ".ts"), dir, file, record };
}

/** Throws `bad_home` when the place of a skill is a link, or no folder: nothing is written through it. */
export async function assertPlace(skillsDir: string, { group, name }: SkillName): Promise<void> {
  const places = [skillsDir, path.join(skillsDir, group), path.join(skillsDir, group, folderOf(name))];
  for (const place of places) {
    const found = await lstat(place).catch(() => undefined);
    // The home's own `skills` may be a link of its owner's.
    if (!found || found.isDirectory() || place === skillsDir) continue;
    throw new ToolgroveError(
      "bad_home",
      `${place} is no folder: a skill is not saved through a link or over a file.`,
    );
  }
}

/** Writes a skill; a former version moves to `versions/N`. Processes that save at the same time wait for each other. */
export async function saveSkill(skillsDir: string, name: SkillName, texts: SkillTexts): Promise<SavedSkill> {
  await assertPlace(skillsDir, name);
  const groupDir = path.join(skillsDir, name.group);
  const dir = path.join(groupDir, folderOf(name.name));
  return inTurn(groupDir, async () => {
    const former = await readText(path.join(dir, `${name.name}.ts`));
    const known = parseRecord((await readText(path.join(dir, "skill.json"))) ?? "");
    const before = former === undefined ? 0 : (known?.version ?? 1);
    const isSame = former === texts.module && known !== undefined && known.stale === undefined;
    if (!isSame) {
      if (former !== undefined) await keepVersion(dir, name, before);
      const version = before + 1;
      await replaceFile(path.join(dir, `${name.name}.ts`), texts.module);
      await replaceFile(path.join(dir, "proof.ts"), texts.proof);
      await replaceFile(path.join(dir, "SKILL.md"), texts.page(version));
      await replaceFile(path.join(dir, "skill.json"), recordText(texts.record(version)));
    }
    return { version: isSame ? before : before + 1, isSame, missingLine: await addToIndex(groupDir, name) };
  });
}

/** Copies what is there; a version that was kept already is never overwritten. */
async function keepVersion(dir: string, { name }: SkillName, version: number): Promise<void> {
  const kept = await readdir(path.join(dir, "versions")).catch(() => []);
  const free = Math.max(
    version,
    ...kept
      .map(Number)
      .filter(Number.isInteger)
      .map((one) => one + 1),
  );
  for (const file of [`${name}.ts`, ...FILES]) {
    const text = await readText(path.join(dir, file));
    if (text !== undefined) await replaceFile(path.join(dir, "versions", String(free), file), text);
  }
}

/** Writes the group's index of the skills that are there, none where none is; gives its owner's own, which stays. */
async function writeIndex(groupDir: string): Promise<string | undefined> {
  const own = await ownIndex(groupDir);
  if (own !== undefined) return own;
  const modules = await modulesOf(groupDir);
  const index = path.join(groupDir, "index.ts");
  await (modules.length > 0 ? replaceFile(index, indexText(modules)) : rm(index, { force: true }));
  return undefined;
}

/** Writes the group's index, or says which line its owner's own lacks. */
async function addToIndex(groupDir: string, { name }: SkillName): Promise<string | undefined> {
  const own = await writeIndex(groupDir);
  if (own === undefined) return undefined;
  const line = exportLine(`${folderOf(name)}/${name}.ts`);
  return own.includes(`/${name}.`) || own.includes(line) ? undefined : line;
}

/** Replaces a skill's record. */
export async function writeRecord({ dir }: StoredSkill, record: SkillRecord): Promise<void> {
  await replaceFile(path.join(dir, "skill.json"), recordText(record));
}

/** The text of a skill's module; undefined when it is gone. */
export async function readModule({ dir, file }: StoredSkill): Promise<string | undefined> {
  return readText(path.join(dir, path.posix.basename(file)));
}

/** The text of the run that proved a skill, with its path relative to the home; undefined when there is none. */
export async function readProof({ dir, file }: StoredSkill): Promise<ProofText | undefined> {
  const text = await readText(path.join(dir, "proof.ts"));
  return text === undefined ? undefined : { file: proofFile(file), text };
}

/** The file of the proof beside a skill's module. */
export function proofFile(file: string): string {
  return `${path.posix.dirname(file)}/proof.ts`;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    if (!(await lstat(file)).isFile()) return undefined;
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Removes a skill's folder with all versions, and what the group's generated index says of it. */
export async function removeSkill(skillsDir: string, { group, dir }: StoredSkill): Promise<void> {
  const groupDir = path.join(skillsDir, group);
  await inTurn(groupDir, async () => {
    await rm(dir, { recursive: true, force: true });
    await writeIndex(groupDir);
  });
  // Stays when something else is in it.
  await rmdir(groupDir).catch(() => undefined);
}

/** What became of a skill that was to be copied into a home. */
export type CopyResult = "copied" | "there already" | "another is there";

/** Copies a skill with what is proven of it, but never over something else. */
export async function copySkill(from: StoredSkill, skillsDir: string): Promise<CopyResult> {
  await assertPlace(skillsDir, from);
  const dir = path.join(skillsDir, from.group, folderOf(from.name));
  const code = await readModule(from);
  const present = await readText(path.join(dir, `${from.name}.ts`));
  if (present !== undefined) return present === code ? "there already" : "another is there";
  const groupDir = path.join(skillsDir, from.group);
  await inTurn(groupDir, async () => {
    for (const file of [`${from.name}.ts`, ...FILES]) {
      const text = await readText(path.join(from.dir, file));
      if (text !== undefined) await replaceFile(path.join(dir, file), text);
    }
    await writeIndex(groupDir);
  });
  return "copied";
}
