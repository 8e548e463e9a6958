// Saves what changes often no more often than it is worth. It knows nothing of what it saves.

/** Saves some time after it was asked to. */
export interface Saver {
  /** Saves within this time: once for all who ask meanwhile. */
  ask(withinMs: number): void;
  /** Saves at once what is still to be saved; resolves when nothing is being saved any more. */
  close(): Promise<void>;
}

/** Makes a saver; `save` never runs twice at once and must not reject. */
export function createSaver(save: () => Promise<void>): Saver {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let saving = Promise.resolve();

  function begin(): void {
    clearTimeout(timer);
    timer = undefined;
    dueAt = Infinity;
    saving = saving.then(save);
  }

  return {
    ask(withinMs) {
      if (performance.now() + withinMs >= dueAt) return;
      dueAt = performance.now() + withinMs;
      clearTimeout(timer);
      // A process that has nothing else to do closes what it opened, or does without the cache.
      timer = setTimeout(begin, withinMs).unref();
    },
    async close() {
      if (timer) begin();
      await saving;
    },
  };
}
