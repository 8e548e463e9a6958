// Keeps long work from holding up its thread: it pauses every few milliseconds. It knows no work.
import { setImmediate } from "node:timers/promises";

/**
 * A pause to await between small steps. It costs nothing until the thread was held for `sliceMs`; then it lets
 * everything that waits run first.
 */
export function createPace(sliceMs: number): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < sliceMs) return;
    await setImmediate();
    since = performance.now();
  };
}
