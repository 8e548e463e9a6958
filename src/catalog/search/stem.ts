// English words to their stems. It knows letters, not languages or tools.
import porter2 from "wink-porter2-stemmer";

const MAX_REMEMBERED = 20_000;
const remembered = new Map<string, string>();

/**
 * The stem of a lower-case English word by Porter's second algorithm ("English" of the Snowball project): `creating`,
 * `created` and `creates` all give `creat`, but `news` is not `new`.
 */
export function stem(word: string): string {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const found = porter2(word);
  // The vocabulary of a catalog fits; what strangers send must not grow without end.
  if (remembered.size < MAX_REMEMBERED) remembered.set(word, found);
  return found;
}
