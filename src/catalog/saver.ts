// Saves what changes often no more often than it is worth. It knows nothing of what it saves.

/** Saves some time after it was asked to. */
export interface Saver {
  /** Saves soon: once for all who ask meanwhile. */
  ask(): void;
  /** Saves at once what is still to be saved; resolves when nothing is being saved any more. */
  close(): Promise<void>;
}

/** Makes a saver; `save` never runs twice at once and must not reject. */
export function createSaver(afterMs: number, save: () => Promise<void>): Saver {
  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();

  function begin(): void {
    timer = undefined;
    saving = saving.then(save);
  }

  return {
    ask() {
      // A process that has nothing else to do closes what it opened, or does without the cache.
      timer ??= setTimeout(begin, afterMs).unref();
    },
    async close() {
      if (timer) {
        clearTimeout(timer);
        begin();
      }
      await saving;
    },
  };
}
