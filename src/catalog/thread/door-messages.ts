// What crosses between a catalog's thread and the thread that asks. It knows no worker and no catalog.
import type { CatalogDoor, DoorSearchOptions } from "../catalog-door.ts";

/** What a thread is started with. */
export interface ThreadSetup {
  readonly serversDir: string;
  readonly skillsDir: string;
  readonly cacheDir: string;
  /** See `CatalogOptions.patienceMs`. */
  readonly patienceMs: number;
  /** See `DoorOptions.answerChars`. */
  readonly answerChars?: number | undefined;
}

/** What may be asked: the methods of a door. */
export type Question =
  | { readonly method: "search"; readonly query: string; readonly options: DoorSearchOptions }
  | { readonly method: "read"; readonly path: string }
  | { readonly method: Exclude<keyof CatalogDoor, "search" | "read"> };

/** A question with the number its answer will carry. */
export interface Asked {
  readonly id: number;
  readonly question: Question;
}

/** What a thread says. */
export type Said =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly message: string }
  | { readonly kind: "log"; readonly line: string }
  | { readonly kind: "skills-changed" };

/** A message of the asking thread; undefined for anything else. */
export function parseAsked(message: unknown): Asked | undefined {
  if (!isRecord(message) || typeof message["id"] !== "number" || !isRecord(message["question"]))
    return undefined;
  const { method, query, path } = message["question"];
  const isWhole =
    (method === "search" && typeof query === "string" && isRecord(message["question"]["options"])) ||
    (method === "read" && typeof path === "string") ||
    PLAIN_METHODS.has(method);
  return isWhole ? (message as unknown as Asked) : undefined;
}

/** A message of the catalog's thread; undefined for anything else. */
export function parseSaid(message: unknown): Said | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, id, message: reason, line } = message;
  const isWhole =
    (kind === "answer" && typeof id === "number") ||
    (kind === "failure" && typeof id === "number" && typeof reason === "string") ||
    (kind === "log" && typeof line === "string") ||
    kind === "skills-changed";
  return isWhole ? (message as unknown as Said) : undefined;
}

const PLAIN_METHODS: ReadonlySet<unknown> = new Set(["skills", "refresh", "ready", "servers", "close"]);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
