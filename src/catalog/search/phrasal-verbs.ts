// Verbs of two and more words that one word says as well. It knows words, and neither tools nor the index.
// Written from what the words mean, not from any catalog or set of queries.

/** The words, a colon, and words for the same; a semicolon ends a group. A word that stays in use is named again. */
const PHRASAL_VERBS = `
bring back: restore; put back: restore return; roll back: rollback restore; give back: return; get back: restore retrieve;
get rid of: delete remove; throw away: discard delete; take down: remove delete; take off: remove; cross out: delete;
cross off: complete; clean up: cleanup clean; look up: lookup find search; look at: view show; look into: examine;
find out: get find; dig up: find; track down: find locate; check out: checkout view; pull up: show retrieve;
bring up: show open; set up: setup set create configure; make up: create generate; put together: create build;
sign up: signup sign register; sign in: signin login; sign out: logout; log in: login; log on: login; log out: logout;
write down: write create save; note down: note create save; jot down: note create; take note of: note create;
keep track of: track; fill in: fill; fill out: fill; type in: type; hand over: transfer assign; hand off: transfer assign;
pass on: forward; send out: send; call off: cancel; put off: postpone reschedule; push back: postpone reschedule;
carry out: execute run; turn on: turn enable; turn off: turn disable; switch on: enable; switch off: disable;
shut down: shutdown stop; shut off: stop disable; close down: close; turn into: convert; change into: convert;
break down: split; put in: insert add; add up: add sum; work out: calculate; figure out: determine calculate;
back up: backup; let know: notify; get in touch with: contact; get hold of: contact; sum up: summarize; pick out: select;
`;

/** The forms of irregular verbs, and of those that double a letter. */
const IRREGULAR = `
bring brought; put putting; get got gotten getting; give gave given giving; throw threw thrown; take took taken taking;
dig dug digging; make made making; set setting; write wrote written writing; note noting; jot jotted jotting;
keep kept; send sent; find found; shut shutting; change changing; close closing; type typing; break broke broken;
figure figuring; carry carries carried; let letting; sum summed summing
`;

/** What may stand between a verb and its particle: "bring the old graph back", "look it up". */
const OBJECT = String.raw`(\s+(?:it|them|this|that|these|those|(?:the|a|an|my|our|your)(?:\s+[\p{L}\p{N}]+){1,2}))?`;

let rules: readonly (readonly [pattern: RegExp, meaning: string])[] | undefined;

/** A text with plain words instead of phrasal verbs: "bring back the graph" becomes "restore the graph". */
export function withPlainVerbs(text: string): string {
  rules ??= readRules();
  return rules.reduce((plain, [pattern, meaning]) => plain.replace(pattern, `${meaning}$1`), text);
}

function readRules(): (readonly [RegExp, string])[] {
  const irregular = new Map(groupsOf(IRREGULAR).map((forms) => [forms.split(/\s+/)[0], forms.split(/\s+/)]));
  return groupsOf(PHRASAL_VERBS).map((group) => {
    const [phrase = "", meaning = ""] = group.split(/:\s*/);
    const [verb = "", ...rest] = phrase.split(" ");
    const stem = verb.replace(/e$/, "");
    const forms = [verb, `${verb}s`, `${verb}es`, `${stem}ed`, `${stem}ing`, ...(irregular.get(verb) ?? [])];
    const between = rest.length === 1 ? OBJECT : "()";
    return [
      new RegExp(String.raw`\b(?:${forms.join("|")})${between}\s+${rest.join(String.raw`\s+`)}\b`, "giu"),
      meaning,
    ];
  });
}

function groupsOf(text: string): string[] {
  return text
    .split(";")
    .map((group) => group.trim())
    .filter(Boolean);
}
