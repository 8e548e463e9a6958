// What a context costs over a whole conversation: every request sends it again. Pure sums.

/** How the tokens of the input are paid for, as multiples of an input token's price. */
export interface CachePrices {
  readonly read: number;
  readonly write: number;
}

/** Anthropic's prices for the five-minute cache, as published: a read costs a tenth, a write a quarter more. */
export const CACHE_PRICES: CachePrices = { read: 0.1, write: 1.25 };

/** Input of a conversation, in tokens; the cached figure is in tokens of full price. */
export interface Rereading {
  readonly requests: number;
  readonly uncached: number;
  readonly cached: number;
}

/**
 * Sums the input of all requests. The first holds what stands in the context; each round trip adds its call and answer, and
 * causes one request more. With caching, what an earlier request held is read from the cache, and only what is new is written.
 *
 * @param standing tokens before the first request
 * @param steps tokens each round trip adds: arguments and result
 */
export function rereading(
  standing: number,
  steps: readonly number[],
  prices: CachePrices = CACHE_PRICES,
): Rereading {
  let context = standing;
  let uncached = standing;
  let cached = standing * prices.write;
  for (const added of steps) {
    cached += context * prices.read + added * prices.write;
    context += added;
    uncached += context;
  }
  return { requests: steps.length + 1, uncached, cached: Math.round(cached) };
}
