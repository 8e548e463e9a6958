// `add`: one more server in the home, a program or an address.
import { readEntry, type HomeEntry } from "../clients/entry.ts";
import { openHomeServers, withoutSecrets } from "../clients/home-servers.ts";
import { homeNameOf } from "../clients/import-server.ts";
import { messageOf } from "../errors.ts";
import { UsageError, type Command, type CommandFlags } from "./command.ts";

export const addCommand: Command = {
  name: "add",
  usage: "NAME URL|COMMAND…",
  summary: "add a server to the home",
  flags: ["header", "env"],
  async run({ home, args: [name, ...words], flags, out, note }) {
    if (name === undefined || words.length === 0)
      throw new UsageError(
        "add needs a name and what to start: toolgrove add memory -- npx -y server-memory",
      );
    if (homeNameOf(name) !== name)
      throw new UsageError(`"${name}" cannot be a server's name: it holds letters, digits, . _ and - only.`);
    const servers = await openHomeServers(home.root);
    if (servers.entries.has(name))
      throw new UsageError(`There is a server "${name}" already: toolgrove remove ${name}`);
    const given = entryOf(words, flags);
    const { entry, variables } = servers.isShared
      ? withoutSecrets(name, given)
      : { entry: given, variables: [] };
    await servers.add(new Map([[name, entry]]));
    out(`Added ${name} to ${servers.file}.`);
    for (const variable of variables)
      note(`The home lies in a git repository, so a secret was written as \${${variable}}: set ${variable}.`);
    if (home.origin === "found")
      note("This home was found, not named: `toolgrove trust` lets it start servers.");
    note(`Next: \`toolgrove sync ${name}\` writes its wrappers.`);
    return 0;
  },
};

function entryOf([first = "", ...rest]: readonly string[], flags: CommandFlags): HomeEntry {
  const isAddress = /^https?:\/\//i.test(first);
  if (isAddress && rest.length > 0) throw new UsageError(`After the address "${first}" nothing may follow.`);
  if (isAddress && flags.env) throw new UsageError("--env is for a program; an address takes --header.");
  if (!isAddress && flags.header) throw new UsageError("--header is for an address; a program takes --env.");
  const raw = isAddress
    ? { url: first, headers: readPairs("header", flags.header, ":") }
    : { command: first, args: rest, env: readPairs("env", flags.env, "=") };
  try {
    return readEntry(raw).entry;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function readPairs(
  flag: string,
  texts: readonly string[] = [],
  separator: ":" | "=",
): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf(separator);
      if (at < 1) throw new UsageError(`--${flag} takes NAME${separator}VALUE, not "${text}".`);
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    }),
  );
}
