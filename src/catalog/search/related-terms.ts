// Which search terms may stand in for which: other words for the same thing, and translations. It knows no index.
import { termsOf } from "./text.ts";
import { THESAURUS } from "./thesaurus.ts";
import { TRANSLATIONS } from "./translations.ts";

/** How a term stands in for another. */
export type Relation = "synonym" | "translation";

let table: ReadonlyMap<string, ReadonlyMap<string, Relation>> | undefined;

/** The terms that may stand in for a search term (a stem, as `termsOf` gives it), and how. */
export function relatedTerms(term: string): ReadonlyMap<string, Relation> {
  table ??= readTable();
  return table.get(term) ?? NONE;
}

const NONE: ReadonlyMap<string, Relation> = new Map();

function readTable(): Map<string, Map<string, Relation>> {
  const relations = new Map<string, Map<string, Relation>>();
  const relate = (from: string, to: string, relation: Relation): void => {
    const known = relations.get(from) ?? new Map<string, Relation>();
    relations.set(from, known);
    if (from !== to && known.get(to) !== "translation") known.set(to, relation);
  };
  for (const group of groupsOf(THESAURUS)) {
    const words = singleTerms(group);
    for (const from of words) for (const to of words) relate(from, to, "synonym");
  }
  for (const group of groupsOf(TRANSLATIONS)) {
    const [english = [], others = []] = group.split(":").map(singleTerms);
    for (const foreign of others) {
      for (const word of english) {
        relate(word, foreign, "translation");
        relate(foreign, word, "translation");
      }
      for (const other of others) relate(foreign, other, "translation");
    }
  }
  return relations;
}

function groupsOf(text: string): string[] {
  return text
    .split(";")
    .map((group) => group.trim())
    .filter(Boolean);
}

/** Each word's term. A word that is more than one term (three Chinese characters are two) cannot stand for another. */
function singleTerms(words: string): string[] {
  const terms = words.split(/\s+/).map(termsOf);
  return [...new Set(terms.flatMap((found) => (found.length === 1 ? found : [])))];
}
