// Something to run after a while, once for all who ask meanwhile. It knows not what.

/** Something to run later. */
export interface Soon {
  /** Runs it after so long, once for all who ask meanwhile. */
  ask(afterMs: number): void;
  /** Lets the time begin again, when it is asked for. */
  postpone(): void;
  cancel(): void;
}

/** Makes a timer that nobody has asked yet; it keeps no process alive. */
export function createSoon(run: () => void): Soon {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const begin = (): void => {
    timer = undefined;
    run();
  };
  return {
    ask: (afterMs) => void (timer ??= setTimeout(begin, afterMs).unref()),
    postpone: () => void timer?.refresh(),
    cancel,
  };
}
