// How each client writes a variable inside an entry, and how `servers/mcp.json` writes the same: `${NAME}`.

/** The ways of writing; `none` expands nothing. */
export type VariableStyle = "none" | "shell" | "editor" | "dollar" | "braces";

/** What an editor's variables stand for. */
export interface VariableContext {
  readonly userHome: string;
  /** The project an entry belongs to; none for a user's own entry. */
  readonly projectDir?: string | undefined;
}

const REFERENCE = /\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}/;

/** The text with its variables written our way. Throws with the reason when one has no counterpart. */
export function translateVariables(text: string, style: VariableStyle, context: VariableContext): string {
  switch (style) {
    case "shell":
      return text;
    case "none":
      return plain(text);
    case "dollar":
      return text.replace(/\$([A-Za-z_][A-Za-z0-9_]*)/g, "${$1}");
    case "braces":
      return plain(text).replace(/\{(env|file):([^}]+)\}/g, (whole, kind: string, name: string) => {
        if (kind === "file") throw new Error(`it reads a file (${whole}), which only this client does`);
        return `\${${name}}`;
      });
    case "editor":
      return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => editorVariable(whole, name, context));
  }
}

/** The name of an environment variable made from any text: `github-token` becomes `GITHUB_TOKEN`. */
export function variableName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : `VALUE_${name}`;
}

/** The variables that stand for what an editor would ask its user. */
export function inputVariables(text: string): string[] {
  return [...text.matchAll(/\$\{input:([^}]+)\}/g)].map(([, id = ""]) => variableName(id));
}

function editorVariable(whole: string, name: string, { userHome, projectDir }: VariableContext): string {
  const [, kind, rest = ""] = /^(env|input):(.+)$/.exec(name) ?? [];
  if (kind === "env") return `\${${rest}}`;
  // An editor asks for an input and keeps the answer; we read it from the environment.
  if (kind === "input") return `\${${variableName(rest)}}`;
  if (name === "userHome") return userHome;
  if (name === "workspaceFolder" && projectDir !== undefined) return projectDir;
  if (REFERENCE.test(whole) && !/^(?:workspace|file|path)/.test(name)) return whole;
  throw new Error(`it uses ${whole}, which only this client knows`);
}

/** A client that expands nothing means these characters as they stand, and we would replace them. */
function plain(text: string): string {
  const [found] = REFERENCE.exec(text) ?? [];
  if (found === undefined) return text;
  throw new Error(`it holds ${found} as plain text, which Toolgrove would replace`);
}
