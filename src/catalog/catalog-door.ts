// How the rest of the product asks a catalog: small questions, small answers, wherever the catalog lives.
import { openCatalog, type CatalogOptions, type CatalogSearchOptions, type ServerCount } from "./catalog.ts";
import { moduleOf, type ToolDocument } from "./document.ts";
import { countOf } from "./disk/indexing.ts";
import type { Resolution } from "./read/paths.ts";
import { renderRead, renderSearch, toJson, type JsonHit, type SearchDetail } from "./read/render.ts";
import type { IndexProgress, RefreshSummary } from "./disk/store.ts";

/** Narrows a search and says how much of a hit to show. */
export interface DoorSearchOptions extends CatalogSearchOptions {
  readonly detail?: SearchDetail | undefined;
}

/** A search's answer. */
export interface SearchAnswer {
  /** What an agent reads. */
  readonly text: string;
  /** What a program reads. */
  readonly hits: readonly JsonHit[];
  /** The servers, or folders of skills, of the hits; each once. */
  readonly servers: readonly string[];
  /** The files of the skills among the hits, relative to the home; each once. */
  readonly skills: readonly string[];
}

/** A read's answer. */
export interface ReadAnswer {
  /** What an agent reads. */
  readonly text: string;
  /** Whether the path led anywhere. */
  readonly found: boolean;
  /** The servers, or folders of skills, of all that was found; each once. */
  readonly servers: readonly string[];
  /** The files of the skills that are shown by name, relative to the home; each once. */
  readonly skills: readonly string[];
}

/** A function under `skills/`, as whoever offers it elsewhere needs it. */
export type SkillFacts = Pick<
  ToolDocument,
  "path" | "file" | "name" | "description" | "parameters" | "passing"
> & {
  /** What code imports it from: `./skills/memory`. */
  readonly module: string;
};

/**
 * An open catalog that answers with text. While many files are still to be read, answers come from those that are
 * known and say so in their last line. What crosses is plain data, as small as the answer.
 */
export interface CatalogDoor {
  search(query: string, options?: DoorSearchOptions): Promise<SearchAnswer>;
  read(path: string): Promise<ReadAnswer>;
  /** All functions under `skills/`, sorted by path. */
  skills(): Promise<readonly SkillFacts[]>;
  /** Looks at the disk now; see `Catalog.refresh`. */
  refresh(): Promise<RefreshSummary>;
  /** Resolves when the catalog answers without a wait; see `Catalog.ready`. */
  ready(): Promise<void>;
  servers(): Promise<readonly ServerCount[]>;
  /** Ends what runs; resolves when the cache is written. */
  close(): Promise<void>;
}

/** How to open a catalog that answers with text. */
export interface DoorOptions extends CatalogOptions {
  /** How many characters an answer should have at most; unlimited by default. Few functions may be longer even so. */
  readonly answerChars?: number | undefined;
}

/** Opens a catalog in this thread. It returns at once. */
export function openCatalogDoor({ answerChars, ...options }: DoorOptions): CatalogDoor {
  const catalog = openCatalog(options);
  return {
    async search(query, { detail, ...narrowed } = {}) {
      const result = await catalog.search(query, narrowed);
      const documents = result.hits.map(({ document }) => document);
      const text = withProgress(renderSearch(result, detail, answerChars), catalog.progress());
      return { text, hits: toJson(result.hits), servers: serversOf(documents), skills: skillsOf(documents) };
    },
    async read(path) {
      const resolution = await catalog.read(path);
      const documents = resolution.kind === "miss" ? [] : resolution.documents;
      const text = withProgress(renderRead(resolution, answerChars), catalog.progress());
      const found = resolution.kind !== "miss";
      return { text, found, servers: serversOf(documents), skills: skillsOf(namedIn(resolution)) };
    },
    skills: async () => (await catalog.skills()).map(toFacts),
    refresh: catalog.refresh,
    ready: catalog.ready,
    servers: catalog.servers,
    close: catalog.close,
  };
}

function toFacts(document: ToolDocument): SkillFacts {
  const { path, file, name, description, parameters, passing } = document;
  return { path, file, name, description, parameters, passing, module: moduleOf(document) };
}

function withProgress(text: string, progress: IndexProgress | undefined): string {
  return progress ? `${text}\nStill indexing: ${countOf(progress)}; search again in a few seconds.` : text;
}

function serversOf(documents: readonly { readonly server: string }[]): string[] {
  return [...new Set(documents.map(({ server }) => server))];
}

function skillsOf(documents: readonly ToolDocument[]): string[] {
  const skills = documents.filter(({ kind }) => kind === "skill");
  return [...new Set(skills.map(({ file }) => file))];
}

/** Of a folder only what stands right in it is named; the rest is counted. */
function namedIn(resolution: Resolution): readonly ToolDocument[] {
  if (resolution.kind === "miss") return [];
  if (resolution.kind === "tools") return resolution.documents;
  const { path: folder, documents } = resolution;
  return documents.filter(({ path }) => path.lastIndexOf("/") === folder.length);
}
