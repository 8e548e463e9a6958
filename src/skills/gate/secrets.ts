// Which texts are secrets: by their form, or by the name they are kept under. It sees one text at a time.

/** Forms that services give their keys. The shortest ones ask for a length that prose does not have. */
const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}/],
  ["a GitLab token", /\bgl(?:pat|dt|rt|ptt)-[\w-]{16,}/],
  ["an API key", /\bsk-(?:ant-|proj-|or-|live-)?[A-Za-z0-9_-]{20,}/],
  ["a payment key", /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{12,}|\bwhsec_[A-Za-z0-9]{16,}/],
  ["a Slack token", /\bxox[a-z]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}/],
  ["an AWS key", /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/],
  ["a Google key", /\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}/],
  ["a package registry token", /\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}/],
  ["a model hub token", /\bhf_[A-Za-z0-9]{24,}/],
  [
    "a service token",
    /\b(?:lin_api|ntn|secret|figd|dop_v1|shpat|shpss|dckr_pat|atlasv1|pat)_[A-Za-z0-9_-]{24,}/,
  ],
  ["a mail service key", /\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b/],
  ["a signed token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ["a bot token", /\b\d{8,10}:AA[\w-]{30,}/],
  [
    "a webhook address",
    /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+|discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]+/,
  ],
  ["a password in an address", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:(?!\$\{)[^\s/:@]{3,}@/i],
  ["a key in a connection string", /\b(?:AccountKey|SharedAccessKey|Password|Pwd)=[^;\s${]{6,}/i],
  ["an authorization header", /\b(?:Bearer|Basic)\s+(?=[A-Za-z0-9+/._-]*\d)[A-Za-z0-9+/._-]{16,}=*/],
];

const SECRET_NAME =
  /(?:api_?key|access_?key|private_?key|secret|passw(?:or)?d|passphrase|\bpwd\b|credential|auth_?token|bearer|(?<![a-z])token$|token$)/i;
/** Names that point at something instead of holding it, or say what kind it is. */
const POINTER_NAME =
  /(?:path|file|dir|folder|url|uri|endpoint|name|type|kind|id|field|header|label|prefix|page_?token)$/i;
const PLACEHOLDER =
  /^(?:<.*>|\$\{.*\}|x{3,}|\*+|\.{3}|…|your[-_ ].*|my[-_ ].*|example.*|dummy.*|test|secret|password|token|none|null|changeme)$/i;
const MIN_CHARS = 6;

/** What kind of secret a text holds; `name` is what it is assigned to. */
export function secretIn(text: string, name: string): string | undefined {
  const known = FORMS.find(([, form]) => form.test(text));
  if (known) return known[0];
  const isNamed = SECRET_NAME.test(name) && !POINTER_NAME.test(name);
  return isNamed && looksOpaque(text) ? `the value of "${name}"` : undefined;
}

/** Whether nobody would write this as a word: no spaces, and digits or marks among the letters, or long. */
function looksOpaque(text: string): boolean {
  if (text.length < MIN_CHARS || /\s/.test(text) || PLACEHOLDER.test(text)) return false;
  return /\d/.test(text) || /[^\w-]/.test(text) || entropy(text) * text.length > 60;
}

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / text.length) * Math.log2(n / text.length), 0);
}
