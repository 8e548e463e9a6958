// A dozen skills as an agent would keep them, over three real servers, and what a later agent would ask for who does not know
// them: its purpose in other words. The questions were written before any of them was tried.

/** A program to be saved, and three questions that it is the answer to. */
export interface KeptSkill {
  readonly as: string;
  readonly code: string;
  /** Asked by somebody who knows what the servers call things: entities, relations, files. */
  readonly near: string;
  /** Asked by somebody who does not, in words that the skill does not have where there are others. */
  readonly far: readonly [string, string];
}

/** The folder that the filesystem server may use, without its path standing in the program. */
const ROOT = `(await filesystem.listAllowedDirectories()).content.split("\\n")[1]`;

export const keptSkills: readonly KeptSkill[] = [
  {
    as: "memory/exportTable",
    near: "export the graph to a spreadsheet",
    far: ["dump every record into a spreadsheet", "get what is remembered as columns I can open in Excel"],
    code: `
      /**
       * Writes all entities of the knowledge graph to a CSV file, a row each: name, type and how many observations.
       * @param path - the file in the workspace
       */
      export async function exportTable(path = "entities.csv"): Promise<number> {
        const { entities } = await memory.readGraph();
        await workspace.writeCsv(path, entities.map(({ name, entityType, observations }) =>
          ({ name, entityType, observations: observations.length })));
        return entities.length;
      }
      await exportTable();`,
  },
  {
    as: "memory/findOrphans",
    near: "entities without any relation",
    far: ["which records are not linked to anything", "isolated nodes without connections"],
    code: `
      /** Lists the entities that no relation touches. Use it to tidy up the graph. */
      export async function findOrphans(): Promise<string[]> {
        const { entities, relations } = await memory.readGraph();
        const touched = new Set(relations.flatMap(({ from, to }) => [from, to]));
        return entities.map(({ name }) => name).filter((name) => !touched.has(name));
      }
      await findOrphans();`,
  },
  {
    as: "memory/mergeEntities",
    near: "combine two entities",
    far: ["combine two duplicate records into one", "the same person was stored twice, join them"],
    code: `
      /**
       * Merges one entity into another: its observations and relations move over, then it is deleted.
       * @param from - the entity that goes away
       * @param into - the entity that stays
       */
      export async function mergeEntities(from: string, into: string): Promise<void> {
        const { entities, relations } = await memory.readGraph();
        const old = entities.find(({ name }) => name === from);
        if (!old) return;
        await memory.addObservations([{ entityName: into, contents: old.observations }]);
        const other = (name: string): string => (name === from ? into : name);
        await memory.createRelations(relations.filter((one) => one.from === from || one.to === from)
          .map((one) => ({ ...one, from: other(one.from), to: other(one.to) })));
        await memory.deleteEntities([from]);
      }
      await mergeEntities("nobody", "nobody either");`,
  },
  {
    as: "memory/renameEntity",
    near: "change the name of an entity",
    far: ["give a record another title", "change what somebody is called"],
    code: `
      /**
       * Renames an entity and keeps its observations and relations.
       * @param from - its name now
       * @param to - its new name
       */
      export async function renameEntity(from: string, to: string): Promise<boolean> {
        const { entities, relations } = await memory.readGraph();
        const old = entities.find(({ name }) => name === from);
        if (!old) return false;
        await memory.createEntities([{ ...old, name: to }]);
        const other = (name: string): string => (name === from ? to : name);
        await memory.createRelations(relations.filter((one) => one.from === from || one.to === from)
          .map((one) => ({ ...one, from: other(one.from), to: other(one.to) })));
        await memory.deleteEntities([from]);
        return true;
      }
      await renameEntity("nobody", "somebody");`,
  },
  {
    as: "memory/countByType",
    near: "how many entities of each type",
    far: ["how many records of each kind are there", "statistics about the memory"],
    code: `
      /** Counts the entities of the graph by their type, the most frequent first. */
      export async function countByType(): Promise<[string, number][]> {
        const counts = new Map<string, number>();
        for (const { entityType } of (await memory.readGraph()).entities)
          counts.set(entityType, (counts.get(entityType) ?? 0) + 1);
        return [...counts].sort((a, b) => b[1] - a[1]);
      }
      await countByType();`,
  },
  {
    as: "memory/purgeBefore",
    near: "remove old entities by date",
    far: ["throw away everything older than last year", "clean up outdated records"],
    code: `
      /**
       * Deletes the entities whose observation "updated: DATE" is before a day. Gives the names of those that are gone.
       * @param day - such as 2026-01-31
       */
      export async function purgeBefore(day: string): Promise<string[]> {
        const { entities } = await memory.readGraph();
        const old = entities.filter(({ observations }) =>
          observations.some((text) => text.startsWith("updated: ") && text.slice(9) < day));
        const names = old.map(({ name }) => name);
        if (names.length > 0) await memory.deleteEntities(names);
        return names;
      }
      await purgeBefore("1970-01-01");`,
  },
  {
    as: "contacts/importContacts",
    near: "create entities from a CSV of people",
    far: ["load my address book into the knowledge graph", "turn a spreadsheet of people into entities"],
    code: `
      /**
       * Imports contacts: each row of a CSV file becomes an entity of type person, with its other columns as observations.
       * @param path - the file in the workspace; it has a column "name"
       */
      export async function importContacts(path: string): Promise<number> {
        const rows = await workspace.readCsv<Record<string, string>>(path);
        await memory.createEntities(rows.map(({ name = "", ...rest }) => ({
          name, entityType: "person", observations: Object.entries(rest).map(([key, value]) => key + ": " + value),
        })));
        return rows.length;
      }
      await workspace.writeText("people.csv", "name,company\\n");
      await importContacts("people.csv");`,
  },
  {
    as: "files/summariseFolder",
    near: "count the files of each extension",
    far: ["how much disk space do my documents take", "overview of what kinds of documents a directory has"],
    code: `
      /**
       * Reports the files right in a folder by extension: how many there are of each.
       * @param folder - one that the filesystem server may read
       */
      export async function summariseFolder(folder: string): Promise<Record<string, number>> {
        const { content } = await filesystem.listDirectory({ path: folder });
        const counts: Record<string, number> = {};
        for (const line of content.split("\\n").filter((each) => each.startsWith("[FILE]"))) {
          const extension = line.split(".").at(-1) ?? "";
          counts[extension] = (counts[extension] ?? 0) + 1;
        }
        return counts;
      }
      await summariseFolder(${ROOT});`,
  },
  {
    as: "files/findTodos",
    near: "search source files for todo comments",
    far: ["open tasks left in source code", "unfinished work that comments mention"],
    code: `
      /**
       * Finds the lines with TODO or FIXME in all files below a folder, with file and line number.
       * @param folder - one that the filesystem server may read
       * @param pattern - which files
       */
      export async function findTodos(folder: string, pattern = "**/*.ts"): Promise<string[]> {
        const { content } = await filesystem.searchFiles({ path: folder, pattern });
        const found: string[] = [];
        for (const path of content.split("\\n").filter((line) => line.startsWith("/"))) {
          const text = (await filesystem.readTextFile({ path })).content;
          for (const [index, line] of text.split("\\n").entries())
            if (/TODO|FIXME/.test(line)) found.push(path + ":" + (index + 1) + " " + line.trim());
        }
        return found;
      }
      await findTodos(${ROOT});`,
  },
  {
    as: "files/replaceInFiles",
    near: "change a word in all files",
    far: ["substitute a word across many documents", "bulk edit: swap one string for another everywhere"],
    code: `
      /**
       * Replaces a text by another in every file below a folder that holds it. Gives the files that were changed.
       * @param folder - one that the filesystem server may write
       * @param oldText - what is replaced
       * @param newText - what takes its place
       */
      export async function replaceInFiles(folder: string, oldText: string, newText: string): Promise<string[]> {
        const { content } = await filesystem.searchFiles({ path: folder, pattern: "**/*" });
        const changed: string[] = [];
        for (const path of content.split("\\n").filter((line) => line.includes("."))) {
          const text = (await filesystem.readTextFile({ path })).content;
          if (!text.includes(oldText)) continue;
          await filesystem.writeFile({ path, content: text.replaceAll(oldText, newText) });
          changed.push(path);
        }
        return changed;
      }
      await replaceInFiles(${ROOT}, "colour", "color");`,
  },
  {
    as: "reports/graphToMarkdown",
    near: "a Markdown file for each entity",
    far: ["make a readable document of each record", "publish what is remembered as notes"],
    code: `
      /**
       * Saves every entity of the knowledge graph as a Markdown page in a folder, its observations as a list.
       * @param folder - one that the filesystem server may write
       */
      export async function graphToMarkdown(folder: string): Promise<number> {
        const { entities } = await memory.readGraph();
        for (const { name, observations } of entities) {
          const content = ["# " + name, ...observations.map((text) => "- " + text)].join("\\n");
          await filesystem.writeFile({ path: folder + "/" + name + ".md", content });
        }
        return entities.length;
      }
      await graphToMarkdown(${ROOT});`,
  },
  {
    as: "weather/warmestCity",
    near: "which city is the hottest",
    far: ["where is it hottest today", "compare the temperature of several towns"],
    code: `
      /** Asks for the weather of New York, Chicago and Los Angeles and names the warmest of the cities. */
      export async function warmestCity(): Promise<string> {
        let warmest = { location: "", temperature: -Infinity };
        for (const location of ["New York", "Chicago", "Los Angeles"] as const) {
          const { temperature } = await everything.getStructuredContent({ location });
          if (temperature > warmest.temperature) warmest = { location, temperature };
        }
        return warmest.location;
      }
      await warmestCity();`,
  },
  {
    as: "numbers/totalColumn",
    near: "total of a column in a CSV file",
    far: ["what do the amounts in my spreadsheet come to", "add up figures of a CSV file"],
    code: `
      /**
       * Sums the numbers in one column of a table with the server's own sum tool.
       * @param path - a CSV file of the workspace
       * @param column - its name
       */
      export async function totalColumn(path: string, column: string): Promise<number> {
        let total = 0;
        for (const row of await workspace.readCsv<Record<string, string>>(path)) {
          const said = String(await everything.getSum({ a: total, b: Number(row[column]) }));
          total = Number(/is (-?[\\d.]+?)\\.?$/.exec(said)?.[1]);
        }
        return total;
      }
      await workspace.writeText("amounts.csv", "amount\\n2\\n3\\n");
      await totalColumn("amounts.csv", "amount");`,
  },
];
