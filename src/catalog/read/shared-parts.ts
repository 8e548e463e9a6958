// What several functions of one list repeat, and how each of them reads without it. Pure: texts from documents.
import { CUT_LEGEND, cutText, isCut } from "./cut-text.ts";
import type { ToolDocument, ToolParameter } from "../document.ts";
import { memberLines, type MemberText, objectText } from "../extract/members-text.ts";
import { namesIn } from "./named-types.ts";
import { shareSentences } from "./sentences.ts";
import { keysOf, type SharedParameters, shareParameters } from "./shared-parameters.ts";
import { memberOf, type PartTexts } from "./tool-text.ts";

/** After how many characters texts are cut. */
export interface TextLimits {
  readonly description: number;
  readonly parameter: number;
}

/** Of fewer functions, each may as well say what it does to the world. */
const MIN_EFFECTS = 3;
/** Of fewer keys, each may as well say that it is a string: by far the most frequent type. */
const MIN_STRINGS = 8;
const STRINGS_LEGEND = "// A described key without a type is a string.";

/** The lines that stand before a list, and how its functions are shown under them. */
export interface SharedParts {
  readonly lines: readonly string[];
  readonly parts: PartTexts;
}

/** A parameter as a member that tells all of itself. */
type TellMember = (parameter: ToolParameter) => MemberText;

/** Finds what the documents share. Long texts of each are cut, and a line says so. */
export function shareParts(documents: readonly ToolDocument[], limits: TextLimits): SharedParts {
  const parameters = shareParameters(documents, documents.flatMap(namesIn));
  const shared = shareSentences([
    ...documents.map(({ description }) => description),
    ...documents.flatMap((document) =>
      keysOf(document).flatMap((parameter) => (parameters.has(parameter) ? [] : [parameter.description])),
    ),
  ]);
  const effects = usualEffects(documents);
  const isTacit = documents.flatMap(keysOf).filter(isDescribedString).length >= MIN_STRINGS;
  const tell: TellMember = (parameter) => {
    const description = cutText(shared.shorten(parameter.description), limits.parameter);
    const { label, type = "" } = memberOf(parameter);
    const isUntold = isTacit && isDescribedString(parameter);
    return { label, ...(isUntold ? {} : { type }), comment: description };
  };
  const parts: PartTexts = {
    description: ({ description }) => cutText(shared.shorten(description), limits.description),
    tags: ({ tags }) => tags.filter(({ name, text }) => name !== "effects" || text !== effects),
    parameters: (document) => membersOf(document, parameters, tell),
  };
  const blocks = [
    ...(isTacit ? [STRINGS_LEGEND] : []),
    ...parameterLines(parameters, tell),
    ...shared.sentences.map((sentence, at) =>
      commentLine(`[^${at + 1}]: ${cutText(sentence, limits.description)}`),
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

function parameterLines({ single, groups }: SharedParameters, tell: TellMember): string[] {
  if (single.length + groups.length === 0) return [];
  const [first] = groups;
  return [
    first ? `// Shared; ...${first.name} stands for all of its keys:` : "// Shared:",
    ...memberLines(
      single.map((parameter) => tell({ ...parameter, optional: false })),
      0,
    ),
    ...groups.map(({ name, parameters }) => `type ${name} = ${objectText(parameters.map(tell), 0)}`),
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

function membersOf(document: ToolDocument, parameters: SharedParameters, tell: TellMember): MemberText[] {
  const told = new Set<string>();
  return document.parameters.flatMap((parameter) => {
    const group = parameters.groupOf(parameter);
    if (!group) {
      return [parameters.has(parameter) ? { label: memberOf(parameter).label } : tell(parameter)];
    }
    if (told.has(group.name)) return [];
    told.add(group.name);
    return [{ label: `...${group.name}` }];
  });
}

function isDescribedString({ type, description }: ToolParameter): boolean {
  return type === "string" && description !== "";
}
