// Keeps a few things ready ahead of time, each to be used once. It knows nothing of Deno.

/** Something started in advance. */
export interface Pool<Item> {
  /** Starts filling up in the background. */
  fill(): void;
  /** A ready item, or a fresh one when none is. Does not refill: call `fill` when the machine is idle again. */
  take(): Promise<Item>;
  /** Ends what was never taken. */
  close(): Promise<void>;
}

/** @param start makes one item; @param end disposes of one that was not used. */
export function createPool<Item>(
  size: number,
  start: () => Promise<Item>,
  end: (item: Item) => void,
): Pool<Item> {
  let waiting: Promise<Item>[] = [];
  let closed = false;

  function add(): void {
    const item = start();
    waiting.push(item);
    // One that fails must not be handed out later; whoever takes next starts a new one and sees the reason.
    item.catch(() => (waiting = waiting.filter((other) => other !== item)));
  }

  return {
    fill() {
      if (closed) return;
      while (waiting.length < size) add();
    },
    take: () => waiting.shift() ?? start(),
    async close() {
      closed = true;
      const unused = waiting;
      waiting = [];
      const items = await Promise.allSettled(unused);
      for (const item of items) if (item.status === "fulfilled") end(item.value);
    },
  };
}
