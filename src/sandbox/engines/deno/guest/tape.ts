// A clock on tape: gives the readings of an earlier run first, then those of the real clock, which it notes. It knows one
// number after another, not what they measure.

/** Readings are kept run-length coded: value, how often, value, how often, … */
export interface Tape {
  /** The next recorded reading, else one of the real clock. */
  read(): number;
  /** Readings of the real clock since the last call of this; empty when there are none. */
  take(): number[];
}

/** Distinct readings noted in one run. A loop that watches the clock must still end, and not fill the memory. */
const MAX_NOTED = 10_000;

/** @param now the real clock. It never runs backwards behind what was recorded when `isMonotonic`. */
export function createTape(recorded: readonly number[], now: () => number, isMonotonic: boolean): Tape {
  let at = 0;
  let left = recorded[1] ?? 0;
  let shift: number | undefined;
  let fresh: number[] = [];
  let room = MAX_NOTED - recorded.length / 2;

  function replayed(): number | undefined {
    while (at < recorded.length) {
      if (left-- > 0) return recorded[at];
      at += 2;
      left = recorded[at + 1] ?? 0;
    }
    return undefined;
  }

  function note(value: number): void {
    if (room <= 0) return;
    const { length } = fresh;
    if (length > 0 && fresh[length - 2] === value) fresh[length - 1] = (fresh[length - 1] ?? 0) + 1;
    else if (--room > 0) fresh.push(value, 1);
  }

  return {
    read() {
      const earlier = replayed();
      if (earlier !== undefined) return earlier;
      const real = now();
      // Another process counts from another beginning.
      shift ??= isMonotonic ? Math.max(0, (recorded.at(-2) ?? 0) - real) : 0;
      note(real + shift);
      return real + shift;
    },
    take() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
}
