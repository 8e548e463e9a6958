// Lets many reports in a row become one. It knows nothing of what is reported.

/** Reports, held back until they pause. */
export interface Debounce {
  readonly report: () => void;
  /** Drops what is held back. */
  readonly cancel: () => void;
}

/** Runs `act` once, `pauseMs` after the last report. It keeps no process alive. */
export function createDebounce(pauseMs: number, act: () => void): Debounce {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => clearTimeout(timer);
  const report = (): void => {
    cancel();
    timer = setTimeout(act, pauseMs).unref();
  };
  return { report, cancel };
}
