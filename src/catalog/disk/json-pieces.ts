// JSON text in pieces, so that a large value can be written without holding up the thread. It knows no value.

const ENTRIES_A_PIECE = 500;

/** The text of `JSON.stringify(value)` in pieces: the lists and objects right inside a value are taken apart. */
export function* jsonPieces(value: object): Generator<string> {
  let separator = "{";
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    separator = ",";
    yield* memberPieces(member);
  }
  yield separator === "{" ? "{}" : "}";
}

function* memberPieces(member: unknown): Generator<string> {
  if (Array.isArray(member)) yield* slicedPieces(member, (slice) => JSON.stringify(slice));
  else if (typeof member === "object" && member !== null) {
    yield* slicedPieces(Object.entries(member), (slice) => JSON.stringify(Object.fromEntries(slice)));
  } else yield JSON.stringify(member);
}

/** The texts of slices, joined by taking off their brackets. */
function* slicedPieces<T>(entries: readonly T[], print: (slice: T[]) => string): Generator<string> {
  const none = print([]);
  yield none.charAt(0);
  let isFirst = true;
  for (let at = 0; at < entries.length; at += ENTRIES_A_PIECE) {
    const inside = print(entries.slice(at, at + ENTRIES_A_PIECE)).slice(1, -1);
    if (inside === "") continue;
    yield isFirst ? inside : `,${inside}`;
    isFirst = false;
  }
  yield none.charAt(1);
}
