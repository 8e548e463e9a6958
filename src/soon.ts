// Something to run after a while, once for all who ask meanwhile. It knows not what.

/** Something to run later. */
export interface Soon {
  /** Runs it after so long, once for all who ask meanwhile. */
  ask(afterMs: number): void;
  /** Runs it so long after the last time that it was asked so. */
  askAnew(afterMs: number): void;
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
  const ask = (afterMs: number): void => void (timer ??= setTimeout(begin, afterMs).unref());
  return {
    ask,
    askAnew(afterMs) {
      cancel();
      ask(afterMs);
    },
    postpone: () => void timer?.refresh(),
    cancel,
  };
}
