// How a skill is named: `group/name` as agents write it, its function, its folder. It knows no disk.

/** Where a skill belongs. */
export interface SkillName {
  /** The first folder below `skills/`. */
  readonly group: string;
  /** The function's name, which is also its file's. */
  readonly name: string;
}

/** The longest name the Agent Skills form allows. */
const MAX_FOLDER_CHARS = 64;
const GROUP = /^[A-Za-z][A-Za-z0-9-]*$/;
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$/;
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;
/** Names that mean something to the language, to module loaders or to this folder. */
const RESERVED = new Set(
  (
    "arguments async await break case catch class const constructor continue debugger default delete do else enum eval " +
    "export extends false finally for function if implements import in interface let new null package private protected " +
    "prototype public return static super switch then this throw true try typeof undefined var void while with yield " +
    "index proof skill skills servers runtime versions workspace console main node_modules"
  ).split(" "),
);

/** Reads `save_as`; `skills/` before and `.ts` behind it are forgiven, anything that is no plain name is refused. */
export function parseSaveAs(text: string): { readonly name: SkillName } | { readonly refusal: string } {
  const path = text
    .trim()
    .replace(/^(?:\.\/)?skills\//, "")
    .replace(/\.ts$/, "");
  const [group = "", name = "", ...more] = path.split("/");
  if (group === "" || name === "" || more.length > 0)
    return {
      refusal: `save_as takes group/name, such as "memory/backupAllEntities", not "${shorten(text)}".`,
    };
  const fault = faultOf(group, GROUP) ?? faultOf(name, NAME);
  if (fault !== undefined) return { refusal: `save_as "${shorten(text)}" cannot be used: ${fault}.` };
  return { name: { group, name } };
}

function faultOf(part: string, form: RegExp): string | undefined {
  const shown = shorten(part);
  if (!form.test(part))
    return `"${shown}" must begin with a letter and hold letters, digits and single hyphens only`;
  if (folderOf(part).length > MAX_FOLDER_CHARS)
    return `"${shown}" is longer than ${MAX_FOLDER_CHARS} characters`;
  if (DEVICE_NAME.test(part)) return `"${shown}" is the name of a device`;
  return RESERVED.has(part.toLowerCase()) ? `"${shown}" is a reserved word` : undefined;
}

/** The folder of a skill in the Agent Skills form: `backupAllEntities` stands in `backup-all-entities`. */
export function folderOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

/** The module of a skill that is saved under this name, relative to the home. */
export function moduleFile({ group, name }: SkillName): string {
  return `skills/${group}/${folderOf(name)}/${name}.ts`;
}

/** The folder around a module, relative to `skills`: `memory/tag-where` for `skills/memory/tag-where/tagWhere.ts`. */
export function folderAround(file: string): string {
  return file.replace(/^skills\//, "").replace(/\/?[^/]*$/, "");
}

/** `group/name`, as agents name it; a function right under `skills/` has no group. */
export function pathOf({ group, name }: SkillName): string {
  return group === "" ? name : `${group}/${name}`;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
