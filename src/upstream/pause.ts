// Measures the growing pause between failed attempts. It knows nothing of what is attempted.

/** The pause after failures in a row: `firstMs`, then twice as long each time, at most `longestMs`. */
export interface Pause {
  /** Milliseconds left before the next attempt may come; 0 when it may come now. */
  readonly restMs: () => number;
  readonly failed: () => void;
  readonly succeeded: () => void;
}

/** Makes a pause that has not begun. */
export function createPause(firstMs: number, longestMs: number): Pause {
  let failures = 0;
  let endsAt = 0;
  return {
    restMs: () => Math.max(0, Math.ceil(endsAt - performance.now())),
    failed: () => {
      endsAt = performance.now() + Math.min(firstMs * 2 ** failures, longestMs);
      failures += 1;
    },
    succeeded: () => {
      failures = 0;
      endsAt = 0;
    },
  };
}
