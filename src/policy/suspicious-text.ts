// Text of strangers that hides something, or speaks to the model instead of describing a tool. It judges; it blocks nothing.
import type { ToolDefinition } from "../tool.ts";

/** One place that an owner should read before trusting it. */
export interface Suspicion {
  /** Where it stands: `description`, `input.properties.path.description`, or a file. */
  readonly where: string;
  /** What is wrong with it, as the end of a sentence. */
  readonly reason: string;
  /** The words in question, with what nobody sees written out. */
  readonly excerpt: string;
}

interface Rule {
  readonly reason: string;
  readonly pattern: RegExp;
}

/**
 * General patterns; each says why it is here. They are for people to look at, so that a rare false alarm costs a glance.
 * Gaps between words are bounded, which keeps every pattern linear.
 */
const RULES: readonly Rule[] = [
  {
    // Whoever reviews a definition must see what the model sees. Joiners are part of emoji and of many scripts.
    reason: "carries characters that nobody sees",
    pattern:
      /(?![\t\n\r]|\uFE0E|\uFE0F)(?:(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<!\p{Extended_Pictographic}|\uFE0F|\p{Emoji_Modifier}|(?=[^\p{ASCII}])[\p{L}\p{M}])[\u200C\u200D])+/u,
  },
  {
    // The classic: a description has no business with instructions that came before it.
    reason: "asks to set other instructions aside",
    pattern:
      /\b(?:ignor(?:e|es|ing)|disregard(?:s|ing)?|forget|overrid(?:e|es|ing)|bypass(?:es|ing)?)\b[^.!?]{0,40}\b(?:previous|prior|above|earlier|existing|system|safety|other)\b[^.!?]{0,30}\b(?:instructions?|rules?|prompts?|guidelines?|guardrails?|polic(?:y|ies))\b/i,
  },
  {
    // What must be kept from the user is never in the user's interest.
    reason: "asks to keep something from the user",
    pattern:
      /\b(?:do not|don't|never|must not|without)\s+(?:ever\s+)?(?:tell|telling|inform|informing|mention|mentioning|reveal|revealing|notify|notifying|alert|alerting|disclose|disclosing)\b[^.!?]{0,50}\b(?:users?|humans?|anyone|people|owner)\b|\b(?:secretly|silently|covertly)\s+(?:read|send|call|copy|forward|include|upload|pass)\b|\b(?:hide|conceal|keep)\b[^.!?]{0,40}\bfrom the (?:user|human)\b/i,
  },
  {
    // Tags and turn marks imitate the frame in which the model gets its orders.
    reason: "imitates the marks of a prompt",
    pattern:
      /<\/?\s*(?:important|system|instructions?|admin|assistant|critical|s?sys)\s*>|<\|[a-z_]{2,20}\|>|\[\/?INST\]|^\s*#{0,4}\s*(?:system|assistant)\s*:\s*\S/im,
  },
  {
    // A tool that reaches for the frame itself, to read or to replace it.
    reason: "reaches for the system prompt",
    pattern:
      /\b(?:reveal|print|repeat|show|return|output|send|include|pass|read|replace|update)\b[^.!?]{0,40}\b(?:your|the)\s+(?:system|developer|initial)\s+(?:prompt|message|instructions?)\b|\byour (?:system|initial) (?:prompt|instructions)\b/i,
  },
  {
    // Shadowing: one server's text that changes how the tools of others are used.
    reason: "wants to come before, or change, the use of all other tools",
    pattern:
      /\b(?:before|after|prior to|instead of|whenever|when)\s+(?:you\s+)?(?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)|run(?:ning)?)\s+(?:any|all|every|each)\s+(?:of the\s+)?(?:other\s+)?(?:tools?|functions?)\b|\b(?:do not|don't|never)\s+(?:use|call|invoke)\s+any\s+other\s+(?:tools?|functions?)\b/i,
  },
  {
    // A description describes; it does not give the model a new part to play.
    reason: "gives the model a new role",
    pattern:
      /\b(?:from now on|henceforth),?\s+(?:you|always|never|respond|act)\b|\byou are (?:now|no longer)\b|\b(?:enter|enable|switch to)\s+(?:developer|debug|jailbreak|god|dan)\s+mode\b/i,
  },
  {
    // The talk between a user and the model is nothing a tool needs by default.
    reason: "asks for the conversation itself",
    pattern:
      /\b(?:send|forward|include|append|attach|pass|upload|post|copy)\b[^.!?]{0,40}\b(?:entire|full|whole|complete|previous|current)\s+(?:conversation|chat(?: history)?|context|messages|transcript)\b/i,
  },
  {
    // Paths at which every user's credentials stand. No tool needs to name them.
    reason: "names places where credentials are kept",
    pattern:
      /(?:~|\$HOME)\/\.(?:ssh|aws|gnupg|netrc|kube|config\/gcloud)\b|\bid_(?:rsa|ed25519)\b|\/etc\/(?:passwd|shadow)\b|\.(?:cursor|claude)\/mcp\.json\b/i,
  },
  {
    // Text that is encoded is not there to be read by the person who reviews it.
    reason: "carries a long encoded text",
    pattern:
      /(?<![\w+/-])(?=[A-Za-z0-9+/]{0,80}[0-9])(?=[A-Za-z0-9+/]{0,80}[A-Z])(?=[A-Za-z0-9+/]{0,80}[a-z])(?!\/)[A-Za-z0-9+/]{80,}={0,2}/,
  },
  {
    // Rendered, these are invisible; a picture's address can carry data away when it is shown.
    reason: "carries a comment or a picture that a rendered view would hide",
    pattern: /<!--|!\[[^\]]{0,200}\]\(https?:/i,
  },
];

const MAX_EXCERPT = 80;

/** What is suspicious in a text; at most one finding a rule. */
export function suspicionsIn(text: string, where: string): Suspicion[] {
  return RULES.flatMap(({ reason, pattern }) => {
    const found = pattern.exec(text);
    return found ? [{ where, reason, excerpt: excerptOf(found[0]) }] : [];
  });
}

/** What is suspicious in a definition: its texts, and every name, enumerated value, default and text in its schemas. */
export function suspicionsOf(definition: ToolDefinition): Suspicion[] {
  const { name, title = "", description = "", inputSchema, outputSchema } = definition;
  const texts: Text[] = [
    { where: "name", text: name },
    { where: "title", text: title },
    { where: "description", text: description },
    ...textsIn(inputSchema, "input"),
    ...textsIn(outputSchema, "output"),
  ];
  return texts.flatMap(({ text, where }) => suspicionsIn(text, where));
}

interface Text {
  readonly where: string;
  readonly text: string;
}

/** Every string in a JSON value, keys included. With a stack of its own: schemas may be nested to any depth. */
function textsIn(root: unknown, where: string): Text[] {
  const texts: Text[] = [];
  const pending: { readonly where: string; readonly value: unknown }[] = [{ where, value: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, where: place } = next;
    if (typeof value === "string") texts.push({ where: place, text: value });
    if (typeof value !== "object" || value === null) continue;
    for (const [key, item] of Object.entries(value).toReversed()) {
      if (!Array.isArray(value)) texts.push({ where: `a name in ${place}`, text: key });
      pending.push({ where: place.length > 200 ? place : `${place}.${key}`, value: item });
    }
  }
  return texts;
}

function excerptOf(found: string): string {
  const shown = found
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) => {
      return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
    });
  return shown.length > MAX_EXCERPT ? `${shown.slice(0, MAX_EXCERPT)}…` : shown;
}
