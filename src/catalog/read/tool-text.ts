// A function as an agent reads it: its JSDoc and its call. It knows nothing of files, folders and the other functions
// beside it; what these share is decided elsewhere and arrives as texts.
import type { ToolDocument, ToolParameter, ToolTag } from "../document.ts";
import { keyText, type MemberText, objectText } from "../extract/members-text.ts";

/** How the parts of a tool are shown that may stand elsewhere too, or be cut. */
export interface PartTexts {
  readonly description: (document: ToolDocument) => string;
  readonly tags: (document: ToolDocument) => readonly ToolTag[];
  readonly parameters: (document: ToolDocument) => readonly MemberText[];
}

/** Everything in its place. */
export const WHOLE: PartTexts = {
  description: ({ description }) => description,
  tags: ({ tags }) => tags,
  parameters: ({ parameters }) => parameters.map(memberOf),
};

/** The JSDoc, the types the call needs by name, and the call. */
export function toolText(document: ToolDocument, parts: PartTexts = WHOLE): string {
  const { types } = document.signature;
  const texts = [...types, commentText(document, parts), callText(document, parts)];
  return texts.filter((text) => text !== "").join("\n");
}

/** A parameter as a member of the input. */
export function memberOf({ name, type, description, optional }: ToolParameter): MemberText {
  return { label: keyText(name) + (optional ? "?" : ""), type, comment: description };
}

/** The comment again, on one line where it can be, without what the import path says, and without what stands at the parameters. */
function commentText(document: ToolDocument, parts: PartTexts): string {
  const isShown = ({ name }: { readonly name: string }): boolean =>
    name !== "tool" && !(name === "param" && document.signature.input === undefined);
  const tags = parts
    .tags(document)
    .filter(isShown)
    .map(({ name, text }) => `@${name} ${text}`.trim());
  const description = parts.description(document);
  const isShort = tags.length < 2 && !description.includes("\n") && !tags[0]?.includes("\n");
  const text = [description, ...tags].filter((part) => part !== "").join(isShort ? " " : "\n");
  if (text === "") return "";
  return text.includes("\n") ? `/** ${text} */` : `// ${text}`;
}

function callText(document: ToolDocument, parts: PartTexts): string {
  const { before, input, rest, after } = document.signature;
  if (input !== undefined) return `${before}${input}${after}`;
  const members = [...parts.parameters(document), ...(rest === undefined ? [] : [{ label: rest }])];
  return `${before}${members.length === 0 ? "" : objectText(members, 0)}${after}`;
}
