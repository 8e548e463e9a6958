// One found server, read and judged on its own: what it would be in the home, or why it cannot be there.
import { messageOf } from "../errors.ts";
import type { ConfigFile, FoundServer } from "./config-file.ts";
import type { Launch } from "./dialects.ts";
import type { HomeEntry } from "./entry.ts";
import { homeNameOf, importServer } from "./import-server.ts";
import type { Machine } from "./locations.ts";
import { isOwnEntry } from "./own-entry.ts";
import { createSecretNames, describeEntry, replaceSecrets } from "./secrets.ts";
import { inputVariables } from "./variables.ts";

/**
 * `move`: into the home. `same`: the home has it already, so it is only taken out of the file. `ask`: it came with a
 * repository and moves when its user agrees. `keep`: it stays where it is, for the reason given.
 */
export type Action = "move" | "same" | "ask" | "keep";

/** One server of a client, as the plan shows it. */
export interface PlannedServer {
  readonly name: string;
  /** Its name in the home. */
  readonly as: string;
  readonly action: Action;
  readonly reason?: string;
  /** The command line or address, without secrets. */
  readonly about?: string;
  /** Keys that have no meaning in `servers/mcp.json`; the backup keeps them. */
  readonly dropped?: readonly string[];
  /** The project it is for, where a user's file tells projects apart. */
  readonly project?: string;
}

/** A server with everything that is known of it. */
export interface Candidate {
  readonly found: FoundServer;
  readonly planned: PlannedServer;
  /** What it would be in the home; absent when it cannot be there. */
  readonly entry?: HomeEntry;
  /** Whether it is Toolgrove itself. */
  readonly isOwn: boolean;
  /** Environment variables its user has to set: they stand for secrets, or for what an editor asked. */
  readonly variables: readonly string[];
}

/** What a server is read with. */
export interface CandidateContext {
  readonly machine: Machine;
  readonly homeRoot: string;
  readonly launch: Launch;
  /** Whether secrets must stay out of the home's file, since it may be committed. */
  readonly hideSecrets: boolean;
}

/** Gives a reader of servers that remembers which variable stands for which secret. */
export function createCandidateReader(
  context: CandidateContext,
): (found: FoundServer, file: ConfigFile) => Candidate {
  const { machine, homeRoot, launch, hideSecrets } = context;
  const secretNames = createSecretNames();
  return (found, file) => {
    const { name, projectDir: own } = found;
    const as = homeNameOf(name) ?? "";
    const planned = { name, as, ...(own !== undefined && { project: own }) };
    const projectDir = file.scope === "project" ? machine.projectDir : own;
    const variables = file.client.variables === "editor" ? inputVariables(JSON.stringify(found.raw)) : [];
    const hide = (hint: string, secret: string): string => {
      const variable = secretNames.nameFor(as, hint, secret);
      variables.push(variable);
      return `\${${variable}}`;
    };
    try {
      if (as === "") throw new Error("its name holds no letter or digit");
      const place = { userHome: machine.userHome, projectDir, homeRoot };
      const { entry: read, dropped } = importServer(found, file.client, place);
      const entry = hideSecrets ? replaceSecrets(read, hide) : read;
      const shown = { ...planned, action: "move", about: describeEntry(read), dropped } as const;
      return { found, entry, variables, planned: shown, isOwn: isOwnEntry(name, read, launch) };
    } catch (error) {
      const reason = messageOf(error);
      return { found, variables, planned: { ...planned, action: "keep", reason }, isOwn: false };
    }
  };
}
