// Long lists in pages, with cursors that count what came before. It knows nothing of what is listed.

/** One page of a list; without a next one, there is no cursor. */
export interface Page<Item> {
  readonly items: Item[];
  readonly next: { readonly nextCursor?: string };
}

/** The page that begins at a cursor this function gave before; any other text is the beginning. */
export function pageOf<Item>(all: readonly Item[], cursor: string | undefined, size: number): Page<Item> {
  const start = Math.max(Number(cursor ?? 0) || 0, 0);
  const end = start + size;
  return { items: all.slice(start, end), next: end < all.length ? { nextCursor: String(end) } : {} };
}
