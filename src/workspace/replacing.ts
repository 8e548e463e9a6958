// Replaces files as a whole: a draft is filled beside the workspace's files and then put in place, with room counted.
import { lstat } from "node:fs/promises";
import { ToolgroveError } from "../errors.ts";
import type { Drafts } from "./drafts.ts";
import { pathParts } from "./path-parts.ts";
import { atPlace, type Place } from "./place.ts";
import { isAbsence } from "./reading.ts";
import type { Ledger } from "./usage.ts";

/** What changing files needs. */
export interface WritingParts {
  readonly root: string;
  readonly drafts: Drafts;
  readonly ledger: Ledger;
  /** Hears of each path that has changed. */
  readonly onChange: (file: string) => void;
}

/** Files written in pieces. */
export interface Replacing {
  /** Begins a file that is written in pieces; resolves with the token of its draft. */
  begin(file: unknown): Promise<string>;
  /** Writes a piece at a position; resolves with the position after it. */
  addPiece(token: unknown, at: number, bytes: Uint8Array): Promise<number>;
  /** Puts the draft in place of the file, which will then survive a power cut. */
  commit(token: unknown, file: unknown): Promise<void>;
  discard(token: unknown): Promise<void>;
  /** Writes a whole draft through `fill` and puts it in place; nothing is left of one that fails. */
  replace(file: unknown, fill: (token: string) => Promise<unknown>): Promise<void>;
}

/** Makes the operations. */
export function createReplacing({ root, drafts, ledger, onChange }: WritingParts): Replacing {
  const addPiece: Replacing["addPiece"] = async (token, at, bytes) => {
    const after = Math.max(await drafts.size(token), at + bytes.length);
    await ledger.admit({ bytes: after - (await drafts.size(token)), files: 0 }, after);
    await drafts.write(token, at, bytes);
    return at + bytes.length;
  };
  const discard: Replacing["discard"] = async (token) => {
    await ledger.admit({ bytes: -(await drafts.discard(token)), files: 0 }, 0);
  };
  const begin: Replacing["begin"] = async (file) => {
    pathParts(file);
    return drafts.begin();
  };
  const commit: Replacing["commit"] = (token, file) =>
    atPlace(
      root,
      file,
      async (place) => {
        const old = await sizeOf(place);
        await ledger.admit({ bytes: -(old ?? 0), files: old === undefined ? 1 : 0 }, 0);
        await drafts.install(token, place.path);
        onChange(place.relative);
      },
      { makeFolders: true },
    );
  const replace: Replacing["replace"] = async (file, fill) => {
    const token = await begin(file);
    try {
      await fill(token);
      await commit(token, file);
    } catch (error) {
      await discard(token);
      throw error;
    }
  };
  return { begin, addPiece, commit, discard, replace };
}

/** The size of the file that is to be replaced, or undefined when there is none. Folders are never replaced. */
export async function sizeOf(place: Place): Promise<number | undefined> {
  refuseRoot(place);
  try {
    const facts = await lstat(place.path);
    if (facts.isDirectory()) throw isFolder(place.relative);
    return facts.size;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** The place, unless it is the workspace itself. */
export function refuseRoot(place: Place): Place {
  if (place.relative !== "") return place;
  throw new ToolgroveError(
    "workspace",
    "The workspace itself is neither replaced nor removed: name a file or folder in it.",
  );
}

/** What to say when a folder is named in place of a file. */
export function isFolder(relative: string): ToolgroveError {
  return new ToolgroveError("workspace", `${JSON.stringify(relative)} is a folder. Name a file.`);
}
