// One document on one line, for lists of hits and folders. Every character costs the agent context.
import type { ToolDocument } from "../document.ts";

const MAX_SENTENCE_CHARS = 100;
const MAX_PARAMETERS = 5;
const MAX_REQUIRED = 8;

/** `servers/memory/createEntities({ entities }) — Create multiple new entities …`: how to call it and what it does. */
export function hitLine(document: ToolDocument): string {
  const names = parameterNames(document);
  const braced = document.passing === "object" && names !== "" ? `{ ${names} }` : names;
  return withSentence(`${document.path}(${braced})`, document);
}

/** `createEntities(entities) — Create …` within a list whose folder is known. */
export function entryLine(label: string, document: ToolDocument): string {
  return withSentence(`${label}(${parameterNames(document)})`, document);
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
  const space = head.lastIndexOf(" ");
  return `${head.slice(0, space > MAX_SENTENCE_CHARS / 2 ? space : MAX_SENTENCE_CHARS).replace(/[\s,;:]+$/, "")}…`;
}

// A stop before a space and a capital or the like, but not after an abbreviation; or a full-width stop.
const SENTENCE_END = /(?<!\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|[A-Z]))[.!?](?= [^a-z])|(?<=[。！？])/u;

function withSentence(call: string, { description }: ToolDocument): string {
  const sentence = firstSentence(description);
  return sentence === "" ? call : `${call} — ${sentence}`;
}

/** Required ones first: of many parameters, they are what tells tools apart. */
function parameterNames({ parameters, passing }: ToolDocument): string {
  const required = parameters.filter(({ optional }) => !optional).map(({ name }) => name);
  const optional = parameters.filter((parameter) => parameter.optional).map(({ name }) => `${name}?`);
  const names =
    passing === "object"
      ? [...required, ...optional]
      : parameters.map(({ name, optional: may }) => (may ? `${name}?` : name));
  const most = Math.max(MAX_PARAMETERS, Math.min(required.length, MAX_REQUIRED));
  if (names.length <= most) return names.join(", ");
  return [...names.slice(0, most), "…"].join(", ");
}
