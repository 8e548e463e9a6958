// Names of strangers to identifiers that are also file names. Pure: the same set of names gives the same answer.
import { createHash } from "node:crypto";

const MAX_LENGTH = 80;
const HASH_DIGITS = 6;

/** Words that cannot name a function or a namespace in a strict module, or that mean something to module loaders. */
const RESERVED_WORDS = new Set(
  [
    "arguments async await break case catch class const constructor continue debugger default delete do else enum",
    "eval export exports extends false finally for function globalThis if implements import in infinity instanceof",
    "interface let module naN new null package private prototype protected public require return static super",
    "switch then this throw true try typeof undefined var void while with yield",
    // What a wrapper file itself uses, and files that every server folder or `servers/` has.
    "callTool index runtime",
  ].flatMap((line) => line.toLowerCase().split(" ")),
);
/** A server's folder is a name in agent code, where it must not hide what the sandbox puts there or what all code uses. */
const RESERVED_GLOBALS = new Set(
  "console crypto fetch json math object performance promise self servers skills structuredclone workspace".split(
    " ",
  ),
);
/** Windows takes these for devices whatever their ending or case. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * Names each tool of a server: upstream name → function name, which is also the file's name. Function names are
 * valid identifiers starting with a small letter, and unique even where case does not count. Names that would meet
 * in one identifier all get a suffix from a hash of the upstream name, so a tool that is added never takes over another's identifier.
 */
export function nameTools(upstreamNames: readonly string[]): Map<string, string> {
  return nameAll(upstreamNames, "tool", isReserved);
}

/** Names the folder of each server, which code uses as a namespace: key in mcp.json → identifier, as `nameTools` does. */
export function nameServers(serverNames: readonly string[]): Map<string, string> {
  return nameAll(
    serverNames,
    "server",
    (name) => isReserved(name) || RESERVED_GLOBALS.has(name.toLowerCase()),
  );
}

/** The PascalCase form of a function name, with which the names of its types begin. */
export function typePrefix(functionName: string): string {
  const plain = functionName.replace(/_$/, "");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** The PascalCase form of any text, for types inside one file; `Part` when nothing is left of it. */
export function typeName(text: string): string {
  const words = wordsOf(text).map(upperStart).join("").slice(0, MAX_LENGTH);
  return words === "" ? "Part" : words;
}

/** True for identifiers that carry a hash because their plain form was ambiguous or lost letters. */
export function hasHashSuffix(identifier: string): boolean {
  return /_[0-9a-f]+$/.test(identifier);
}

function nameAll(
  names: readonly string[],
  fallback: string,
  reserved: (identifier: string) => boolean,
): Map<string, string> {
  const groups = new Map<string, string[]>();
  const stems = new Map([...new Set(names)].map((name) => [name, stemOf(name, fallback)]));
  for (const [name, stem] of stems) {
    const key = stem.text.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return new Map(
    [...stems].map(([name, stem]) => {
      const rivals = groups.get(stem.text.toLowerCase()) ?? [];
      if (rivals.length > 1 || stem.lossy) return [name, `${stem.text}_${shortHash(name, rivals)}`];
      return [name, reserved(stem.text) ? `${stem.text}_` : stem.text];
    }),
  );
}

/** As many digits as tell the name from its rivals: six, unless somebody went looking for a collision. */
function shortHash(name: string, rivals: readonly string[]): string {
  const own = hashOf(name);
  const others = rivals.filter((rival) => rival !== name).map(hashOf);
  let digits = HASH_DIGITS;
  while (digits < own.length && others.some((other) => other.startsWith(own.slice(0, digits)))) digits += 1;
  return own.slice(0, digits);
}

function hashOf(name: string): string {
  return createHash("sha256").update(name, "utf16le").digest("hex");
}

function isReserved(identifier: string): boolean {
  const folded = identifier.toLowerCase();
  return RESERVED_WORDS.has(folded) || DEVICE_NAME.test(folded);
}

interface Stem {
  readonly text: string;
  /** Letters were lost, so that other names may well end in the same text. */
  readonly lossy: boolean;
}

function stemOf(name: string, fallback: string): Stem {
  const folded = fold(name);
  const joined = wordsOf(name)
    .map((word, index) => (index === 0 ? lowerStart(word) : upperStart(word)))
    .join("");
  const text = /^[a-z]/.test(joined) ? joined : fallback + joined;
  const lossy = joined === "" || text.length > MAX_LENGTH || /(?![A-Za-z0-9])[\p{L}\p{N}]/u.test(folded);
  return { text: text.slice(0, MAX_LENGTH), lossy };
}

function wordsOf(name: string): string[] {
  return fold(name).match(/[A-Za-z0-9]+/g) ?? [];
}

/** Letters without their accents. */
function fold(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "");
}

/** `GetUser` → `getUser`, `APIKey` → `apiKey`, `URL` → `url`. */
function lowerStart(word: string): string {
  return word.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

/** `page` → `Page`, `ISSUE` → `Issue`, `userId` → `UserId`. */
function upperStart(word: string): string {
  const rest = word.slice(1);
  return word.charAt(0).toUpperCase() + (/[a-z]/.test(word) ? rest : rest.toLowerCase());
}
