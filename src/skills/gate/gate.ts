// What may be kept and what is reused: refusals for a whole program, advice for its skill. It changes nothing.
import type { ts } from "ts-morph";
import type { Finding, FindingRule } from "../finding.ts";
import { findingAtOffset } from "../program/parse.ts";
import { adviceFor } from "./hard-coded.ts";
import { machinePathIn } from "./machine-paths.ts";
import { personalDataIn } from "./personal.ts";
import { piecesOf, type Piece } from "./pieces.ts";
import { secretIn } from "./secrets.ts";

/** What must not be kept, neither in the skill nor in the run that proves it. */
export function refusalsOf(source: ts.SourceFile): Finding[] {
  return piecesOf(source, source.statements).flatMap((piece) => {
    const refusal = refusalOf(piece);
    return refusal ? [findingAtOffset(source, piece.offset, ...refusal)] : [];
  });
}

function refusalOf({ text, role, kind }: Piece): [FindingRule, string] | undefined {
  const secret = secretIn(text, role);
  if (secret !== undefined)
    return [
      "secret",
      `This looks like ${secret}: a skill must not hold secrets. Servers get theirs from mcp.json.`,
    ];
  const personal = personalDataIn(text);
  if (personal !== undefined)
    return [
      "personal-data",
      `This looks like ${personal}: a skill must not hold personal data. Pass it as a parameter.`,
    ];
  const path = kind === "number" ? undefined : machinePathIn(text);
  if (path === undefined) return undefined;
  return [
    "absolute-path",
    `${JSON.stringify(path)} is a path of one machine: use a path of the workspace, such as "backups/graph.json", or a parameter.`,
  ];
}

/** What of a skill's own statements should be a parameter. */
export function adviceOf(source: ts.SourceFile, inModule: ReadonlySet<ts.Statement>): Finding[] {
  const rest = source.statements.filter((one) => !inModule.has(one));
  const proofTexts = new Set(
    piecesOf(source, rest).flatMap(({ kind, text }) => (kind === "string" ? [text] : [])),
  );
  const found = piecesOf(source, inModule).flatMap((piece) => {
    const advice = adviceFor(piece, proofTexts);
    return advice ? [{ piece, advice }] : [];
  });
  return found.map(({ piece, advice: { rule, parameter, type } }) => {
    const literal = piece.kind === "string" ? JSON.stringify(piece.text) : piece.text;
    const { line, column } = findingAtOffset(source, piece.offset, rule, "");
    const shown = literal.length > 60 ? `${literal.slice(0, 59)}…` : literal;
    return { rule, line, column, message: `${shown} at ${line}:${column} → parameter ${parameter}: ${type}` };
  });
}
