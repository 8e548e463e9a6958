// One look at a program that asks to become a skill: what stands in the way, what should be better, and its two halves.
// It runs nothing and writes nothing. It loads a parser: see `analysis-thread.ts`.
import { ts } from "ts-morph";
import type { Finding } from "../finding.ts";
import { adviceOf, refusalsOf } from "../gate/gate.ts";
import { foldName } from "../../nearest.ts";
import {
  exportedFunctions,
  findingAt,
  findingAtOffset,
  parseProgram,
  type ExportedFunction,
} from "./parse.ts";
import type { SplitContext } from "./split-context.ts";
import { splitProgram } from "./split.ts";

/** What is asked of an analysis; `main` is the skill's name as it was given. */
export type AnalysisRequest = SplitContext & { readonly code: string };

/** One parameter of the skill's function. */
export interface SkillParameter {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly optional: boolean;
}

/** The skill a program would become. */
export interface SkillDraft {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly SkillParameter[];
  /** All functions it exports. */
  readonly functions: readonly string[];
  readonly module: string;
  readonly proof: string;
  /** What should be a parameter. */
  readonly advice: readonly Finding[];
}

/** The draft, or everything that stands in its way. */
export type Analysis = { readonly draft: SkillDraft } | { readonly refusals: readonly Finding[] };

/** Longer code is no skill but a program. */
const MAX_CHARS = 64 * 1024;

/** Never throws for what the code is. */
export function analyseProgram(request: AnalysisRequest): Analysis {
  const { code } = request;
  if (code.length > MAX_CHARS) {
    const message = `The code has ${code.length} characters; a skill may have ${MAX_CHARS}. Put data into workspace files.`;
    return { refusals: [{ rule: "too-large", message, line: 1, column: 1 }] };
  }
  const source = parseProgram(code);
  const functions = exportedFunctions([...source.statements]);
  const main =
    functions.find(({ name }) => name === request.main) ??
    functions.find(({ name }) => foldName(name) === foldName(request.main));
  const refusals = [...mainRefusals(source, functions, main, request), ...refusalsOf(source)];
  if (!main || refusals.length > 0) return { refusals };
  const file = request.file.replace(/[^/]+$/, `${main.name}.ts`);
  const split = splitProgram(source, { ...request, main: main.name, file });
  if ("finding" in split) return { refusals: [split.finding] };
  return {
    draft: {
      name: main.name,
      description: main.description,
      parameters: main.parameters.map(parameterOf),
      functions: functions.map(({ name }) => name),
      module: split.module,
      proof: split.proof,
      advice: adviceOf(source, split.inModule),
    },
  };
}

const EXAMPLE =
  '/** Says what it does and when to use it. */\nexport async function backupAllEntities(folder = "backups") { … }\nawait backupAllEntities();';

function mainRefusals(
  source: ts.SourceFile,
  functions: readonly ExportedFunction[],
  main: ExportedFunction | undefined,
  { main: asked }: AnalysisRequest,
): Finding[] {
  if (functions.length === 0)
    return [
      findingAtOffset(
        source,
        0,
        "no-export",
        `The code exports no function to keep. Export one and call it:\n${EXAMPLE}`,
      ),
    ];
  const [first] = functions;
  if (!main && first) {
    const names = functions.map(({ name }) => name).join(", ");
    return [
      findingAt(
        first.statement,
        "name",
        `save_as ends in "${asked}", and the code exports ${names}: name one of them.`,
      ),
    ];
  }
  if (!main || main.description.length >= MIN_DESCRIPTION) return [];
  const message =
    `${main.name} has no description, and by it a skill is found. Write above it what it does and when to use it:\n` +
    `/** … */\nexport async function ${main.name}(…`;
  return [findingAt(main.statement, "no-description", message)];
}

/** Shorter ones say no more than the name. */
const MIN_DESCRIPTION = 12;

function parameterOf(node: ts.ParameterDeclaration): SkillParameter {
  const [tag] = ts.getJSDocParameterTags(node);
  const text = ts.getTextOfJSDocComment(tag?.comment)?.trim() ?? "";
  return {
    name: node.name.getText(),
    type: node.type?.getText() ?? typeOfDefault(node.initializer),
    description: text.replace(/^- /, ""),
    optional: node.questionToken !== undefined || node.initializer !== undefined,
  };
}

function typeOfDefault(initializer: ts.Expression | undefined): string {
  if (!initializer) return "unknown";
  if (ts.isStringLiteralLike(initializer)) return "string";
  if (ts.isNumericLiteral(initializer)) return "number";
  const { kind } = initializer;
  return kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword ? "boolean" : "unknown";
}
