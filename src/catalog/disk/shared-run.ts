// Makes an asynchronous job run one at a time, shared by those who ask for it together. It knows no job.

/**
 * A function that runs the job when it is not running. Whoever asks while it runs gets the next run, one for all, so
 * that each caller's run starts after its call and sees all that was there before.
 */
export function shareRuns<T>(job: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;

  function run(): Promise<T> {
    next = undefined;
    return job();
  }

  return () => {
    if (!next) {
      next = last.then(run);
      last = next.catch(() => undefined);
    }
    return next;
  };
}
