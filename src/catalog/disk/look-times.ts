// How long looks at the disk take, and so how often there may be one. It knows only times.

/** Follows the looks, one at a time. */
export interface LookTimes {
  /** Times a look, at everything or at a few places. */
  during<T>(isAtAll: boolean, look: () => Promise<T>): Promise<T>;
  /** Whether it is time to look at everything again. The next one counts from now on. */
  takeTurn(isHeard: boolean): boolean;
  /** How long to gather changes before a look, in milliseconds: longer where looks take longer. */
  gatherMs(): number;
}

const CHECK_EVERY_MS = 250;
const HEARD_CHECK_EVERY_MS = 5_000;
/** A look may take a twentieth of the time when changes are heard of anyway. */
const REST_PER_LOOK = 20;
const MIN_GATHER_MS = 50;
const MAX_GATHER_MS = 200;

/** @param now the time of day in milliseconds */
export function createLookTimes(now: () => number): LookTimes {
  let allLookedAt = now();
  let lastMs = 0;
  let lastAtAllMs = 0;
  const restMs = (isHeard: boolean): number => {
    if (!isHeard) return CHECK_EVERY_MS;
    return Math.min(Math.max(CHECK_EVERY_MS, lastAtAllMs * REST_PER_LOOK), HEARD_CHECK_EVERY_MS);
  };
  return {
    async during(isAtAll, look) {
      const begun = performance.now();
      if (isAtAll) allLookedAt = now();
      const found = await look();
      lastMs = performance.now() - begun;
      if (isAtAll) lastAtAllMs = lastMs;
      return found;
    },
    takeTurn(isHeard) {
      if (now() - allLookedAt < restMs(isHeard)) return false;
      allLookedAt = now();
      return true;
    },
    gatherMs: () => Math.max(MIN_GATHER_MS, Math.min(2 * lastMs, MAX_GATHER_MS)),
  };
}
