// Counts tokens. It knows one tokenizer today; what is counted, and what that says, is for others.

/** Counts the tokens of a text. */
export interface TokenCounter {
  /** What to write beside a figure. */
  readonly label: string;
  count(text: string): number;
}

/**
 * OpenAI's `o200k_base`, offline. For Claude it is an estimate: no current Claude tokenizer is public.
 * Loading takes about 100 ms and happens on the first call.
 */
export async function createO200kCounter(): Promise<TokenCounter> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  // Text that looks like a control token is text here.
  return { label: "o200k_base", count: (text) => countTokens(text, { allowedSpecial: "all" }) };
}
