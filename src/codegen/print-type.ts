// Lays types out as TypeScript text: on one line where it fits and nothing needs a comment. It knows no schema.
import { docComment, inlineComment } from "./doc-comment.ts";
import { stringLiteral } from "./safe-text.ts";
import type { Member, NamedType, ObjectNode, TypeNode } from "./type-node.ts";

const WIDTH = 110;
const STEP = "  ";

/** An exported interface, or an alias where an interface cannot say it; ends in a line feed. */
export function printNamedType({ name, type, doc }: NamedType): string {
  const comment = docComment({ text: doc });
  if (type.kind === "object" && type.members.length > 0) {
    return `${comment}export interface ${name} ${printBlock(type, "")}\n`;
  }
  return `${comment}${printAfter(`export type ${name} =`, type, "")};\n`;
}

/** The type on one line, or undefined when a member has a comment. */
export function flatType(type: TypeNode): string | undefined {
  switch (type.kind) {
    case "unknown":
      return type.note === undefined ? "unknown" : `unknown ${inlineComment(type.note)}`;
    case "text":
      return type.text;
    case "named":
      return type.name;
    case "array":
      return mapFlat([type.item], ([item]) => `${wrap(type.item, item ?? "")}[]`);
    case "tuple":
      return mapFlat(tupleTypes(type), (texts) => `[${tupleItems(type, texts).join(", ")}]`);
    case "union":
      return mapFlat(type.of, (texts) => texts.join(" | "));
    case "intersection":
      return mapFlat(type.of, (texts) => texts.map((text, index) => wrap(type.of[index], text)).join(" & "));
    case "object":
      break;
  }
  return flatObject(type);
}

function flatObject(type: ObjectNode): string | undefined {
  if (type.members.length === 0) return flatMap(type);
  if (type.members.some((member) => member.doc !== "")) return undefined;
  return mapFlat(
    type.members.map((member) => member.type),
    (texts) => {
      const parts = type.members.map((member, index) => `${memberName(member)}: ${texts[index] ?? ""}`);
      return `{ ${[...parts, ...(type.index ? ["[key: string]: unknown"] : [])].join("; ")} }`;
    },
  );
}

function flatMap({ index }: ObjectNode): string | undefined {
  if (!index) return "Record<string, never>";
  // An alias may meet itself inside a literal type, but not inside `Record`.
  const safe = index.kind === "text" || index.kind === "unknown";
  return mapFlat([index], ([text]) => (safe ? `Record<string, ${text}>` : `{ [key: string]: ${text} }`));
}

/** `prefix` and then the type; what has to be broken is indented from `indent`. */
function printAfter(prefix: string, type: TypeNode, indent: string): string {
  const flat = flatType(type);
  if (flat !== undefined && indent.length + prefix.length + flat.length + 2 <= WIDTH)
    return `${prefix} ${flat}`;
  const broken = printBroken(type, indent) ?? flat ?? "unknown";
  return broken.startsWith("\n") ? prefix + broken : `${prefix} ${broken}`;
}

/** The type over several lines, or undefined when it has no such form. A union starts with a line feed. */
function printBroken(type: TypeNode, indent: string): string | undefined {
  switch (type.kind) {
    case "object":
      return printBlock(type, indent);
    case "array":
      return printBrokenArray(type.item, indent);
    case "union":
      return printBrokenUnion(type.of, indent + STEP);
    case "intersection":
      return type.of.map((part) => printPart(part, indent)).join(" & ");
    case "tuple": {
      const texts = tupleTypes(type).map((part) => printPart(part, indent + STEP));
      return `[\n${tupleItems(type, texts)
        .map((text) => `${indent}${STEP}${text},\n`)
        .join("")}${indent}]`;
    }
    case "unknown":
    case "text":
    case "named":
      break;
  }
  return undefined;
}

function printBrokenArray(item: TypeNode, indent: string): string {
  if (item.kind !== "union") return `${printPart(item, indent)}[]`;
  return `(${printBrokenUnion(item.of, indent + STEP)}\n${indent})[]`;
}

/** A part of a larger type, in brackets where it would be read otherwise. */
function printPart(type: TypeNode, indent: string): string {
  const flat = flatType(type);
  if (flat !== undefined && indent.length + flat.length <= WIDTH) return wrap(type, flat);
  if (type.kind === "union") return `(${printBrokenUnion(type.of, indent + STEP)}\n${indent})`;
  return wrap(type, printBroken(type, indent) ?? flat ?? "unknown");
}

/** One member a line, but short literals share lines: long enumerations are read by people and paid for by agents. */
function printBrokenUnion(types: readonly TypeNode[], indent: string): string {
  const lines: string[] = [];
  let open = false;
  for (const type of types) {
    const short = type.kind === "text";
    const text = short ? type.text : printPart(type, indent + STEP);
    const last = lines.at(-1);
    const joined = `${last ?? ""} | ${text}`;
    if (short && open && joined.length <= WIDTH) lines[lines.length - 1] = joined;
    else lines.push(`${indent}| ${text}`);
    open = short;
  }
  return `\n${lines.join("\n")}`;
}

function printBlock(type: ObjectNode, indent: string): string {
  const inner = indent + STEP;
  if (type.members.length === 0)
    return `{\n${printAfter(`${inner}[key: string]:`, type.index ?? { kind: "unknown" }, inner)};\n${indent}}`;
  const members = type.members.map((member) => {
    return `${docComment({ text: member.doc }, inner)}${inner}${printAfter(`${memberName(member)}:`, member.type, inner)};\n`;
  });
  const index = type.index ? `${inner}[key: string]: unknown;\n` : "";
  return `{\n${members.join("")}${index}${indent}}`;
}

function memberName({ name, optional }: Member): string {
  return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name)}${optional ? "?" : ""}`;
}

function wrap(type: TypeNode | undefined, text: string): string {
  return type?.kind === "union" || type?.kind === "intersection" ? `(${text})` : text;
}

type TupleNode = Extract<TypeNode, { kind: "tuple" }>;

function tupleTypes({ items, rest }: TupleNode): readonly TypeNode[] {
  return rest ? [...items, rest] : items;
}

function tupleItems(type: TupleNode, texts: readonly string[]): string[] {
  return tupleTypes(type).map((part, index) => {
    const text = wrap(part, texts[index] ?? "");
    if (index >= type.items.length) return `...${text}[]`;
    return index < type.required ? text : `${text}?`;
  });
}

function mapFlat(types: readonly TypeNode[], join: (texts: readonly string[]) => string): string | undefined {
  const texts = types.map(flatType);
  return texts.every((text) => text !== undefined) ? join(texts) : undefined;
}
