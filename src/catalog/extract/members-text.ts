// Lays out the members of an object type as short as they can be read. Plain text: it knows no parser and no tools.

/** One member: `labels?` with its type and what its comment says. A member whose type stands elsewhere has none. */
export interface MemberText {
  /** With quotes where it needs them, and `?` where it may be left out. */
  readonly label: string;
  readonly type?: string;
  readonly comment?: string;
}

/** Nothing is wider that could be two lines. */
const WIDTH = 110;
/** Objects with comments up to this width stay on their line. */
const NARROW = 70;

/** An object type: on one line where it is short, else with a member or several undescribed ones a line. */
export function objectText(members: readonly MemberText[], depth: number): string {
  if (members.length === 0) return "{}";
  const flat = flatText(members);
  const width = members.some(({ comment }) => comment) ? NARROW : WIDTH;
  if (!flat.includes("\n") && flat.length + depth <= width) return flat;
  return `{\n${memberLines(members, depth + 1).join("\n")}\n${" ".repeat(depth)}}`;
}

/** The lines of an object type's members, indented by a space a level: more would be paid for and say nothing. */
export function memberLines(members: readonly MemberText[], depth: number): string[] {
  const indent = " ".repeat(depth);
  const lines: string[] = [];
  let open = false;
  for (const member of members) {
    const plain = !member.comment && !member.type?.includes("\n");
    const text = plain ? declared(member) : describedText(member, indent);
    const joined = `${lines.at(-1) ?? ""}, ${text}`;
    if (plain && open && joined.length <= WIDTH) lines[lines.length - 1] = joined;
    else lines.push(indent + text);
    open = plain;
  }
  return lines;
}

/** A name as a key, in quotes where it is no identifier. */
export function keyText(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}

function flatText(members: readonly MemberText[]): string {
  const parts = members.map((member) =>
    member.comment ? `${declared(member)} /* ${member.comment} */` : declared(member),
  );
  return `{ ${parts.join(", ")} }`;
}

function declared({ label, type }: MemberText): string {
  return type === undefined ? label : `${label}: ${type}`;
}

/** A comment stands behind its member: at the end of the line, or of the first where an object opens there. */
function describedText(member: MemberText, indent: string): string {
  const text = declared(member);
  const { comment } = member;
  if (!comment) return text;
  if (comment.includes("\n")) return `/* ${comment} */\n${indent}${text}`;
  const end = text.indexOf("\n");
  if (end < 0) return `${text} // ${comment}`;
  if (text[end - 1] !== "{") return `// ${comment}\n${indent}${text}`;
  return `${text.slice(0, end)} // ${comment}${text.slice(end)}`;
}
