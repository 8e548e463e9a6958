// Brings the servers of other clients into a home: finds, plans, writes. It asks nobody and prints nothing.
import { findConfigs, replaceWithBackup } from "./files.ts";
import type { HomeServers } from "./home-servers.ts";
import type { Machine } from "./locations.ts";
import { launchOf } from "./own-entry.ts";
import { planImport, type ImportPlan } from "./plan.ts";
import { CLIENTS } from "./table.ts";

/** What an import works with. */
export interface ImportOptions {
  readonly machine: Machine;
  readonly home: HomeServers;
  /** The command line that starts this program, for Toolgrove's entry in the clients' files. */
  readonly self: readonly string[];
  /** Only this client; all by default. */
  readonly client?: string | undefined;
}

/** A file that was replaced, and where its old text is. */
export interface ReplacedFile {
  readonly path: string;
  readonly backup: string;
}

/** An import of the files as they were found. */
export interface Import {
  /** What would happen if the user agreed to these project files; `all` is every one. */
  readonly plan: (agreed: ReadonlySet<string> | "all") => ImportPlan;
  /** Does it: first the home, so that no server is ever nowhere, then the clients' files. */
  readonly apply: (plan: ImportPlan) => Promise<ReplacedFile[]>;
}

/** What `--client` takes. */
export const CLIENT_IDS: readonly string[] = CLIENTS.map(({ id }) => id);

/** Finds the clients' files. */
export async function openImport({ machine, home, self, client }: ImportOptions): Promise<Import> {
  const clients = CLIENTS.filter(({ id }) => client === undefined || id === client);
  const files = await findConfigs(clients, machine);
  const input = {
    files,
    machine,
    homeRoot: home.root,
    existing: home.entries,
    hideSecrets: home.isShared,
    launch: launchOf(self, home.root),
  };
  return {
    plan: (agreed) =>
      planImport({ ...input, agreed: agreed === "all" ? new Set(files.map((file) => file.path)) : agreed }),
    async apply({ entries, files: planned }) {
      await home.add(entries);
      const replaced: ReplacedFile[] = [];
      for (const file of planned) {
        if (file.change)
          replaced.push({ path: file.path, backup: await replaceWithBackup(file.path, file.change) });
      }
      return replaced;
    },
  };
}
