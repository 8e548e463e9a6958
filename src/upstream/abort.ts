// Lets a caller leave a wait that others share. It knows nothing of what is awaited.

/** Settles as the promise does, or rejects with the signal's reason as soon as it aborts; the promise itself goes on. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) return leave();
    // Taken off again by hand: a controller of its own would cost an exception's stack trace on every call.
    signal.addEventListener("abort", leave, { once: true });
    const stay = (): void => signal.removeEventListener("abort", leave);
    promise.finally(stay).then(resolve, reject);
  });
}
