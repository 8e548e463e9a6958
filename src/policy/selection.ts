// Which tools of a server its owner wants, by the globs in its entry. It knows names, and nothing of what tools do.
import { ToolgroveError } from "../errors.ts";
import type { CallTool } from "../tool.ts";

/** Globs over a server's tool names: `*` is any run of characters, `?` any one. */
export interface ToolSelection {
  /** Only these; all by default. */
  readonly include?: readonly string[];
  /** None of these, whatever `include` says. */
  readonly exclude?: readonly string[];
}

/** Whether a selection leaves the tool in. */
export function isSelected(tool: string, { include = ["*"], exclude = [] }: ToolSelection): boolean {
  const matches = (pattern: string): boolean => patternOf(pattern).test(tool);
  return include.some(matches) && !exclude.some(matches);
}

/** Refuses calls to tools that their server's selection leaves out. */
export function refuseLeftOut(callTool: CallTool, selections: ReadonlyMap<string, ToolSelection>): CallTool {
  return async (ref, args, context) => {
    if (isSelected(ref.tool, selections.get(ref.server) ?? {})) return callTool(ref, args, context);
    throw new ToolgroveError(
      "bad_input",
      `${ref.server}.${ref.tool} was not called: "include" and "exclude" of server "${ref.server}" in servers/mcp.json leave it out.`,
    );
  };
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su");
}
