// Which of the compiler's complaints an agent should hear: strict about calls into servers/ and skills/ and about what
// they give, lenient about the code between. It reads types and syntax, and writes nothing.
import { ts } from "ts-morph";
import { GLOBALS_FOLDER } from "./globals.ts";

const PROPERTY_CODES = new Set([2339, 2551, 2550, 2568]);
const NAME_CODES = new Set([2304, 2552, 2503, 18004]);
const EXPORT_CODES = new Set([2305, 2307, 2724, 2614]);
const NOT_CALLABLE_CODES = new Set([2349, 2351, 2721, 6234]);
const NOT_ITERABLE_CODES = new Set([2488, 2461, 2495, 2504, 2548, 2549]);
const ARGUMENT_CODES = new Set([
  ...[2345, 2554, 2555, 2556, 2575, 2769, 2353, 2741, 2739, 2740, 2322, 2559, 2560, 2561, 2820, 2326, 2418],
]);
/** Objects on which JavaScript allows more than their types say. */
const OPEN_TYPES = new Set([
  "Object",
  "Function",
  "Error",
  "ErrorConstructor",
  "globalThis",
  "CallableFunction",
]);

/** A value of which only the kind is known: it may well be right, and the server says so if it is not. */
const VAGUE_VALUE = /type '(?:string|number|boolean|unknown|any|object|\{\})' is not assignable to /i;

/** Whether a complaint about a checked module counts. `message` is its text as one. */
export function isRelevant(
  fault: ts.DiagnosticWithLocation,
  message: string,
  checker: ts.TypeChecker,
): boolean {
  const { code } = fault;
  const node = nodeAt(fault.file, fault.start);
  if (EXPORT_CODES.has(code)) return true;
  if (NAME_CODES.has(code)) return isValueName(node);
  if (PROPERTY_CODES.has(code)) return concernsProperty(node, checker);
  if (NOT_CALLABLE_CODES.has(code)) return isNotCallable(node, checker);
  if (NOT_ITERABLE_CODES.has(code)) return comesFromHome(checker.getTypeAtLocation(node), checker);
  return ARGUMENT_CODES.has(code) && !isVague(message) && isInCallToHome(node, checker);
}

/** Whether a file is the home's or declares the guest's own objects. */
function isKnown(file: ts.SourceFile): boolean {
  return new RegExp(`^/(?:servers|skills|${GLOBALS_FOLDER})/`).test(file.fileName);
}

function nodeAt(file: ts.SourceFile, position: number): ts.Node {
  let found: ts.Node = file;
  const visit = (node: ts.Node): void => {
    if (position < node.getStart(file) || position >= node.getEnd()) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}

function isValueName(node: ts.Node): boolean {
  return !ts.isTypeOfExpression(node.parent) && !isInType(node);
}

function isInType(node: ts.Node): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) if (ts.isTypeNode(at)) return true;
  return false;
}

function concernsProperty(node: ts.Node, checker: ts.TypeChecker): boolean {
  const receiver = receiverOf(node);
  if (!receiver || isAssigned(node.parent)) return false;
  const type = checker.getTypeAtLocation(receiver);
  if (comesFromHome(type, checker)) return true;
  const name = type.symbol?.name;
  if (name === "Promise") return true;
  return isOfLanguage(type) && !OPEN_TYPES.has(name ?? "");
}

/** The expression whose property is named: in `a.b`, or in `const { b } = a`. */
function receiverOf(name: ts.Node): ts.Node | undefined {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) return parent.expression;
  if (ts.isElementAccessExpression(parent)) return parent.expression;
  for (let at: ts.Node = parent; ts.isBindingElement(at) || ts.isObjectBindingPattern(at); at = at.parent) {
    const owner = at.parent;
    if (ts.isVariableDeclaration(owner)) return owner.initializer ?? forOfSource(owner);
    if (ts.isParameter(owner)) return owner;
  }
  return undefined;
}

function forOfSource({ parent }: ts.VariableDeclaration): ts.Node | undefined {
  return ts.isForOfStatement(parent.parent) ? parent.parent.expression : undefined;
}

function isAssigned(access: ts.Node): boolean {
  const { parent } = access;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === access &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

/** Whether a type, or what it holds, is declared in a file of the home. */
function comesFromHome(type: ts.Type, checker: ts.TypeChecker, depth = 0): boolean {
  if (depth > 3) return false;
  const symbols = [type.aliasSymbol, type.symbol].filter((symbol) => symbol !== undefined);
  if (symbols.some((symbol) => symbol.declarations?.some((one) => isKnown(one.getSourceFile())))) return true;
  const parts = type.isUnionOrIntersection()
    ? type.types
    : isReference(type) && isOfLanguage(type)
      ? checker.getTypeArguments(type)
      : [];
  return parts.some((part) => comesFromHome(part, checker, depth + 1));
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return (type.flags & ts.TypeFlags.Object) !== 0 && "target" in type;
}

/** Whether a type belongs to the language: a primitive, an array, a Promise. */
function isOfLanguage(type: ts.Type): boolean {
  const PRIMITIVE = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike;
  if ((type.flags & PRIMITIVE) !== 0) return true;
  return !!type.symbol?.declarations?.some((one) =>
    /\/lib\.[^/]*\.d\.ts$/.test(one.getSourceFile().fileName),
  );
}

function isNotCallable(node: ts.Node, checker: ts.TypeChecker): boolean {
  const called = ts.isPropertyAccessExpression(node.parent) ? node.parent : node;
  return comesFromHome(checker.getTypeAtLocation(called), checker) || concernsProperty(node, checker);
}

function isVague(message: string): boolean {
  const lines = message.split("\n");
  return (
    lines.some((line) => VAGUE_VALUE.test(line) && /to (?:parameter of )?type '(?:"|.*\| ")/.test(line)) ||
    /type '(?:unknown|any)' is not assignable/i.test(message)
  );
}

/** Whether the node stands in the arguments of a call to something of the home, or is that call. */
function isInCallToHome(node: ts.Node, checker: ts.TypeChecker): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (at !== node && ts.isFunctionLike(at)) return false;
    if (ts.isCallExpression(at) && isHomeCall(at, checker)) return true;
  }
  return false;
}

function isHomeCall(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const declaration = checker.getResolvedSignature(call)?.declaration;
  if (declaration) return isKnown(declaration.getSourceFile());
  return comesFromHome(checker.getTypeAtLocation(call.expression), checker);
}
