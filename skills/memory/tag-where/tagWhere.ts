import * as memory from "../../../servers/memory/index.js";

/** Which records to mark: at least one condition, and each that is given must hold. */
export interface Condition {
  /** Text that one of its observations is, such as "status: open". */
  observation?: string;
  entityType?: string;
  /** Text that its name holds. */
  nameIncludes?: string;
}

/**
 * Tags all records of the memory server that match a condition: adds the tag as an observation to each that lacks it. Use it
 * to mark, label or flag many entities at once. Gives the names of those it tagged.
 * @param condition - which records
 * @param tag - the observation that marks them, such as "tag: urgent"
 */
export async function tagWhere(condition: Condition, tag: string): Promise<string[]> {
  const { observation, entityType, nameIncludes } = condition;
  if (observation === undefined && entityType === undefined && nameIncludes === undefined)
    throw new Error('No condition is given: every record would be tagged. If that is meant, say nameIncludes: "".');
  const { entities } = await memory.readGraph();
  const names = entities
    .filter((entity) => observation === undefined || entity.observations.includes(observation))
    .filter((entity) => entityType === undefined || entity.entityType === entityType)
    .filter((entity) => nameIncludes === undefined || entity.name.includes(nameIncludes))
    .filter((entity) => !entity.observations.includes(tag))
    .map(({ name }) => name);
  if (names.length > 0)
    await memory.addObservations(names.map((entityName) => ({ entityName, contents: [tag] })));
  return names;
}
