// Keeps a few things ready ahead of time, each to be used once. It knows nothing of Deno.

/** How a pool makes, bounds and disposes of its items. */
export interface PoolOptions<Item> {
  /** Items kept ready. */
  readonly size: number;
  /** Items in use at the same time; whoever asks for more waits for a place. */
  readonly maxInUse: number;
  readonly start: () => Promise<Item>;
  /** Disposes of an item, used or not; resolves when it is gone. */
  readonly end: (item: Item) => Promise<void>;
}

/** Items started in advance. */
export interface Pool<Item> {
  /** Starts filling up in the background, one after another. Resolves when a first item is ready or cannot be had. */
  fill(): Promise<void>;
  /** Gives `work` an item of its own, which is disposed of afterwards. Rejects when no item can be started. */
  use<Result>(work: (item: Item) => Promise<Result>): Promise<Result>;
  /** Disposes of every item, in use or not. */
  close(): Promise<void>;
}

/** Replacements wait this long after a use, so that they do not compete with the answer for the processor. */
const REFILL_DELAY_MS = 50;

/** Makes an empty pool. */
export function createPool<Item>({ size, maxInUse, start, end }: PoolOptions<Item>): Pool<Item> {
  let ready: Promise<Item>[] = [];
  const inUse = new Set<Item>();
  const queue: (() => void)[] = [];
  let places = maxInUse;
  let closed = false;

  async function fill(): Promise<void> {
    if (closed || ready.length >= size) return;
    const item = start();
    ready.push(item);
    try {
      await item;
      // Two that start at once are both ready later than the first of two.
      void fill();
    } catch {
      // One that fails must not be handed out later; whoever takes next starts a new one and sees the reason.
      ready = ready.filter((other) => other !== item);
    }
  }

  async function place(): Promise<void> {
    if (places > 0) places -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
  }

  function leave(): void {
    const next = queue.shift();
    if (next) next();
    else places += 1;
  }

  return {
    fill,
    async use(work) {
      await place();
      try {
        const item = await (ready.shift() ?? start());
        inUse.add(item);
        try {
          return await work(item);
        } finally {
          inUse.delete(item);
          void end(item);
        }
      } finally {
        leave();
        setTimeout(() => void fill(), REFILL_DELAY_MS).unref();
      }
    },
    async close() {
      closed = true;
      const settled = await Promise.allSettled(ready.splice(0));
      const unused = settled.flatMap((item) => (item.status === "fulfilled" ? [item.value] : []));
      await Promise.all([...inUse, ...unused].map(end));
    },
  };
}
