import * as memory from "../../../servers/memory/index.js";

/** What was brought back; what was there already is left as it is. */
export interface Restored {
  entities: number;
  observations: number;
  relations: number;
}

interface Graph {
  entities: { name: string; entityType: string; observations: string[] }[];
  relations: { from: string; to: string; relationType: string }[];
}

/**
 * Restores the memory server's knowledge graph from a backup file of the workspace: adds the entities, observations and
 * relations that are missing, and removes and changes nothing. Use it after records were lost or deleted by mistake.
 * @param path - the backup in the workspace, as backupAllEntities gives it
 */
export async function restoreFromBackup(path: string): Promise<Restored> {
  const backup = await workspace.readJson(path);
  // Found out now: nothing must be half restored.
  if (!isGraph(backup))
    throw new TypeError(`${path} is no backup of the graph: it needs whole entities and relations.`);
  const { entities } = await memory.readGraph();
  const known = new Map(entities.map((entity) => [entity.name, new Set(entity.observations)]));
  const lost = backup.entities.filter(({ name }) => !known.has(name));
  if (lost.length > 0) await memory.createEntities(lost);
  const missing = backup.entities
    .map(({ name, observations }) => ({
      entityName: name,
      contents: observations.filter((one) => known.get(name)?.has(one) === false),
    }))
    .filter(({ contents }) => contents.length > 0);
  if (missing.length > 0) await memory.addObservations(missing);
  const before = (await memory.readGraph()).relations.length;
  if (backup.relations.length > 0) await memory.createRelations(backup.relations);
  return {
    entities: lost.length,
    observations: missing.reduce((sum, { contents }) => sum + contents.length, 0),
    relations: (await memory.readGraph()).relations.length - before,
  };
}

function isGraph(value: unknown): value is Graph {
  const { entities, relations } = (value ?? {}) as Partial<Graph>;
  return (
    Array.isArray(entities) &&
    Array.isArray(relations) &&
    entities.every((one) => areTexts(one?.name, one?.entityType) && isTextList(one.observations)) &&
    relations.every((one) => areTexts(one?.from, one?.to, one?.relationType))
  );
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && areTexts(...value);
}

function areTexts(...values: unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}
