// English words to their stems. It knows letters and forms of words, not languages or tools.
import porter2 from "wink-porter2-stemmer";
import { WORD_FORMS } from "./word-forms.ts";

const MAX_REMEMBERED = 20_000;
const remembered = new Map<string, string>();
let families: ReadonlyMap<string, string> | undefined;

/**
 * The stem of a lower-case English word by Porter's second algorithm ("English" of the Snowball project): `creating`,
 * `created` and `creates` all give `creat`, but `news` is not `new`. Forms that it leaves apart (`info` and
 * `information`, `reader` and `read`) have one stem, too.
 */
export function stem(word: string): string {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const own = porter2(word);
  families ??= readFamilies();
  const found = families.get(own) ?? own;
  // The vocabulary of a catalog fits; what strangers send must not grow without end.
  if (remembered.size < MAX_REMEMBERED) remembered.set(word, found);
  return found;
}

/** Each stem, and the one that stands for it. A word in two groups would make one word of both: the first group has it. */
function readFamilies(): Map<string, string> {
  const first = new Map<string, string>();
  for (const group of WORD_FORMS.split(";")) {
    const stems = group.split(/\s+/).filter(Boolean).map(porter2);
    for (const form of stems) if (!first.has(form)) first.set(form, stems[0] ?? form);
  }
  return first;
}
