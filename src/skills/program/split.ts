// A program that ran → the module of its skill, and the rest of it as the run that proves the skill. It writes nothing.
import { ts } from "ts-morph";
import type { Finding } from "../finding.ts";
import { importLines } from "./import-lines.ts";
import { declaredNames, usedNames } from "./names-in.ts";
import { isDefault, isExported, findingAt, localExports } from "./parse.ts";
import { isMadeByRunning } from "./run-state.ts";
import type { SplitContext } from "./split-context.ts";

/** The two halves, as texts of modules beside each other; `inModule` tells the statements of the first. */
export interface Split {
  readonly module: string;
  readonly proof: string;
  readonly inModule: ReadonlySet<ts.Statement>;
}

/** Splits a program; or says what of it cannot become a skill. */
export function splitProgram(
  source: ts.SourceFile,
  context: SplitContext,
): Split | { readonly finding: Finding } {
  const statements = [...source.statements];
  const reExport = statements.find((one) => ts.isExportDeclaration(one) && one.moduleSpecifier);
  if (reExport)
    return {
      finding: findingAt(
        reExport,
        "re-export",
        "A skill cannot re-export: import it, and export a function.",
      ),
    };
  const owners = ownersOf(statements);
  const inModule = closure(statements.filter(isPublic), owners);
  const state = [...inModule].find(isMadeByRunning);
  if (state) return { finding: runStateFinding(state) };

  const rest = statements.filter((one) => !inModule.has(one) && !ts.isImportDeclaration(one));
  const call = loneCall(statements, rest, context.main);
  const called = new Set([
    ...rest.flatMap((one) => [...usedNames(one)]),
    ...(call === "" ? [] : [context.main]),
  ]);
  if (!called.has(context.main)) {
    const message = `Nothing calls ${context.main}: a skill is proven by a run. Call it below, with real arguments.`;
    return { finding: findingAt(source, "not-called", message) };
  }
  const imports = statements.filter(ts.isImportDeclaration);
  const module = [
    importLines({ imports, used: namesUsedBy(inModule), context }),
    ...textsOf(statements, inModule),
  ];
  return {
    module: joined(module),
    proof: proofText({ statements, rest, inModule, owners, call, context }),
    inModule,
  };
}

type Owners = ReadonlyMap<string, ts.Statement>;

/** By name, the top-level statement that declares it; imports left out. */
function ownersOf(statements: readonly ts.Statement[]): Owners {
  const own = statements.filter((one) => !ts.isImportDeclaration(one));
  return new Map(own.flatMap((one) => declaredNames(one).map((name) => [name, one] as const)));
}

function isPublic(statement: ts.Statement): boolean {
  return isExported(statement) || localExports(statement).length > 0;
}

/** These statements and all that they need. */
function closure(first: readonly ts.Statement[], owners: Owners): Set<ts.Statement> {
  const found = new Set(first);
  // A set that grows while it is walked through is walked to its end.
  for (const statement of found) {
    for (const name of usedNames(statement)) {
      const owner = owners.get(name);
      if (owner) found.add(owner);
    }
  }
  return found;
}

function namesUsedBy(statements: Iterable<ts.Statement>): Set<string> {
  return new Set([...statements].flatMap((one) => Array.from(usedNames(one))));
}

function runStateFinding(statement: ts.Statement): Finding {
  const names = declaredNames(statement).join(", ");
  const message =
    `The skill needs ${names}, which is made by running the program. ` +
    "Make it inside the function, or pass it as a parameter.";
  return findingAt(statement, "run-state", message);
}

/** The call that the sandbox makes of a program that only declares: of its only function. */
function loneCall(statements: readonly ts.Statement[], rest: readonly ts.Statement[], main: string): string {
  if (rest.some((one) => !isDeclaration(one))) return "";
  const functions = statements.filter((one) => ts.isFunctionDeclaration(one) && !isDefault(one));
  return functions.length === 1 && declaredNames(functions[0] as ts.Statement)[0] === main
    ? `return ${main}();`
    : "";
}

function isDeclaration(statement: ts.Statement): boolean {
  return declaredNames(statement).length > 0 || ts.isEmptyStatement(statement);
}

interface ProofParts {
  readonly statements: readonly ts.Statement[];
  readonly rest: readonly ts.Statement[];
  readonly inModule: ReadonlySet<ts.Statement>;
  readonly owners: Owners;
  readonly call: string;
  readonly context: SplitContext;
}

/** The rest as a module of its own: it imports what the skill exports, and repeats what the skill keeps to itself. */
function proofText({ statements, rest, inModule, owners, call, context }: ProofParts): string {
  const published = new Set(
    [...inModule].flatMap((one) => (isExported(one) ? declaredNames(one) : localExports(one))),
  );
  const others = new Map([...owners].filter(([name]) => !published.has(name)));
  const needed = closure(rest, others);
  const shared = statements.filter((one) => needed.has(one) && !rest.includes(one));
  const used = namesUsedBy(needed);
  const fromSkill = [...published].filter((name) => used.has(name) || (call !== "" && name === context.main));
  const imports = statements.filter(ts.isImportDeclaration);
  const head = [
    `// The run that proved ${context.file}: the rest of the program it was saved from.`,
    importLines({ imports, used, context }),
    `import { ${fromSkill.join(", ")} } from "../../../${context.file.replace(/\.ts$/, ".js")}";\n`,
  ];
  return joined([...head, ...textsOf(statements, new Set(shared)), ...bodyOf(statements, rest, call)]);
}

/** As one exported function, unless the program has a default export of its own. */
function bodyOf(statements: readonly ts.Statement[], rest: readonly ts.Statement[], call: string): string[] {
  const texts = textsOf(statements, new Set(rest));
  if (rest.some(isDefault)) return texts;
  const last = rest.at(-1);
  if (last && last === statements.at(-1) && ts.isExpressionStatement(last)) {
    const comment = last.getFullText().slice(0, last.getLeadingTriviaWidth()).trim();
    texts[texts.length - 1] = [comment, `return (${last.expression.getText()});`].filter(Boolean).join("\n");
  }
  return ["export default async function proof() {", ...texts, ...(call === "" ? [] : [call]), "}"];
}

/** Statements with the comments before them, in their order, each `export` as it was. */
function textsOf(statements: readonly ts.Statement[], chosen: ReadonlySet<ts.Statement>): string[] {
  return statements.filter((one) => chosen.has(one)).map((one) => one.getFullText().trim());
}

function joined(parts: readonly string[]): string {
  return `${parts
    .filter((part) => part !== "")
    .join("\n\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}
