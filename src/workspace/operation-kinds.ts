// What it means to do each workspace operation again, for whoever repeats work. It performs none.

/** `read`: nothing changes. `repeatable`: the same state as after the first time. `write`: perhaps a second effect. */
export type OperationKind = "read" | "repeatable" | "write";

/**
 * Every operation there is; the compiler insists that none is missing. The pieces of a streamed write have places and their
 * draft outlives the process, so a run that is taken up again goes on with it.
 */
const KINDS = {
  readPiece: "read",
  list: "read",
  stat: "read",
  exists: "read",
  writeText: "repeatable",
  writeBytes: "repeatable",
  beginWrite: "repeatable",
  writePiece: "repeatable",
  discardWrite: "repeatable",
  copy: "repeatable",
  commitWrite: "write",
  appendText: "write",
  move: "write",
  remove: "write",
} as const satisfies Readonly<Record<string, OperationKind>>;

/** The name of an operation. */
export type OperationName = keyof typeof KINDS;

const kinds: ReadonlyMap<string, OperationKind> = new Map(Object.entries(KINDS));

/** The kind of an operation; undefined for one that does not exist. */
export function operationKind(method: string): OperationKind | undefined {
  return kinds.get(method);
}
