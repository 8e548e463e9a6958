// What several functions of one list repeat, and how each of them reads without it. Pure: texts from documents.
import { CUT_LEGEND, cutText, isCut } from "./cut-text.ts";
import type { ToolDocument, ToolParameter } from "../document.ts";
import { memberLines, type MemberText } from "../extract/members-text.ts";
import { shareSentences, type SharedSentences } from "./sentences.ts";
import { memberOf, type PartTexts } from "./tool-text.ts";

const MAX_DESCRIPTION = 600;
const MAX_PARAMETER = 200;
/** An undescribed parameter is shared when at least so many functions take it. */
const MIN_UNDESCRIBED = 4;

/** The lines that stand before a list, and how its functions are shown under them. */
export interface SharedParts {
  readonly lines: readonly string[];
  readonly parts: PartTexts;
}

/** Finds what the documents share. Long texts of each are cut, and a line says so. */
export function shareParts(documents: readonly ToolDocument[]): SharedParts {
  const parameters = sharedParameters(documents);
  const texts = [
    ...documents.map(({ description }) => description),
    ...descriptionsIn(documents, parameters),
  ];
  const shared = shareSentences(texts);
  const parts = partTexts(parameters, shared);
  const blocks = [
    ...(parameters.size > 0 ? ["// Shared:"] : []),
    ...memberLines(
      [...parameters.values()].map((parameter) => ownMember({ ...parameter, optional: false }, shared)),
      0,
    ),
    ...shared.sentences.map((sentence, at) =>
      commentLine(`[^${at + 1}]: ${cutText(sentence, MAX_DESCRIPTION)}`),
    ),
  ];
  const shown = [
    ...blocks,
    ...documents.map(parts.description),
    ...documents.flatMap((document) =>
      document.parameters.map((parameter) => parts.parameter(parameter).comment ?? ""),
    ),
  ];
  return { lines: [...blocks, ...(shown.some(isCut) ? [`// ${CUT_LEGEND}`] : [])], parts };
}

function commentLine(text: string): string {
  return text.includes("\n") ? `/* ${text} */` : `// ${text}`;
}

function partTexts(parameters: ReadonlyMap<string, ToolParameter>, shared: SharedSentences): PartTexts {
  return {
    description: ({ description }) => cutText(shared.shorten(description), MAX_DESCRIPTION),
    parameter: (parameter) =>
      isSame(parameters.get(parameter.name), parameter)
        ? { label: memberOf(parameter).label }
        : ownMember(parameter, shared),
  };
}

function ownMember(parameter: ToolParameter, shared: SharedSentences): MemberText {
  return memberOf({
    ...parameter,
    description: cutText(shared.shorten(parameter.description), MAX_PARAMETER),
  });
}

/** By name, the one parameter of that name that most functions take, when several do. */
function sharedParameters(documents: readonly ToolDocument[]): Map<string, ToolParameter> {
  const counts = new Map<string, { readonly parameter: ToolParameter; count: number }>();
  for (const parameter of documents.flatMap(keysOf)) {
    const key = JSON.stringify([parameter.name, parameter.type, parameter.description]);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { parameter, count: 1 });
  }
  const best = new Map<string, { readonly parameter: ToolParameter; readonly count: number }>();
  for (const entry of counts.values()) {
    const { parameter, count } = entry;
    const least = parameter.description === "" && !parameter.type.includes("\n") ? MIN_UNDESCRIBED : 2;
    if (count >= least && count > (best.get(parameter.name)?.count ?? 0)) best.set(parameter.name, entry);
  }
  return new Map([...best].map(([name, { parameter }]) => [name, parameter]));
}

/** The keys that are shown one by one. */
function keysOf({ signature, parameters }: ToolDocument): readonly ToolParameter[] {
  return signature.input === undefined ? parameters : [];
}

function descriptionsIn(
  documents: readonly ToolDocument[],
  shared: ReadonlyMap<string, ToolParameter>,
): string[] {
  return documents
    .flatMap(keysOf)
    .filter((parameter) => !isSame(shared.get(parameter.name), parameter))
    .map(({ description }) => description);
}

function isSame(shared: ToolParameter | undefined, parameter: ToolParameter): boolean {
  return shared?.type === parameter.type && shared.description === parameter.description;
}
