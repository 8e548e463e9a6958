// Counts tokens offline. It knows one public tokenizer; what is counted, and what that says, is for others.
import { sentText, type TokenCounter } from "./token-counter.ts";

export type { TokenCounter };

/** No text is refused, and none is read as a control token. */
const NONE = new Set<string>();

/** A counter that answers at once, for a text alone. */
export interface OfflineCounter extends TokenCounter {
  count(text: string): number;
}

/**
 * OpenAI's `o200k_base`, offline. For Claude it is an estimate: no current Claude tokenizer is public.
 * Loading takes about 300 ms and happens here.
 */
export async function createO200kCounter(): Promise<OfflineCounter> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  const count = (text: string): number => countTokens(text, { disallowedSpecial: NONE });
  const countTexts = async (texts: readonly string[]): Promise<number> =>
    texts.reduce((sum, text) => sum + count(text), 0);
  return {
    label: "o200k_base",
    isEstimate: true,
    count,
    countTexts,
    countTools: (tools) => countTexts(tools.map(sentText)),
  };
}
