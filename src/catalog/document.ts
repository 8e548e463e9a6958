// What the catalog knows of one callable function. Plain data: it can be cached, and knows no parser and no index.
import { foldName } from "../nearest.ts";

/** One thing a caller may pass, its texts as the file writes them. */
export interface ToolParameter {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly optional: boolean;
}

/** One JSDoc tag: `@effects writes` is `{ name: "effects", text: "writes" }`. */
export interface ToolTag {
  readonly name: string;
  readonly text: string;
}

/** One exported function under `servers/` or `skills/`. */
export interface ToolDocument {
  /** How agents name it: `servers/memory/createEntities`. Unique in a catalog. */
  readonly path: string;
  /** The file it stands in, relative to the home, with forward slashes. */
  readonly file: string;
  readonly kind: "tool" | "skill";
  /** The first folder under the root; the root's own name for a file that stands right under it. */
  readonly server: string;
  /** The function's name. */
  readonly name: string;
  /** The upstream tool's own name, from `@tool server/name`; else the function's name. */
  readonly tool: string;
  readonly description: string;
  readonly parameters: readonly ToolParameter[];
  /** Whether the parameters are the keys of one object, or stand one after another. */
  readonly passing: "object" | "positional";
  readonly tags: readonly ToolTag[];
  /** How it is called. */
  readonly signature: ToolSignature;
}

/** How a function is called, in texts ready to be shown; the JSDoc and the keys of an object input are not among them. */
export interface ToolSignature {
  /** The types it needs by name, a statement each. */
  readonly types: readonly string[];
  /** What stands before the arguments, such as `createIssue(`. */
  readonly before: string;
  /** The arguments; without them, `parameters` are the keys of one object. */
  readonly input?: string;
  /** The index signature of that object, when it takes other keys as well. */
  readonly rest?: string;
  /** What stands behind the arguments, such as `): { id: number }`. */
  readonly after: string;
}

/** Where a file and the functions in it belong. */
export interface DocumentPlace {
  readonly path: string;
  readonly kind: ToolDocument["kind"];
  readonly server: string;
}

/** The place of a function in a file: a function named like its file, or in an `index.ts`, needs no file in its path. */
export function placeOf(file: string, functionName: string): DocumentPlace {
  const segments = file.replace(/\.ts$/, "").split("/");
  const [root = "", first = ""] = segments;
  const stem = segments.at(-1);
  const folder = segments.slice(0, -1);
  const own = isSkillFolder(segments) ? folder.slice(0, -1) : folder;
  const parents = stem === "index" || stem === functionName ? own : segments;
  return {
    path: [...parents, functionName].join("/"),
    kind: root === "skills" ? "skill" : "tool",
    server: segments.length > 2 ? first : root,
  };
}

/** Whether these are the segments of a skill's module in a folder of its own: `skills/memory/tag-where/tagWhere`. */
function isSkillFolder([root, , folder = "", stem = "", ...more]: readonly string[]): boolean {
  return root === "skills" && stem !== "" && more.length === 0 && foldName(folder) === foldName(stem);
}

/** The module specifier that gives a document's function: the index of a server, or of a group of skills, gathers all that its folder exports. */
export function moduleOf(document: ToolDocument): string {
  const segments = document.file.replace(/(\/index)?\.ts$/, "").split("/");
  const gathered = (document.kind === "tool" && segments.length === 3) || isSkillFolder(segments);
  return `./${(gathered ? segments.slice(0, 2) : segments).join("/")}`;
}
