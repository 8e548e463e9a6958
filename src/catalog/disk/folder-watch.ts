// Hears from the file system that something in a set of folders may have changed. It looks at nothing itself.
import { type FSWatcher, watch } from "node:fs";
import path from "node:path";
import { messageOf } from "../../errors.ts";

/** Watches folders, without what is beneath them. A change is a hint: it may come twice, late, and on some systems never. */
export interface FolderWatch {
  /** Watches exactly these folders from now on. True when one of them was not watched before. */
  follow(folders: readonly string[]): boolean;
  /** False once a folder could not be watched: then nothing is heard any more. */
  isWatching(): boolean;
  close(): void;
}

/** What a watch tells. */
export interface FolderWatchEvents {
  /** `changed` is the absolute path of what a folder holds; undefined when the system does not say. */
  readonly onChange: (changed: string | undefined) => void;
  /** Called once, when watching is given up. */
  readonly onLost: (reason: string) => void;
}

/** Each costs a handle of the system; homes with more folders are looked at instead. */
const MAX_FOLDERS = 5_000;

/** Makes a watch that follows no folder yet. */
export function createFolderWatch({ onChange, onLost }: FolderWatchEvents): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let isLost = false;

  function forget(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }
  function close(): void {
    for (const folder of [...watchers.keys()]) forget(folder);
  }
  function giveUp(reason: string): void {
    close();
    isLost = true;
    onLost(reason);
  }

  function begin(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) =>
        onChange(name === null ? undefined : path.join(folder, name)),
      );
      // A watched folder that goes away is an error on some systems; the next look knows what is left of it.
      watcher.on("error", () => {
        forget(folder);
        onChange(undefined);
      });
      watchers.set(folder, watcher);
    } catch (error) {
      // Gone since it was found, which its parent's watcher tells.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") giveUp(messageOf(error));
    }
  }

  return {
    follow(folders) {
      if (isLost) return false;
      if (folders.length > MAX_FOLDERS) {
        giveUp(`more than ${MAX_FOLDERS} folders`);
        return false;
      }
      const wanted = new Set(folders);
      for (const folder of [...watchers.keys()]) if (!wanted.has(folder)) forget(folder);
      const fresh = [...wanted].filter((folder) => !watchers.has(folder));
      for (const folder of fresh) if (!isLost) begin(folder);
      return fresh.some((folder) => watchers.has(folder));
    },
    isWatching: () => !isLost && watchers.size > 0,
    close,
  };
}
