// The contract of token counting. It knows no tokenizer; what is counted, and what that says, is for others.
import type { ToolDefinition } from "../tool.ts";

/**
 * Counts tokens. Rules for implementers, held by test/contract/token-counter.ts: nothing counts as 0; the parts of a list
 * count what they count alone, give or take a token each; text that looks like a control token is text; the same question
 * has the same answer. A method rejects with a `ToolgroveError` that says what to do.
 */
export interface TokenCounter {
  /** What to write beside a figure. */
  readonly label: string;
  /** Whether a figure is an estimate for Claude, and not its own count. */
  readonly isEstimate: boolean;
  /** Tokens of all these texts together, as parts of a prompt. */
  countTexts(texts: readonly string[]): Promise<number>;
  /** Tokens of all these definitions together, as a client sends them: name, description and input schema. */
  countTools(tools: readonly ToolDefinition[]): Promise<number>;
}

/** What of a definition reaches a model: clients send no title, output schema or annotation. */
export function sentText({ name, description, inputSchema }: ToolDefinition): string {
  return JSON.stringify({ name, description, inputSchema });
}
