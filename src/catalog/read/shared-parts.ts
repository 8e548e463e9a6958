// What several functions of one list repeat, and how each of them reads without it. Pure: texts from documents.
import { CUT_LEGEND, cutText, isCut } from "./cut-text.ts";
import type { ToolDocument, ToolParameter } from "../document.ts";
import { memberLines, type MemberText, objectText } from "../extract/members-text.ts";
import { namesIn } from "./named-types.ts";
import { shareSentences, type SharedSentences } from "./sentences.ts";
import { keysOf, type SharedParameters, shareParameters } from "./shared-parameters.ts";
import { memberOf, type PartTexts } from "./tool-text.ts";

const MAX_DESCRIPTION = 600;
const MAX_PARAMETER = 200;
/** Of fewer functions, each may as well say what it does to the world. */
const MIN_EFFECTS = 3;

/** The lines that stand before a list, and how its functions are shown under them. */
export interface SharedParts {
  readonly lines: readonly string[];
  readonly parts: PartTexts;
}

/** Finds what the documents share. Long texts of each are cut, and a line says so. */
export function shareParts(documents: readonly ToolDocument[]): SharedParts {
  const parameters = shareParameters(documents, documents.flatMap(namesIn));
  const shared = shareSentences([
    ...documents.map(({ description }) => description),
    ...documents.flatMap((document) =>
      keysOf(document).flatMap((parameter) => (parameters.has(parameter) ? [] : [parameter.description])),
    ),
  ]);
  const effects = usualEffects(documents);
  const parts = partTexts(parameters, shared, effects);
  const blocks = [
    ...parameterLines(parameters, shared),
    ...shared.sentences.map((sentence, at) =>
      commentLine(`[^${at + 1}]: ${cutText(sentence, MAX_DESCRIPTION)}`),
    ),
    ...(effects === undefined ? [] : [`// @effects ${effects} unless stated`]),
  ];
  const shown = [
    ...blocks,
    ...documents.map(parts.description),
    ...documents.flatMap((document) => parts.parameters(document).map(({ comment = "" }) => comment)),
  ];
  return { lines: [...blocks, ...(shown.some(isCut) ? [`// ${CUT_LEGEND}`] : [])], parts };
}

function parameterLines({ single, groups }: SharedParameters, shared: SharedSentences): string[] {
  if (single.length + groups.length === 0) return [];
  const [first] = groups;
  return [
    first ? `// Shared; ...${first.name} stands for all of its keys:` : "// Shared:",
    ...memberLines(
      single.map((parameter) => ownMember({ ...parameter, optional: false }, shared)),
      0,
    ),
    ...groups.map(
      ({ name, parameters }) =>
        `type ${name} = ${objectText(
          parameters.map((parameter) => ownMember(parameter, shared)),
          0,
        )}`,
    ),
  ];
}

function commentLine(text: string): string {
  return text.includes("\n") ? `/* ${text} */` : `// ${text}`;
}

/** What most of the functions do to the world, when all say it. What destroys is always said at the function. */
function usualEffects(documents: readonly ToolDocument[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { tags } of documents) {
    const [only, ...more] = tags.filter(({ name }) => name === "effects");
    if (!only || more.length > 0) return undefined;
    counts.set(only.text, (counts.get(only.text) ?? 0) + 1);
  }
  const [usual] = [...counts].filter(([text]) => !text.includes("destroy")).toSorted(([, a], [, b]) => b - a);
  return usual && usual[1] >= MIN_EFFECTS ? usual[0] : undefined;
}

function partTexts(
  parameters: SharedParameters,
  shared: SharedSentences,
  effects: string | undefined,
): PartTexts {
  return {
    description: ({ description }) => cutText(shared.shorten(description), MAX_DESCRIPTION),
    tags: ({ tags }) => tags.filter(({ name, text }) => name !== "effects" || text !== effects),
    parameters: (document) => membersOf(document, parameters, shared),
  };
}

function membersOf(
  document: ToolDocument,
  parameters: SharedParameters,
  shared: SharedSentences,
): MemberText[] {
  const told = new Set<string>();
  return document.parameters.flatMap((parameter) => {
    const group = parameters.groupOf(parameter);
    if (!group)
      return [
        parameters.has(parameter) ? { label: memberOf(parameter).label } : ownMember(parameter, shared),
      ];
    if (told.has(group.name)) return [];
    told.add(group.name);
    return [{ label: `...${group.name}` }];
  });
}

function ownMember(parameter: ToolParameter, shared: SharedSentences): MemberText {
  return memberOf({
    ...parameter,
    description: cutText(shared.shorten(parameter.description), MAX_PARAMETER),
  });
}
