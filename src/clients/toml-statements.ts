// Splits a TOML text into its statements, so that each can be kept or cut as it stands. It changes nothing.
import { parse, type TomlTable } from "smol-toml";

/** A header, a key with its value, or a line that is neither. */
export interface Statement {
  readonly kind: "header" | "pair" | "other";
  readonly text: string;
  /** Names under the parent that it is about. */
  readonly about: readonly string[];
}

/** The value a text stands for. Throws with the line that is not TOML. */
export function parseToml(text: string): TomlTable {
  try {
    return parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(String(error instanceof Error ? error.message.split("\n")[0] : error), { cause: error });
  }
}

/** The text in pieces, in order and complete; `parent` is the key whose tables are of interest. */
export function splitToml(text: string, parent: string): Statement[] {
  const statements: Statement[] = [];
  let table: readonly string[] = [];
  for (let at = 0; at < text.length;) {
    const end = endOfStatement(text, at);
    const piece = text.slice(at, end);
    const kind = kindOf(piece);
    const value = kind === "other" ? {} : parseToml(piece);
    if (kind === "header") table = pathOf(value);
    const full =
      kind === "header" ? value : table.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    statements.push({
      kind,
      text: piece,
      about: kind === "other" ? [] : Object.keys(memberOf(full, parent)),
    });
    at = end;
  }
  return statements;
}

function kindOf(piece: string): Statement["kind"] {
  const start = piece.replace(/^\uFEFF/, "").trimStart();
  if (start === "" || start.startsWith("#")) return "other";
  return start.startsWith("[") ? "header" : "pair";
}

/** The keys of a header: `[a."b c"]` alone parses to nested tables with one key each. */
function pathOf(value: unknown): string[] {
  const [first] = Object.entries(typeof value === "object" && value !== null ? value : {});
  if (!first) return [];
  const [key, inner] = first;
  return [key, ...pathOf(Array.isArray(inner) ? inner[0] : inner)];
}

/** The offset behind the line on which the statement ends; strings and brackets may hold line ends. */
function endOfStatement(text: string, start: number): number {
  const token =
    /"""[^]*?(?:(?<!\\)(?:\\\\)*""""{0,2}|$)|'''[^]*?(?:''''{0,2}|$)|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?|#[^\n]*|[[{]|[\]}]|\n/g;
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [piece] = found;
    if (piece === "[" || piece === "{") depth += 1;
    if (piece === "]" || piece === "}") depth -= 1;
    if (piece === "\n" && depth <= 0) return token.lastIndex;
  }
  return text.length;
}

/** The object under a key, or an empty one. */
export function memberOf(value: unknown, key: string): object {
  const isOwn = typeof value === "object" && value !== null && Object.hasOwn(value, key);
  const found = isOwn ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === "object" && found !== null ? found : {};
}
