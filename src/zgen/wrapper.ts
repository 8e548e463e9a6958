// One tool definition → the text of its wrapper file. Pure: the same definition gives the same bytes.
import type { ToolAnnotations, ToolDefinition } from "../tool.ts";
import { typePrefix as toTypeName } from "../codegen/identifier.ts";
import { commentText, docComment, stringLiteral } from "./literal.ts";
import { GENERATED_MARK } from "./runtime-source.ts";
import { toType } from "./schema-type.ts";
import { isSchemaObject, propertiesOf, requiredOf } from "./schema.ts";

/** What a wrapper is generated from. */
export interface WrapperInput {
  /** The server's name in mcp.json. */
  readonly server: string;
  /** The function's name, from `nameTools`. */
  readonly functionName: string;
  readonly definition: ToolDefinition;
}

const LINE_WIDTH = 110;

/** The text of `servers/<server>/<functionName>.ts`. */
export function generateWrapper({ server, functionName, definition }: WrapperInput): string {
  const typeName = toTypeName(functionName);
  const schema = isSchemaObject(definition.inputSchema) ? definition.inputSchema : { type: "object" };
  const input = declareType(`${typeName}Input`, schema);
  const output =
    definition.outputSchema === undefined ? "" : declareType(`${typeName}Output`, definition.outputSchema);
  return [
    `${GENERATED_MARK} from the MCP server ${stringLiteral(server)}. Do not edit: \`toolgrove sync\` writes it again.`,
    `import { callTool } from "../runtime.js";`,
    "",
    `${input}${output}${docComment(documentation(server, definition), "")}${signature(functionName, schema, output !== "")} {`,
    `  return callTool(${callArguments(server, definition.name, schema)});`,
    "}",
    "",
  ].join("\n");
}

/** The text of `servers/<folder>/index.ts`, which gathers the folder's modules. */
export function generateIndex(server: string, modules: readonly string[]): string {
  const lines = modules.toSorted().map((name) => `export * from ${stringLiteral(`./${name}.js`)};\n`);
  const mark = `${GENERATED_MARK} from the MCP server ${stringLiteral(server)}. Do not edit: \`toolgrove sync\` writes it again.`;
  return `${mark}\n${lines.join("") || "export {};\n"}`;
}

/** The named type with the types it refers to, each followed by an empty line. */
function declareType(name: string, schema: NonNullable<ToolDefinition["outputSchema"]>): string {
  const { type, declarations } = toType(schema, name);
  const own = /^\{\n[^]*\}$/.test(type) && isOneObject(type) ? `export interface ${name} ${type}` : `export type ${name} = ${type};`;
  return [...declarations, own].map((declaration) => `${declaration}\n\n`).join("");
}

/** Whether the text is a single object type, not an intersection that starts with one. */
function isOneObject(type: string): boolean {
  return type.indexOf("\n}") === type.length - 2;
}

function documentation(server: string, { name, description, annotations }: ToolDefinition): string[] {
  const effects = annotations ? effectsOf(annotations) : undefined;
  const text = commentText(description ?? "");
  return [
    ...text,
    ...(text.length > 0 ? [""] : []),
    `@tool ${commentText(`${server}/${name}`).join(" ")}`,
    ...(effects === undefined ? [] : [`@effects ${effects}`]),
  ];
}

function effectsOf({ readOnlyHint, destructiveHint }: ToolAnnotations): string {
  if (readOnlyHint === true) return "reads";
  return destructiveHint === true ? "destroys" : "writes";
}

function signature(functionName: string, schema: Readonly<Record<string, unknown>>, hasOutput: boolean): string {
  const typeName = toTypeName(functionName);
  const required = requiredOf(schema);
  const [bare] = required;
  const bareType = required.length === 1 && bare !== undefined ? ` | ${typeName}Input[${stringLiteral(bare)}]` : "";
  const fallback = takesNothing(schema) ? " = {}" : "";
  const parameter = `input: ${typeName}Input${bareType}${fallback}`;
  const result = `Promise<${hasOutput ? `${typeName}Output` : "unknown"}>`;
  const line = `export function ${functionName}(${parameter}): ${result}`;
  return line.length + 2 <= LINE_WIDTH ? line : `export function ${functionName}(\n  ${parameter},\n): ${result}`;
}

/** Whether the tool can be called without arguments. */
function takesNothing(schema: Readonly<Record<string, unknown>>): boolean {
  const { required } = schema;
  return !Array.isArray(required) || required.length === 0;
}

function callArguments(server: string, tool: string, schema: Readonly<Record<string, unknown>>): string {
  const required = requiredOf(schema);
  const [bare] = required;
  const call = `${stringLiteral(server)}, ${stringLiteral(tool)}, input`;
  if (required.length !== 1 || bare === undefined) return call;
  const object = mayBeObject(propertiesOf(schema)[bare]) ? ", object: true" : "";
  return `${call}, { bare: ${stringLiteral(bare)}${object} }`;
}

/** Whether a parameter's own value can be an object, so that a bare object is ambiguous. Anything unclear counts. */
function mayBeObject(schema: unknown): boolean {
  if (!isSchemaObject(schema)) return true;
  const { type } = schema;
  if (Array.isArray(type)) return type.includes("object");
  if (typeof type === "string") return type === "object";
  return !("enum" in schema || "const" in schema || "items" in schema);
}
