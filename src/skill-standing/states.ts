// What state skills and the tools they use are in, as hashes: what has the state it had need not be checked again. A part
// of the composition root; it judges nothing.
import { nameServers } from "../codegen/identifier.ts";
import type { LockFile } from "../codegen/lock-file.ts";
import { closureOf } from "../sandbox/check/closure.ts";
import type { Sources } from "../sandbox/sources.ts";
import { stateOf, type RecordedTool, type SkillRecord } from "../skills/record.ts";
import { readModule, skillAt } from "../skills/store.ts";

/** What states are read from. */
export interface StateParts {
  readonly lock: Pick<LockFile, "tools">;
  readonly sources: Sources;
  readonly skillsDir: string;
  /** Names of the home's servers. */
  readonly servers: readonly string[];
}

/** What a record names, as it is now; undefined for what is gone. */
export interface UsedNow {
  /** By `server/tool`, as the servers' locks hold them. */
  readonly tools: ReadonlyMap<string, RecordedTool | undefined>;
  /** By module's path, its state. */
  readonly skills: ReadonlyMap<string, string | undefined>;
}

/** What a module reaches through its imports. */
export interface Reach {
  /** The state of all of it: the texts of skills, and every tool of the servers. */
  readonly state: string;
  readonly servers: readonly string[];
}

/** Reads states. */
export interface States {
  /** Of a skill's module by its path in the home: its code and all that it uses; undefined when it is gone. */
  of(file: string): Promise<string | undefined>;
  used(names: Used): Promise<UsedNow>;
  /** The same for a record. Of a tool that no lock holds now, the former record is all there is to compare it with later. */
  recorded(names: Used, former?: Recorded): Promise<Recorded>;
  /** What this code reaches as the module `file`. What it uses of that is for a type check to say. */
  reach(file: string, code: string): Promise<Reach>;
}

/** What of a record is about others. */
export type Recorded = Pick<SkillRecord, "tools" | "skills">;

/** Names of tools (`server/tool`) and paths of skills' modules. */
export interface Used {
  readonly tools: readonly string[];
  readonly skills: readonly string[];
}

/** Holds nothing: each answer is read anew. */
export function createStates(parts: StateParts): States {
  const folders = new Map([...nameServers(parts.servers)].map(([server, folder]) => [folder, server]));

  /** @param through the skills by which this one was reached: those that use each other in a ring have no end. */
  async function stateOfSkill(file: string, through: readonly string[]): Promise<string | undefined> {
    if (through.includes(file)) return file;
    const skill = await skillAt(parts.skillsDir, file);
    const code = await readModule(skill);
    if (code === undefined) return undefined;
    if (!skill.record) return (await reach(file, code)).state;
    return stateOf(code, hashesOf(await usedNow(namesIn(skill.record), [...through, file])));
  }

  async function usedNow({ tools, skills }: Used, through: readonly string[]): Promise<UsedNow> {
    const toolsNow = tools.map(async (name) => [name, await toolNow(parts, name)] as const);
    const skillsNow = skills.map(async (file) => [file, await stateOfSkill(file, through)] as const);
    return { tools: new Map(await Promise.all(toolsNow)), skills: new Map(await Promise.all(skillsNow)) };
  }

  /** What a lock vouches for is not read file by file. */
  async function reach(file: string, code: string): Promise<Reach> {
    const reached = new Map<string, readonly [string, string][]>();
    const { files, links } = await closureOf(
      { [file]: code },
      {
        ...parts.sources,
        async find(specifier, importer) {
          const found = await parts.sources.find(specifier, importer);
          const server = folders.get(serverFolder(found?.path) ?? "");
          const locked = server === undefined ? undefined : await parts.lock.tools(server);
          if (!found || server === undefined || !locked) return found;
          reached.set(
            server,
            [...locked].map(([tool, { sha256 }]) => [tool, sha256]),
          );
          return { path: found.path, text: "" };
        },
      },
    );
    const all = [...Object.entries(files), ...Object.entries(links), ...reached];
    return {
      state: stateOf(
        code,
        all.map(([name, value]) => [name, JSON.stringify(value)]),
      ),
      servers: [...reached.keys()],
    };
  }

  return {
    of: (file) => stateOfSkill(file, []),
    used: (names) => usedNow(names, []),
    async recorded(names, former) {
      const now = await usedNow(names, []);
      const tools = [...now.tools].map(([name, tool]) => [name, tool ?? former?.tools[name]] as const);
      return { tools: present(tools), skills: present(now.skills) };
    },
    reach,
  };
}

function present<Value>(pairs: Iterable<readonly [string, Value | undefined]>): Record<string, Value> {
  return Object.fromEntries([...pairs].filter((pair): pair is [string, Value] => pair[1] !== undefined));
}

/** The names that a record holds. */
export function namesIn({ tools, skills }: Recorded): Used {
  return { tools: Object.keys(tools), skills: Object.keys(skills) };
}

/** One hash by name for all that is used. */
export function hashesOf({ tools, skills }: UsedNow): [string, string | undefined][] {
  return [...[...tools].map(([name, tool]): [string, string | undefined] => [name, tool?.sha256]), ...skills];
}

/** A tool as its server's lock holds it. */
async function toolNow({ lock }: StateParts, name: string): Promise<RecordedTool | undefined> {
  const { server, tool } = splitTool(name);
  const locked = (await lock.tools(server))?.get(tool);
  return locked && { sha256: locked.sha256, parts: { ...locked.parts } };
}

/** The two halves of `server/tool`; a tool's own name may hold slashes. */
export function splitTool(name: string): { readonly server: string; readonly tool: string } {
  const [server = "", ...tool] = name.split("/");
  return { server, tool: tool.join("/") };
}

function serverFolder(file: string | undefined): string | undefined {
  return file === undefined ? undefined : /^servers\/([^/]+)\//.exec(file)?.[1];
}
