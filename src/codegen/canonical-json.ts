// One text for one JSON value, whatever the order of its keys. It knows nothing of what the value means.
import { createHash } from "node:crypto";

/** Text that stands as it is, or a value whose text is still to come. */
type Piece = string | { readonly value: unknown };

/** The value as JSON without spaces, keys sorted by code unit. Nested to any depth: strangers send what they like. */
export function canonicalJson(value: unknown): string {
  const texts: string[] = [];
  const pieces: Piece[] = [{ value }];
  for (let piece = pieces.pop(); piece !== undefined; piece = pieces.pop()) {
    if (typeof piece === "string") texts.push(piece);
    else for (const part of piecesOf(piece.value).toReversed()) pieces.push(part);
  }
  return texts.join("");
}

/** The SHA-256 of the canonical text, in hexadecimal. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

function piecesOf(value: unknown): Piece[] {
  if (typeof value !== "object" || value === null) return [JSON.stringify(value) ?? "null"];
  if (Array.isArray(value)) return ["[", ...separated(value.map((item) => [{ value: item }])), "]"];
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return ["{", ...separated(entries.map(([key, item]) => [`${JSON.stringify(key)}:`, { value: item }])), "}"];
}

function separated(groups: readonly (readonly Piece[])[]): Piece[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [",", ...group]));
}
