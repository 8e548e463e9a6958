// Sentences that several texts repeat, told once. It knows texts only.

/** What several texts repeat, and how each text reads without it. */
export interface SharedSentences {
  /** In the order of their numbers, the first being 1. */
  readonly sentences: readonly string[];
  /** One of the texts, with a footnote mark in place of each shared sentence. */
  readonly shorten: (text: string) => string;
}

/** A sentence and the space behind it. */
interface Unit {
  readonly text: string;
  readonly gap: string;
}

/** Shorter sentences cost about as much as telling where they stand. */
const MIN_CHARS = 40;
// The end of a line; or the space behind a stop and before what may begin a sentence.
const BREAK = /(\n+|(?<=[.!?;。])[ \t]+(?=[\p{Lu}`"'([*]))/u;

/**
 * Finds the sentences of over 40 characters that several of the texts hold. Sentences that stand together wherever one
 * of them stands are told as one.
 */
export function shareSentences(texts: readonly string[]): SharedSentences {
  const lists = joinRuns(texts.map(unitsOf));
  const counts = countTexts(lists);
  const shared = [...counts].flatMap(([text, count]) => (count > 1 && text.length > MIN_CHARS ? [text] : []));
  const numbers = new Map(shared.map((text, at) => [text, at + 1]));
  const short = new Map(texts.map((text, at) => [text, written(lists[at] ?? [], numbers)]));
  return { sentences: shared, shorten: (text) => short.get(text) ?? text };
}

function unitsOf(text: string): Unit[] {
  const parts = text.split(BREAK);
  return parts.flatMap((part, at) => (at % 2 === 0 ? [{ text: part, gap: parts[at + 1] ?? "" }] : []));
}

/** In how many lists each text stands. */
function countTexts(lists: readonly (readonly Unit[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of lists) {
    for (const text of new Set(list.map((unit) => unit.text))) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** Repeated neighbours that never stand apart become one. */
function joinRuns(lists: readonly Unit[][]): Unit[][] {
  const counts = countTexts(lists);
  const followers = new Map<string, Set<string>>();
  const leaders = new Map<string, Set<string>>();
  for (const list of lists) {
    for (const [at, unit] of list.entries()) {
      note(followers, unit.text, unit.gap + (list[at + 1]?.text ?? ""));
      note(leaders, unit.text, list[at - 1]?.text ?? "");
    }
  }
  const belongs = (unit: Unit, next: Unit): boolean =>
    (counts.get(unit.text) ?? 0) > 1 &&
    counts.get(unit.text) === counts.get(next.text) &&
    followers.get(unit.text)?.size === 1 &&
    leaders.get(next.text)?.size === 1;
  return lists.map((list) =>
    list.reduce<Unit[]>((units, unit, at) => {
      const before = units.at(-1);
      const previous = list[at - 1];
      if (!before || !previous || !belongs(previous, unit)) units.push(unit);
      else units[units.length - 1] = { text: before.text + before.gap + unit.text, gap: unit.gap };
      return units;
    }, []),
  );
}

function note(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}

function written(units: readonly Unit[], numbers: ReadonlyMap<string, number>): string {
  return units
    .map(({ text, gap }) => {
      const number = numbers.get(text);
      return (number === undefined ? text : `[^${number}]`) + gap;
    })
    .join("");
}
