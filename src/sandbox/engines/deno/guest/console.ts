// The agent's console: every method becomes lines of text for the host. Values print as the final value would.
import { toText } from "./value.ts";

/** Text one run may print, in characters; the host keeps the same limit for itself. */
const MAX_LOG_CHARS = 1_000_000;

/** Replaces `globalThis.console`. `print` receives one entry at a time, without its newline. */
export function captureConsole(print: (text: string) => void): void {
  let room = MAX_LOG_CHARS;
  const write = (...values: unknown[]): void => {
    if (room <= 0) return;
    const text = format(values);
    print(text.slice(0, room));
    room -= text.length + 1;
    if (room <= 0) print(`[console output cut after ${MAX_LOG_CHARS.toLocaleString("en")} characters]`);
  };
  const timers = new Map<string, number>();
  const counts = new Map<string, number>();
  const { now } = performance;
  const methods: Partial<Console> = {
    assert: (condition, ...values) => void (condition || write("Assertion failed", ...values)),
    table: (rows) => (Array.isArray(rows) ? rows.forEach((row) => write(row)) : write(rows)),
    time: (label = "default") => void timers.set(label, now.call(performance)),
    timeEnd: (label = "default") =>
      write(`${label}: ${(now.call(performance) - (timers.get(label) ?? 0)).toFixed(1)} ms`),
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      write(`${label}: ${counts.get(label)}`);
    },
    groupEnd: () => undefined,
    clear: () => undefined,
  };
  globalThis.console = new Proxy(methods as Console, {
    get: (target, name) => Reflect.get(target, name) ?? write,
  });
}

/** Joins values as `console.log` does, filling `%s %d %i %f %o %O %j` from a leading format string. */
function format(values: readonly unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== "string" || !/%[sdifoOj%]/.test(first)) return values.map(toText).join(" ");
  const filled = first.replace(/%([sdifoOj%])/g, (whole, kind: string) => {
    if (kind === "%") return "%";
    if (rest.length === 0) return whole;
    const value = rest.shift();
    if (kind === "d" || kind === "f") return String(Number(value));
    return kind === "i" ? String(Math.trunc(Number(value))) : toText(value);
  });
  return [filled, ...rest.map(toText)].join(" ");
}
