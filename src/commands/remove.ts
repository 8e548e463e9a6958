// `remove`: takes a server out of the home, with the wrappers that were generated for it.
import { openHomeServers } from "../clients/home-servers.ts";
import { nearest } from "../nearest.ts";
import { UsageError, type Command } from "./command.ts";

export const removeCommand: Command = {
  name: "remove",
  usage: "NAME",
  summary: "take a server and its generated wrappers out of the home",
  flags: [],
  async run({ home, args: [name], gateway, out, note }) {
    if (name === undefined) throw new UsageError("remove needs a server's name: toolgrove remove memory");
    const servers = await openHomeServers(home.root);
    if (!servers.entries.has(name)) {
      const near = nearest(name, [...servers.entries.keys()]);
      throw new UsageError(
        `${servers.file} has no server "${name}".${near.length > 0 ? ` Did you mean ${near.join(", ")}?` : ""}`,
      );
    }
    const { removed, kept } = await (await gateway()).removeWrappers(name);
    await servers.remove(name);
    out(`Removed ${name} from ${servers.file}.`);
    for (const file of removed) out(`removed servers/${file}`);
    for (const file of kept) note(`kept servers/${file}, which was not generated`);
    return 0;
  },
};
