// Which texts of an entry look like secrets, and how they are put out of sight. It keeps none and prints none.
//
// The rule, told to users in the README: in a home inside a git repository a secret is written as `${NAME}` and the
// user is told which variables to set; in any other home it stays as it is, in a file only its owner can read.
import type { HomeEntry } from "./entry.ts";
import { variableName } from "./variables.ts";

/** Gives the text that stands in for a secret; `hint` says what it is for, such as `API_KEY`. */
export type Replace = (hint: string, secret: string) => string;

const SECRET_NAME =
  /key|token|secret|passw|pwd|credential|auth|cookie|session|private|connection_?string|(?:^|[_-])pat(?:$|[_-])/i;
/** Names that point at something instead of holding it. */
const POINTER_NAME = /(?:path|file|dir|folder|url|uri|endpoint|name|user|id|type|method|tokens)$/i;
const HARMLESS_VALUE = /^(?:true|false|yes|no|on|off|none|null|\d{1,9}|[~.]{0,2}[/\\].*)?$/i;
const KNOWN_FORM =
  /^(?:gh[pousr]_|github_pat_|glpat-|sk-|pk_|rk_|xox[a-z]-|AKIA|AIza|npm_|hf_|lin_api_|ntn_|figd_|eyJ|-----BEGIN)\S{8,}/;
/** Long, without a word boundary, letters and digits mixed: nobody writes that by hand. */
const OPAQUE = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{32,}$/;
const SCHEME = /^(?:Bearer|Basic|Token|ApiKey) +/i;

/** The entry with each secret replaced; `${NAME}` is a reference, not a secret. */
export function replaceSecrets(entry: HomeEntry, replace: Replace): HomeEntry {
  const all = (record: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(record).map(([name, text]) => [name, replaceIn(name, text, replace)]));
  if ("url" in entry) {
    const url = replaceIn("URL", entry.url, replace);
    return { ...entry, url, ...(entry.headers && { headers: all(entry.headers) }) };
  }
  const { args, env } = entry;
  return {
    ...entry,
    ...(args && { args: args.map((text, at) => replaceArgument(text, args[at - 1] ?? "", replace)) }),
    ...(env && { env: all(env) }),
  };
}

/** What the entry starts or reaches, in one line that holds no secret. */
export function describeEntry(entry: HomeEntry): string {
  const shown = replaceSecrets(entry, () => "…");
  return "url" in shown ? shown.url : [shown.command, ...(shown.args ?? [])].join(" ");
}

/** Hands out names for secrets: the same secret keeps its name, another one under the same hint gets a longer one. */
export function createSecretNames(): {
  readonly nameFor: (server: string, hint: string, secret: string) => string;
} {
  const secrets = new Map<string, string>();
  return {
    nameFor(server, hint, secret) {
      const short = variableName(hint);
      const long = variableName(`${server} ${hint}`);
      const candidates = [short, long, ...Array.from(secrets, (_, nth) => `${long}_${nth + 2}`)];
      const name = candidates.find((one) => (secrets.get(one) ?? secret) === secret) ?? long;
      secrets.set(name, secret);
      return name;
    },
  };
}

function replaceIn(name: string, text: string, replace: Replace): string {
  if (text.includes("://")) return replaceInAddress(name, text, replace);
  const scheme = SCHEME.exec(text)?.[0] ?? "";
  const value = text.slice(scheme.length);
  return isSecret(name, value) ? scheme + replace(name, value) : text;
}

/** An argument may be a secret itself, follow its flag, or carry its name: `--key=…`, `KEY=…`, `Header: …`. */
function replaceArgument(text: string, before: string, replace: Replace): string {
  const named = /^(?<lead>-{0,2}(?<name>[A-Za-z][\w-]*)(?:=|: ?))(?<value>.+)$/s.exec(text)?.groups;
  if (named && !text.includes("://")) {
    const { lead = "", name = "", value = "" } = named;
    return lead + replaceIn(name, value, replace);
  }
  const flag = /^--?([A-Za-z][\w-]*)$/.exec(before)?.[1];
  return replaceIn(flag !== undefined && !text.startsWith("-") ? flag : "ARGUMENT", text, replace);
}

/** A password, a query parameter or an opaque part of the path. */
function replaceInAddress(name: string, text: string, replace: Replace): string {
  return text
    .replace(/(:\/\/[^/\s:@]*:)([^@\s/]+)@/g, (whole, lead: string, value: string) =>
      isReference(value) ? whole : `${lead}${replace(`${name}_PASSWORD`, value)}@`,
    )
    .replace(/([?&]([^=&#\s]+)=)([^&#\s]+)/g, (whole, lead: string, key: string, value: string) =>
      isSecret(key, value) ? lead + replace(key, value) : whole,
    )
    .replace(/\/([^/?#\s]{32,})(?=[/?#]|$)/g, (whole, value: string) =>
      OPAQUE.test(value) ? `/${replace(`${name}_SECRET`, value)}` : whole,
    );
}

function isSecret(name: string, value: string): boolean {
  if (isReference(value) || HARMLESS_VALUE.test(value)) return false;
  if (KNOWN_FORM.test(value) || OPAQUE.test(value)) return true;
  return SECRET_NAME.test(name) && !POINTER_NAME.test(name);
}

/** Whether nothing but references is in it. */
function isReference(text: string): boolean {
  return text.replaceAll(/\$\{[^}]*\}/g, "").trim() === "" && text !== "";
}
