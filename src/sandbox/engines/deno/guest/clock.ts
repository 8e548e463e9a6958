// The agent's clocks: `Date` and `performance.now`, read from tapes, so that an execution that is taken up again sees the
// times it has seen before. It knows neither the host nor why.
import { createTape, type Tape } from "./tape.ts";

/** Readings of both clocks, run-length coded. */
export interface Readings {
  readonly date: readonly number[];
  readonly performance: readonly number[];
}

/**
 * Replaces the clocks, which takes time and can be done before the readings are known. The result puts these on: they come
 * before those of the real clocks. What it gives tells what was read from the real ones since it was last asked; undefined
 * for nothing.
 */
export function replaceClocks(): (recorded: Readings) => () => Readings | undefined {
  const RealDate = Date;
  const { now } = RealDate;
  const { now: elapsed } = performance;
  const dateTape = (recorded: readonly number[]): Tape =>
    createTape(recorded, () => now.call(RealDate), false);
  const stopwatchTape = (recorded: readonly number[]): Tape =>
    createTape(recorded, () => elapsed.call(performance), true);
  let date = dateTape([]);
  let stopwatch = stopwatchTape([]);

  const Clocked = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [date.read()] : args, newTarget) as object,
    apply: () => new RealDate(date.read()).toString(),
  });
  define(RealDate, "now", () => date.read());
  define(RealDate.prototype, "constructor", Clocked);
  define(globalThis, "Date", Clocked);
  define(Object.getPrototypeOf(performance) as object, "now", () => stopwatch.read());
  replaceTemporal(() => date.read());

  return (recorded) => {
    date = dateTape(recorded.date);
    stopwatch = stopwatchTape(recorded.performance);
    return () => {
      const taken = { date: date.take(), performance: stopwatch.take() };
      return taken.date.length + taken.performance.length > 0 ? taken : undefined;
    };
  };
}

interface Instant {
  toZonedDateTimeISO(zone: unknown): Record<string, () => unknown>;
}

/** `Temporal.Now`, where there is one, to the millisecond. */
function replaceTemporal(read: () => number): void {
  const { Temporal } = globalThis as unknown as {
    Temporal?: {
      Now: { timeZoneId(): string };
      Instant: { fromEpochMilliseconds(ms: number): Instant };
    };
  };
  if (!Temporal) return;
  const { Now, Instant } = Temporal;
  const instant = (): Instant => Instant.fromEpochMilliseconds(read());
  const zoned = (zone: unknown = Now.timeZoneId()): Record<string, () => unknown> =>
    instant().toZonedDateTimeISO(zone);
  define(Now, "instant", instant);
  define(Now, "zonedDateTimeISO", zoned);
  define(Now, "plainDateTimeISO", (zone?: unknown) => zoned(zone)["toPlainDateTime"]?.());
  define(Now, "plainDateISO", (zone?: unknown) => zoned(zone)["toPlainDate"]?.());
  define(Now, "plainTimeISO", (zone?: unknown) => zoned(zone)["toPlainTime"]?.());
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
