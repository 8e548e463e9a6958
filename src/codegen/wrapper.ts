// One tool definition to the text of its wrapper, and a folder's wrappers to its index. Pure: same input, same bytes.
import type { ToolDefinition } from "../tool.ts";
import { docComment } from "./doc-comment.ts";
import { typePrefix } from "./identifier.ts";
import { inputTypes, type InputTypes } from "./input-type.ts";
import { printNamedType } from "./print-type.ts";
import { GENERATED_MARK, GENERATED_NOTICE } from "./runtime-source.ts";
import { stringLiteral } from "./safe-text.ts";
import { learnedType } from "./shape-type.ts";
import type { Learned } from "./shape.ts";
import { typesOfSchema } from "./schema-type.ts";
import { keywordsOf } from "./schema.ts";
import type { NamedType } from "./type-node.ts";

const WIDTH = 110;

/** What a wrapper is generated from. */
export interface WrapperSource {
  /** The server's key in mcp.json. */
  readonly server: string;
  /** The tool's name from `nameTools`. */
  readonly functionName: string;
  readonly definition: ToolDefinition;
  /** What its results look like; it counts where the definition has no output schema. */
  readonly learned?: Learned | undefined;
}

/** The text of `servers/<folder>/<functionName>.ts`. */
export function generateWrapper({ server, functionName, definition, learned }: WrapperSource): string {
  const prefix = typePrefix(functionName);
  const input = inputTypes(definition.inputSchema, `${prefix}Input`);
  const output = outputTypes(`${prefix}Output`, definition, learned);
  const result = output[0]?.name ?? "unknown";
  return [
    `${firstLine(server)}import { callTool } from "../runtime.js";\n`,
    ...[...input.types, ...output].map(printNamedType),
    docComment({ text: textOf(definition.description), tags: tagsOf(server, definition) }) +
      signature(functionName, parameterOf(input), result) +
      `  return callTool(${[server, definition.name].map(stringLiteral).join(", ")}, input${shapeOf(input)});\n}\n`,
  ].join("\n");
}

/** What an index gathers. */
export interface IndexSource {
  readonly server: string;
  /** The generated wrappers of the folder. */
  readonly wrappers: readonly Omit<WrapperSource, "server">[];
  /** File names without ending of whatever else the folder holds; all they export is exported again. */
  readonly others: readonly string[];
  /** Lines of the index before this one for some of the others, by name; these stand as they are. */
  readonly kept?: ReadonlyMap<string, string>;
}

/** The text of `servers/<folder>/index.ts`. It names what it takes from wrappers, so that no two of them can clash. */
export function generateIndex({ server, wrappers, others, kept }: IndexSource): string {
  const lines = new Map([
    ...wrappers.map((wrapper) => [wrapper.functionName, wrapperExport(wrapper)] as const),
    ...others.map(
      (file) => [file, kept?.get(file) ?? `export * from ${stringLiteral(`./${file}.js`)};\n`] as const,
    ),
  ]);
  const names = [...lines.keys()].toSorted();
  const body = names.map((name) => lines.get(name) ?? "").join("");
  return firstLine(server) + (body === "" ? "export {};\n" : body);
}

function wrapperExport({ functionName, definition, learned }: Omit<WrapperSource, "server">): string {
  const prefix = typePrefix(functionName);
  const output = hasOutput(definition) || learned ? [`type ${prefix}Output`] : [];
  const names = [functionName, `type ${prefix}Input`, ...output];
  const line = `export { ${names.join(", ")} } from ${stringLiteral(`./${functionName}.js`)};\n`;
  if (line.length <= WIDTH) return line;
  return `export {\n${names.map((name) => `  ${name},\n`).join("")}} from ${stringLiteral(`./${functionName}.js`)};\n`;
}

function firstLine(server: string): string {
  return `${GENERATED_MARK} from the MCP server ${stringLiteral(server)}. ${GENERATED_NOTICE}\n`;
}

/** The types of the output, its own first: what the server says, else what was learned, else none. */
function outputTypes(
  name: string,
  definition: ToolDefinition,
  learned: Learned | undefined,
): readonly NamedType[] {
  if (hasOutput(definition)) return typesOfSchema(definition.outputSchema, name);
  return learned ? [learnedType(learned, name)] : [];
}

function hasOutput({ outputSchema }: ToolDefinition): boolean {
  return keywordsOf(outputSchema) !== undefined;
}

function textOf(description: unknown): string {
  return typeof description === "string" ? description : "";
}

function tagsOf(server: string, { name, annotations }: ToolDefinition): [name: string, value: string][] {
  const effects = keywordsOf(annotations);
  if (!effects) return [["tool", `${server}/${name}`]];
  const writes = effects["destructiveHint"] === true ? "destroys" : "writes";
  return [
    ["tool", `${server}/${name}`],
    ["effects", effects["readOnlyHint"] === true ? "reads" : writes],
  ];
}

function parameterOf({ types: [{ name }], bare, optional }: InputTypes): string {
  if (bare) return `input: ${name} | ${name}[${stringLiteral(bare.name)}]`;
  return optional ? `input: ${name} = {}` : `input: ${name}`;
}

function shapeOf({ bare }: InputTypes): string {
  if (!bare) return "";
  return `, { bare: ${stringLiteral(bare.name)}${bare.mayBeObject ? ", object: true" : ""} }`;
}

function signature(functionName: string, parameter: string, result: string): string {
  const line = `export function ${functionName}(${parameter}): Promise<${result}> {\n`;
  if (line.length - 1 <= WIDTH) return line;
  return `export function ${functionName}(\n  ${parameter},\n): Promise<${result}> {\n`;
}
