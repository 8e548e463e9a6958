// Skills as other clients get them: folders in the Agent Skills form, and prompts. A part of the composition root: it
// joins what is on disk with what the catalog read in the code.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { SkillFacts } from "./catalog/catalog-door.ts";
import type { Catalogs } from "./catalogs.ts";
import type { Home } from "./home.ts";
import { listFolders, PAGE, type SkillFolder } from "./skills/folders.ts";
import { folderAround, folderOf } from "./skills/names.ts";
import { missingArguments, promptName, promptText } from "./skills/prompt.ts";

export type { SkillFolder };

/** A skill as a prompt. */
export interface SkillPrompt {
  /** `memory_tagWhere`. */
  readonly name: string;
  /** `memory/tagWhere`. */
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
  }[];
}

/** What a prompt says, or why it cannot be said. */
export type PromptAnswer =
  | { readonly text: string; readonly description: string }
  | { readonly problem: string };

/** The skills of a home for clients that know skills or prompts of their own. All is as fresh as the disk. */
export interface SkillOffering {
  /** The skills' folders, sorted by path. A function that was written without a page gets one. */
  folders(): Promise<readonly SkillFolder[]>;
  prompts(): Promise<readonly SkillPrompt[]>;
  /** What a prompt says with these arguments, which are texts. */
  prompt(name: string, given: Readonly<Record<string, string>>): Promise<PromptAnswer>;
  /** Calls `listener` when there are other skills, or other code of theirs, until the function it gives is called. */
  onChange(listener: () => void): () => void;
}

/** Makes it; nothing is looked at before it is asked for. */
export function createSkillOffering(
  home: Pick<Home, "root" | "skillsDir">,
  catalogs: Catalogs,
): SkillOffering {
  const all = async (): Promise<readonly SkillFacts[]> => (await catalogs.get()).skills();
  return {
    async folders() {
      const [written, functions] = await Promise.all([listFolders(home.skillsDir), all()]);
      const paths = new Set(written.map((folder) => folder.path));
      const bare = functions.filter(({ file }) => !paths.has(folderAround(file)));
      const made = await Promise.all(bare.map((facts) => introduce(home.root, facts)));
      const added = made.flat().filter((folder) => !paths.has(folder.path));
      return [...written, ...added].toSorted((a, b) => (a.path < b.path ? -1 : 1));
    },
    prompts: async () => (await all()).map(toPrompt),
    async prompt(name, given) {
      const functions = await all();
      const facts = functions.find((one) => promptName(one.path) === name);
      if (!facts) return { problem: `There is no prompt "${name}". There are: ${listed(functions)}.` };
      const texts = new Map(Object.entries(given));
      const missing = missingArguments(facts, texts);
      if (missing.length > 0) return { problem: `The prompt "${name}" needs ${missing.join(", ")} as well.` };
      return { text: promptText(facts, texts), description: facts.description };
    },
    onChange: catalogs.onSkillsChanged,
  };
}

function toPrompt({ path: skill, description, parameters }: SkillFacts): SkillPrompt {
  return {
    name: promptName(skill),
    title: skill.replace(/^skills\//, ""),
    description,
    arguments: parameters.map((one) => ({
      name: one.name,
      description: one.description || one.type,
      required: !one.optional,
    })),
  };
}

function listed(functions: readonly SkillFacts[]): string {
  return functions.map((one) => promptName(one.path)).join(", ") || "none";
}

/** A function that was written by hand as a folder in the Agent Skills form, which is written nowhere. */
async function introduce(root: string, facts: SkillFacts): Promise<SkillFolder[]> {
  const code = await readFile(path.join(root, facts.file)).catch(() => undefined);
  // Gone since the catalog looked.
  if (!code) return [];
  // It brings a YAML library, and every start would wait for that.
  const { pageText } = await import("./skills/page.ts");
  const [, group = "", ...more] = facts.path.split("/");
  const file = path.posix.basename(facts.file);
  const name = { group: more.length > 0 ? group : "", name: facts.name };
  const page = pageText({
    ...facts,
    name,
    description: facts.description || `No description: read ${file}.`,
    tools: [],
    file,
  });
  const folder = [name.group, folderOf(facts.name)].filter(Boolean).join("/");
  return [{ path: folder, files: { [PAGE]: Buffer.from(page), [file]: code } }];
}
