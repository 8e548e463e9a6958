// A skill as a prompt: its name, and the words that make an agent run it with what its user typed. Text in, text out.

/** What of a skill a prompt is made from. */
export interface PromptFacts {
  /** `skills/memory/tagWhere`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly module: string;
  readonly parameters: readonly PromptParameter[];
  /** Whether the parameters are the keys of one object, or stand one after another. */
  readonly passing: "object" | "positional";
}

/** What a user may give; a prompt's arguments are texts. */
interface PromptParameter {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly optional: boolean;
}

/** Texts by the names of their arguments; a map, since a name may be that of something every object has. */
export type GivenArguments = ReadonlyMap<string, string>;

/** `memory_tagWhere`: letters and underscores, since some clients make a command of it. */
export function promptName(path: string): string {
  return path.split("/").slice(1).join("_");
}

/** The names of arguments that are needed and not given. */
export function missingArguments({ parameters }: PromptFacts, given: GivenArguments): string[] {
  return parameters.filter(({ name, optional }) => !optional && !given.has(name)).map(({ name }) => name);
}

/** What the agent is asked to do. An argument whose text is no value of its type is left to the agent, with its type. */
export function promptText(facts: PromptFacts, given: GivenArguments): string {
  const { path, name, module, description } = facts;
  const used = facts.parameters.slice(0, lastGiven(facts.parameters, given) + 1);
  const values = used.map((parameter) => ({
    parameter,
    value: valueOf(parameter, given.get(parameter.name)),
  }));
  const open = values.filter(({ value }) => value === undefined).map(({ parameter }) => parameter);
  const shown = values.map(({ parameter, value }) => ({
    name: parameter.name,
    // Of a rest parameter, whose name says so, the value is the list of all.
    text: value === undefined ? parameter.name : `${/^(?:\.\.\.)?/.exec(parameter.name)?.[0]}${value}`,
  }));
  return [
    `Run ${path} with Toolgrove's execute_code:`,
    `\`\`\`ts\nimport { ${name} } from "${module}";\nreturn await ${name}(${argumentsText(facts, shown)});\n\`\`\``,
    ...open.map(
      ({ name: left, type }) =>
        `In it, write for \`${left}\` the value that means: ${given.get(left)}\n\nIts type:\n\`\`\`ts\n${type}\n\`\`\``,
    ),
    `What it does: ${description}`,
  ].join("\n\n");
}

function lastGiven(parameters: readonly PromptParameter[], given: GivenArguments): number {
  return parameters.findLastIndex(({ name }) => given.has(name));
}

function argumentsText(
  { passing }: PromptFacts,
  shown: readonly { readonly name: string; readonly text: string }[],
): string {
  if (passing === "positional") return shown.map(({ text }) => text).join(", ");
  const keys = shown
    .filter(({ text }) => text !== "undefined")
    .map(({ name, text }) => `${JSON.stringify(name)}: ${text}`);
  return keys.length > 0 ? `{ ${keys.join(", ")} }` : "";
}

/** The argument as TypeScript; undefined when only somebody who understands it can write it. */
function valueOf({ type }: PromptParameter, text: string | undefined): string | undefined {
  if (text === undefined) return "undefined";
  const members = type.split("|").map((member) => member.trim());
  const json = parseJson(text);
  if (members.some((member) => member === typeof json && member !== "string")) return text.trim();
  if (members.some((member) => member === "string" || /^"[^"]*"$/.test(member))) return JSON.stringify(text);
  return typeof json === "object" && json !== null ? JSON.stringify(json) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
