// What bringing servers in would do: which server goes where, which stays and why, and the new text of each file. Pure:
// nothing is written here, and what is shown of an entry holds no secret.
import { messageOf } from "../errors.ts";
import {
  createCandidateReader,
  type Action,
  type Candidate,
  type CandidateContext,
  type PlannedServer,
} from "./candidate.ts";
import { readServers, rewriteConfig, type ConfigFile } from "./config-file.ts";
import { isSameEntry, type HomeEntry } from "./entry.ts";
import type { Scope } from "./locations.ts";
import { OWN_NAME, servesHome } from "./own-entry.ts";

/** One file of a client. */
export interface PlannedFile {
  readonly client: string;
  readonly label: string;
  readonly scope: Scope;
  readonly path: string;
  readonly servers: readonly PlannedServer[];
  /** Why nothing is taken from this file at all. */
  readonly problem?: string;
  /** Its text before and after; absent when it stays as it is. */
  readonly change?: { readonly before: string; readonly after: string };
}

/** The whole plan. */
export interface ImportPlan {
  readonly files: readonly PlannedFile[];
  /** New entries of the home, by name. */
  readonly entries: ReadonlyMap<string, HomeEntry>;
  /** Environment variables the user has to set, and the servers that need them. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
}

/** What a plan is made from. */
export interface PlanInput extends CandidateContext {
  readonly files: readonly ConfigFile[];
  /** Entries the home has, as written. */
  readonly existing: ReadonlyMap<string, object>;
  /** Paths of project files whose servers the user agreed to take. */
  readonly agreed: ReadonlySet<string>;
}

/** The plan for the files so far. */
interface Progress extends ImportPlan {
  /** Each name in the home: what stands under it, and where that comes from. */
  readonly taken: ReadonlyMap<string, { readonly entry: object; readonly from: string }>;
  /** Clients whose user file will have Toolgrove's entry. */
  readonly served: ReadonlySet<string>;
}

/** Plans the import. Files are taken in order: the first definition of a name wins, a different one stays where it is. */
export function planImport(input: PlanInput): ImportPlan {
  const read = createCandidateReader(input);
  let progress: Progress = {
    taken: new Map([...input.existing].map(([name, entry]) => [name, { entry, from: "servers/mcp.json" }])),
    entries: new Map(),
    variables: new Map(),
    served: new Set(),
    files: [],
  };
  for (const file of input.files) {
    try {
      const candidates = readServers(file).map((found) => read(found, file));
      progress = planFile(file, candidates, input, progress);
    } catch (error) {
      progress = { ...progress, files: [...progress.files, { ...shown(file), problem: messageOf(error) }] };
    }
  }
  return progress;
}

/** Adds a file to the plan. Throws when the file cannot be changed, so that nothing of it is in the plan. */
function planFile(
  file: ConfigFile,
  candidates: readonly Candidate[],
  input: PlanInput,
  before: Progress,
): Progress {
  const taken = new Map(before.taken);
  const decided = candidates.map((candidate) => {
    const [action, reason] = decide(candidate, file, input, taken);
    if (action === "move" && candidate.entry)
      taken.set(candidate.planned.as, { entry: candidate.entry, from: file.client.label });
    return {
      ...candidate,
      planned: { ...candidate.planned, action, ...(reason !== undefined && { reason }) },
    };
  });
  const moved = decided.filter(({ planned }) => planned.action === "move");
  const { after, isServed } = rewrite(file, decided, input, before);
  return {
    taken,
    entries: new Map([
      ...before.entries,
      ...moved.flatMap(({ planned, entry }) => (entry ? [[planned.as, entry] as const] : [])),
    ]),
    variables: withVariables(before.variables, moved),
    served: isServed && file.scope === "user" ? new Set([...before.served, file.client.id]) : before.served,
    files: [
      ...before.files,
      {
        ...shown(file),
        servers: decided.filter(({ isOwn }) => !isOwn).map(({ planned }) => planned),
        ...(after !== file.text && { change: { before: file.text, after } }),
      },
    ],
  };
}

function decide(
  { planned, entry, isOwn }: Candidate,
  file: ConfigFile,
  { agreed }: PlanInput,
  taken: Progress["taken"],
): [action: Action, reason?: string] {
  if (isOwn || !entry) return ["keep"];
  if (file.scope === "project" && !agreed.has(file.path)) return ["ask", "it came with the repository"];
  const other = taken.get(planned.as);
  if (!other) return ["move"];
  if (isSameEntry(other.entry, entry)) return ["same", `as in ${other.from}`];
  return ["keep", `"${planned.as}" in ${other.from} is another server: rename one of them to bring in both`];
}

/** The file's new text: without the servers that leave, with one entry of Toolgrove in their stead. */
function rewrite(
  file: ConfigFile,
  candidates: readonly Candidate[],
  { launch }: PlanInput,
  { served }: Progress,
): { readonly after: string; readonly isServed: boolean } {
  const { client } = file;
  const own = candidates.find(({ isOwn, found }) => isOwn && found.place.length === 1);
  const isServed = served.has(client.id) || (own?.entry !== undefined && servesHome(own.entry, launch));
  const leaving = candidates.filter(({ planned }) => planned.action === "move" || planned.action === "same");
  if (leaving.length === 0) return { after: file.text, isServed };
  const put = isServed ? undefined : ([ownName(candidates, own), client.launch(launch)] as const);
  const remove = [...leaving, ...(put && own ? [own] : [])].map(({ found }) => found);
  return { after: rewriteConfig(file, { remove, put }), isServed: true };
}

/** The key of our entry: the one it has, else `toolgrove`, unless a server of that name stays. */
function ownName(candidates: readonly Candidate[], own: Candidate | undefined): string {
  if (own) return own.found.name;
  const stays = candidates.some(
    ({ found, planned }) =>
      found.place.length === 1 &&
      found.name === OWN_NAME &&
      (planned.action === "keep" || planned.action === "ask"),
  );
  return stays ? `${OWN_NAME}-home` : OWN_NAME;
}

function withVariables(
  before: ImportPlan["variables"],
  moved: readonly Candidate[],
): ReadonlyMap<string, readonly string[]> {
  const all = new Map(before);
  for (const { planned, variables } of moved) {
    for (const name of new Set(variables)) all.set(name, [...(all.get(name) ?? []), planned.as]);
  }
  return all;
}

function shown({ client, scope, path }: ConfigFile): PlannedFile {
  return { client: client.id, label: client.label, scope, path, servers: [] };
}
