// Splits a request into its parts: agents and people often ask for several things in one sentence. It knows no index.

const MAX_CLAUSES = 8;
// The end of a sentence, a comma, a plus sign between words, or a word that joins two requests.
const SEPARATOR =
  /[.?!;:\n。？！；]+(?:\s|$)|,\s|[，、]|\s(?:and|then|also|or|plus|but|as well as|after that|finally|additionally)\s|\s[+&|/]\s/i;

/** The clauses of a request, in order, at most eight; one for a request that asks for one thing. */
export function clausesOf(request: string): string[] {
  return request
    .split(SEPARATOR)
    .map((clause) => clause.trim())
    .filter(Boolean)
    .slice(0, MAX_CLAUSES);
}
