// Which skills somebody means by names as people write them. It knows no disk.
import { ToolgroveError } from "../errors.ts";
import { foldName, nearestLabels } from "../nearest.ts";

/** Something that can be named: by its path, by the last part of it, or by another path of the same kind. */
export interface Nameable {
  /** `memory/tagWhere`. */
  readonly path: string;
  /** `memory/tag-where`. */
  readonly alias?: string | undefined;
}

/** Those that are named, in that order, or all. Throws `bad_input` for a name that fits none or several. */
export function chooseSkills<One extends Nameable>(
  all: readonly One[],
  names: readonly string[],
): readonly One[] {
  return names.length === 0 ? all : names.map((name) => chooseSkill(all, name));
}

/** The one that is named. Throws `bad_input` for a name that fits none or several. */
export function chooseSkill<One extends Nameable>(all: readonly One[], name: string): One {
  const wanted = foldName(name.replace(/^(?:\.?\/)*skills\//, "").replace(/\.ts$/, ""));
  const found = all.filter((one) => spellingsOf(one).some((spelling) => foldName(spelling) === wanted));
  const [first] = found;
  if (first && found.length === 1) return first;
  const paths = found.map(({ path }) => path).join(" and ");
  const why = first ? `"${name}" fits ${paths}: name one of them.` : missing(name, all);
  throw new ToolgroveError("bad_input", why);
}

function spellingsOf({ path, alias = path }: Nameable): string[] {
  return [path, alias].flatMap((text) => [text, text.split("/").at(-1) ?? text]);
}

function missing(name: string, all: readonly Nameable[]): string {
  const paths = all.map(({ path }) => path);
  const near = nearestLabels(
    [name],
    all.map((one) => ({ label: one.path, spellings: spellingsOf(one) })),
  );
  const known = paths.length > 0 ? `There are ${paths.join(", ")}.` : "There are none.";
  return `There is no skill "${name}" here. ${near.length > 0 ? `Did you mean ${near.join(", ")}?` : known}`;
}
