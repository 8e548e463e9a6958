// What a comment says of the declaration it stands at: JSDoc, or how people comment members on one line.
import type { JSDoc, Node } from "ts-morph";

/** What the last JSDoc of a node says, tags and all. */
export function docTextOf(node: { getJsDocs(): JSDoc[] }): string {
  return node.getJsDocs().at(-1)?.getInnerText().trim() ?? "";
}

/** The comment of a member: its JSDoc, else one before it on its line, else one behind it on its line. */
export function memberComment(member: Node & { getJsDocs(): JSDoc[] }): string {
  const doc = docTextOf(member);
  if (doc !== "") return doc;
  const text = member.getSourceFile().getFullText();
  const before = text.slice(member.getPos(), member.getStart());
  // The parser counts a comment on the line of the token before it as that token's own.
  const block = before.includes("/**") ? /\/\*\*(?!\/)((?:(?!\/\*)[\s\S])*?)\*\/\s*$/.exec(before) : null;
  if (block) return (block[1] ?? "").replaceAll(/\n\s*\* ?/g, "\n").trim();
  const end = member.getEnd();
  const behind = /^[;,]?[ \t]*\/\/+[ \t]*(.*)/.exec(text.slice(end, end + MAX_TRAILING));
  return behind?.[1]?.trim() ?? "";
}

const MAX_TRAILING = 300;
