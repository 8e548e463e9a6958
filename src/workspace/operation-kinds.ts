// What it means to do each workspace operation again, for whoever repeats work. A test insists that none is missing.

/**
 * `read`: nothing changes. `repeatable`: the same state as after the first time. `write`: perhaps a second effect.
 * `passing`: a part of something that is begun anew as a whole, as the pieces of a streamed write; never taken for done.
 */
export type OperationKind = "read" | "repeatable" | "write" | "passing";

const KINDS: Readonly<Record<string, OperationKind>> = {
  readText: "read",
  readBytes: "read",
  list: "read",
  stat: "read",
  writeText: "repeatable",
  writeBytes: "repeatable",
  appendText: "write",
  remove: "write",
};

/** The kind of an operation; `write` for one that is not known. */
export function operationKind(method: string): OperationKind {
  return Object.hasOwn(KINDS, method) ? (KINDS[method] ?? "write") : "write";
}

/** Whether somebody has thought about this operation. */
export function hasKind(method: string): boolean {
  return Object.hasOwn(KINDS, method);
}
