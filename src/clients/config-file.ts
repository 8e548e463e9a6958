// One client's configuration file as text: which servers stand in it, and the same text without some of them.
import { editProperties, parseJson } from "./json-edit.ts";
import type { Location } from "./locations.ts";
import type { ClientRow } from "./table.ts";
import { editTables } from "./toml-edit.ts";
import { memberOf, parseToml } from "./toml-statements.ts";
import type { RawEntry } from "./dialects.ts";

/** A file that is there, with its text. */
export interface ConfigFile extends Location {
  readonly client: ClientRow;
  readonly text: string;
}

/** A server as it stands in a file. */
export interface FoundServer {
  readonly name: string;
  readonly raw: RawEntry;
  /** The keys that lead to the record it stands in. */
  readonly place: readonly string[];
  /** The project that this record is for, where a user's file tells projects apart. */
  readonly projectDir?: string;
}

/** What to change: servers to take out, and Toolgrove's entry to put in. */
export interface ConfigChange {
  readonly remove: readonly FoundServer[];
  readonly put?: readonly [name: string, entry: RawEntry] | undefined;
}

/** The servers of a file, in its order. Throws when the text is broken. */
export function readServers({ client, text }: ConfigFile): FoundServer[] {
  const document = client.format === "json" ? parseJson(text) : parseToml(text);
  const main = serversAt(document, { place: [client.key] });
  if (client.projectsKey === undefined) return main;
  const { projectsKey } = client;
  const projects = Object.keys(memberOf(document, projectsKey));
  return [
    ...main,
    ...projects.flatMap((projectDir) =>
      serversAt(document, { place: [projectsKey, projectDir, client.key], projectDir }),
    ),
  ];
}

/** The file's text after the change. Throws when its layout does not allow the change without more changes. */
export function rewriteConfig({ client, text }: ConfigFile, { remove, put }: ConfigChange): string {
  if (client.format === "toml") {
    const names = new Set(remove.map(({ name }) => name));
    return editTables(text, {
      parent: client.key,
      remove: names,
      put: put && [put[0], { ...put[1] } as never],
    });
  }
  const main = JSON.stringify([client.key]);
  const places = new Map<string, Set<string>>(put ? [[main, new Set()]] : []);
  for (const { place, name } of remove) {
    const key = JSON.stringify(place);
    places.set(key, (places.get(key) ?? new Set()).add(name));
  }
  let edited = text;
  for (const [place, names] of places) {
    const set = new Map<string, unknown>(put && place === main ? [put] : []);
    edited = editProperties(edited, JSON.parse(place) as string[], { remove: names, set });
  }
  return edited;
}

function serversAt(document: unknown, where: Omit<FoundServer, "name" | "raw">): FoundServer[] {
  const servers = where.place.reduce<unknown>((value, key) => memberOf(value, key), document);
  return Object.entries(servers as object).flatMap(([name, raw]: [string, unknown]) =>
    typeof raw === "object" && raw !== null ? [{ name, raw: { ...raw }, ...where }] : [],
  );
}
