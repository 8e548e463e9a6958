// One document on one line, for lists of hits and folders. Every character costs the agent context.
import type { ToolDocument, ToolParameter } from "../document.ts";

const MAX_SENTENCE_CHARS = 100;
/** A longer sentence that is cut ends with a clause, when so much of it remains. */
const MIN_CLAUSE_CHARS = 60;
const MAX_PARAMETERS = 5;
const MAX_REQUIRED = 8;
/** What so many of a list's functions take, and at least half of them, tells none of them from the others. */
const MIN_COMMON = 3;

/** Names of optional parameters. */
type Names = ReadonlySet<string>;

/** `servers/memory/createEntities({ entities }) — Create multiple new entities …`: how to call it and what it does. */
export function hitLine(document: ToolDocument, common: Names = new Set()): string {
  const names = parameterNames(document, common);
  const braced = document.passing === "object" && names !== "" ? `{ ${names} }` : names;
  return withSentence(`${document.path}(${braced})`, document);
}

/** `createEntities(entities) — Create …` within a list whose folder is known. */
export function entryLine(label: string, document: ToolDocument, common: Names = new Set()): string {
  return withSentence(`${label}(${parameterNames(document, common)})`, document);
}

/** The optional parameters that most of the functions take: lines too short for all leave these out first. */
export function commonNames(documents: readonly ToolDocument[]): Names {
  const counts = new Map<string, number>();
  const optional = documents.flatMap(({ parameters }) =>
    parameters.filter((parameter) => parameter.optional),
  );
  for (const { name } of optional) counts.set(name, (counts.get(name) ?? 0) + 1);
  const least = Math.max(MIN_COMMON, documents.length / 2);
  return new Set([...counts].flatMap(([name, count]) => (count >= least ? [name] : [])));
}

/** The first sentence of a text on one line, cut on a word at about 100 characters. */
export function firstSentence(text: string): string {
  const line = text
    .replaceAll(/\s+/g, " ")
    .replace(/^[#*\s>-]+/, "")
    .trim();
  const end = line.search(SENTENCE_END);
  const sentence = (end < 0 ? line : line.slice(0, end)).replace(/[.。]$/, "");
  if (sentence.length <= MAX_SENTENCE_CHARS) return sentence;
  const head = sentence.slice(0, MAX_SENTENCE_CHARS);
  const clause = head.search(/(?:[,;:] | \()[^,;:(]*$/);
  const space = clause > MIN_CLAUSE_CHARS ? clause : head.lastIndexOf(" ");
  return `${head.slice(0, space > MAX_SENTENCE_CHARS / 2 ? space : MAX_SENTENCE_CHARS).replace(/[\s,;:]+$/, "")}…`;
}

// A stop before a space and a capital or the like, but not after an abbreviation; or a full-width stop.
const SENTENCE_END = /(?<!\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|[A-Z]))[.!?](?= [^a-z])|(?<=[。！？])/u;

function withSentence(call: string, { description }: ToolDocument): string {
  const sentence = firstSentence(description);
  return sentence === "" ? call : `${call} — ${sentence}`;
}

/** Required ones first: of many parameters, they are what tells tools apart. */
function parameterNames({ parameters, passing }: ToolDocument, common: Names): string {
  const required = parameters.filter(({ optional }) => !optional);
  const ordered =
    passing === "object" ? [...required, ...parameters.filter(({ optional }) => optional)] : parameters;
  const most = Math.max(MAX_PARAMETERS, Math.min(required.length, MAX_REQUIRED));
  if (ordered.length <= most) return ordered.map(markedName).join(", ");
  const telling = ordered.filter(({ name, optional }) => !optional || !common.has(name));
  return [...telling.slice(0, most).map(markedName), "…"].join(", ");
}

function markedName({ name, optional }: ToolParameter): string {
  return optional ? `${name}?` : name;
}
