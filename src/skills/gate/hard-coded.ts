// Which literals of a skill should be its parameters: identifiers, dates, counts, names of records. It only advises.
import { ts } from "ts-morph";
import type { FindingRule } from "../finding.ts";
import type { Piece } from "./pieces.ts";

/** A parameter that should stand in a literal's place. */
export interface Advice {
  readonly rule: FindingRule;
  readonly parameter: string;
  readonly type: "string" | "number";
}

const DATE = /^\s*\d{4}[-/]\d{2}(?:[-/]\d{2})?(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?\s*$|\b\d{4}-\d{2}-\d{2}\b/;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i;
const OPAQUE_ID = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}$/;
const HEX_ID = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{10,}$/i;
const TICKET = /^[A-Z][A-Z0-9]{1,9}-\d+$|^#\d+$/;
const LONG_NUMBER = /^\d{5,}$/;
const ID_ROLE = /(?:^|_)ids?$|I[dD]s?$|(?:issue|pull|ticket|order|account|invoice)_?(?:number|no)$/;
const COUNT_ROLE =
  /^(?:(?:page|batch|chunk)_?size|per_?page|(?:max|min|top|first|last|limit|count|total|days|weeks|months|hours)\w*|\w+(?:Limit|Count|Total|Days))$/i;
const COUNT_CALLS = new Set(["slice", "take", "repeat"]);
/** Round powers, and what clocks and memories are counted in: said in every program. */
const USUAL = new Set([
  0, 1, 2, 7, 10, 12, 16, 24, 32, 60, 64, 100, 128, 256, 365, 512, 1_000, 1_024, 3_600, 10_000, 60_000,
]);

/** What to say of a literal of the skill; `proofTexts` are the texts of the run that proves it. */
export function adviceFor(piece: Piece, proofTexts: ReadonlySet<string>): Advice | undefined {
  // The default of a parameter is where such a value belongs.
  if (isDefaultValue(piece.node)) return undefined;
  return piece.kind === "string"
    ? forText(piece, proofTexts)
    : piece.kind === "number"
      ? forNumber(piece)
      : undefined;
}

function forText({ text, role, node }: Piece, proofTexts: ReadonlySet<string>): Advice | undefined {
  if (ts.isRegularExpressionLiteral(node)) return undefined;
  if (
    UUID.test(text) ||
    TICKET.test(text) ||
    HEX_ID.test(text) ||
    OPAQUE_ID.test(text) ||
    LONG_NUMBER.test(text)
  )
    return { rule: "identifier", parameter: parameterName(role, "id"), type: "string" };
  if (DATE.test(text)) return { rule: "date", parameter: parameterName(role, "date"), type: "string" };
  const isRecord = text.length > 2 && /[A-Z\d\s]|\P{ASCII}/u.test(text) && proofTexts.has(text);
  return isRecord ? { rule: "record", parameter: parameterName(role, "name"), type: "string" } : undefined;
}

function forNumber({ text, role, node }: Piece): Advice | undefined {
  const value = Number(text);
  if (ID_ROLE.test(role))
    return value < 2
      ? undefined
      : { rule: "identifier", parameter: parameterName(role, "id"), type: "number" };
  if (isDatePart(node)) return { rule: "date", parameter: "date", type: "string" };
  if (USUAL.has(value)) return undefined;
  const isCount = COUNT_ROLE.test(role) || comparesLength(node) || isCountArgument(node);
  // A constant with a name of its own has been thought about.
  return isCount && !/^[A-Z][A-Z\d_]*$/.test(role)
    ? { rule: "count", parameter: parameterName(role === "length" ? "" : role, "limit"), type: "number" }
    : undefined;
}

function isDefaultValue(node: ts.Node): boolean {
  for (let at = node; !ts.isStatement(at); at = at.parent) {
    const { parent } = at;
    if ((ts.isParameter(parent) || ts.isBindingElement(parent)) && parent.initializer === at) return true;
  }
  return false;
}

function isDatePart({ parent }: ts.Node): boolean {
  return (
    ts.isNewExpression(parent) &&
    parent.expression.getText() === "Date" &&
    (parent.arguments?.length ?? 0) > 1
  );
}

function comparesLength(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isBinaryExpression(parent)) return false;
  const other = parent.left === node ? parent.right : parent.left;
  return ts.isPropertyAccessExpression(other) && /^(?:length|size)$/.test(other.name.text);
}

function isCountArgument({ parent }: ts.Node): boolean {
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    COUNT_CALLS.has(parent.expression.name.text)
  );
}

function parameterName(role: string, otherwise: string): string {
  const words = role.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).filter(Boolean);
  const name = words
    .map((word, at) =>
      at === 0 ? word.toLowerCase() : `${word[0]?.toUpperCase()}${word.slice(1).toLowerCase()}`,
    )
    .join("");
  return /^[a-z]/.test(name) ? name : otherwise;
}
