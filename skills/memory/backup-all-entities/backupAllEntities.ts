import * as memory from "../../../servers/memory/index.js";

/** What a backup file holds. */
export interface Backup {
  path: string;
  entities: number;
  relations: number;
}

/**
 * Backs up the whole knowledge graph of the memory server, all entities and relations, to a JSON file in the workspace
 * that is named by the day. Use it before large changes, or to keep a copy.
 * @param folder - the folder of the workspace in which the file goes
 */
export async function backupAllEntities(folder = "backups"): Promise<Backup> {
  const { entities, relations } = await memory.readGraph();
  const path = `${folder}/memory-${new Date().toISOString().slice(0, 10)}.json`;
  await workspace.writeJson(path, { entities, relations });
  return { path, entities: entities.length, relations: relations.length };
}
