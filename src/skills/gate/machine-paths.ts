// Which texts name a place of one machine. It sees one text at a time.

const ROOTS =
  "home|Users|tmp|var|etc|opt|usr|root|mnt|media|Volumes|private|srv|Library|Applications|proc|dev|bin|sbin";
const FORMS: readonly RegExp[] = [
  // A route of a web API may begin with any of them, but not after a host.
  new RegExp(`(?<![\\w.:/~-])/(?:${ROOTS})(?:/[^\\s"'\`]|/?$)`),
  /(?<![\w/])~(?:\/|\\)\S/,
  /\bfile:\/\//i,
  /(?<![A-Za-z])[A-Za-z]:[\\/](?![\\/])\S/,
  /(?:^|[\s"'=(])\\\\[\w.-]+\\[\w$.-]+/,
];

/** The absolute path that a text holds; undefined when there is none. A comment names one as much as code does. */
export function machinePathIn(text: string): string | undefined {
  for (const form of FORMS) {
    const found = form.exec(text);
    if (found)
      return text
        .slice(found.index, found.index + 60)
        .trim()
        .split(/\s/)[0];
  }
  return undefined;
}
