// Counts tokens by asking Anthropic's `count_tokens`. It reads no environment: key, address and model are given.
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { messageOf, ToolgroveError } from "../errors.ts";
import type { ToolDefinition } from "../tool.ts";
import type { TokenCounter } from "./token-counter.ts";

/** Whom to ask, and how. */
export interface AnthropicCounterOptions {
  readonly apiKey: string;
  /** Where the API is; `https://api.anthropic.com` by default. */
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
  /** Limit of one request in milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Longest wait that a rate limit may ask for before the count is given up, in milliseconds; 60,000 by default. */
  readonly patienceMs?: number;
}

const DEFAULT_MODEL = "claude-sonnet-4-5";
const ATTEMPTS = 5;
const AT_ONCE = 4;
/** A request may hold 32 MB; what is larger than this goes in several. */
const MAX_REQUEST_CHARS = 4_000_000;
/** Stands for "nothing", since the API takes no empty message. */
const NOTHING = ".";
const ANCHOR = { name: "a", input_schema: { type: "object" } } as const;

interface Question {
  readonly messages: readonly { readonly role: "user"; readonly content: string }[];
  readonly tools?: readonly object[];
}

/**
 * Claude's own count. Texts are asked for together, definitions as `tools`, and what surrounds both is asked for once and
 * taken off; so a list costs one request, and none the second time.
 *
 * Rejects with `token_count` when the key is refused, a limit is not lifted in time, or nothing answers.
 */
export function createAnthropicCounter(options: AnthropicCounterOptions): TokenCounter {
  const ask = limited(AT_ONCE, remembered(createAsker(options)));

  async function total<T>(
    groups: readonly T[][],
    toQuestion: (group: T[]) => Question,
    empty: Question,
  ): Promise<number> {
    if (groups.length === 0) return 0;
    const around = await ask(empty);
    const counts = await Promise.all(groups.map((group) => ask(toQuestion(group))));
    return counts.reduce((sum, count) => sum + count - around, 0);
  }
  return {
    label: `count_tokens of ${options.model ?? DEFAULT_MODEL}`,
    isEstimate: false,
    countTexts: (texts) =>
      // The stop ends what came before, so that a text counts the same wherever it stands.
      total(
        inGroups(texts.filter(Boolean)),
        (group) => plain(`${NOTHING}\n${group.join("\n")}`),
        plain(NOTHING),
      ),
    countTools: (tools) => total(inGroups(toApiTools(tools)), withTools, withTools([])),
  };
}

function plain(content: string): Question {
  return { messages: [{ role: "user", content }] };
}

function withTools(tools: readonly object[]): Question {
  return { ...plain(NOTHING), tools: [ANCHOR, ...tools] };
}

/** Definitions in the API's own form. It wants unique names of letters, digits, _ and -, and object schemas. */
function toApiTools(tools: readonly ToolDefinition[]): object[] {
  const taken = new Set<string>([ANCHOR.name]);
  return tools.map(({ name, description, inputSchema }) => {
    const base = name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 120);
    let unique = base;
    for (let nth = 2; taken.has(unique); nth++) unique = `${base}_${nth}`;
    taken.add(unique);
    const schema = typeof inputSchema === "object" ? inputSchema : {};
    return { name: unique, description, input_schema: { ...schema, type: "object" } };
  });
}

function inGroups<T extends string | object>(items: readonly T[]): T[][] {
  const groups: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = typeof item === "string" ? item.length : JSON.stringify(item).length;
    if (groups.length === 0 || size > room) {
      groups.push([]);
      room = MAX_REQUEST_CHARS;
    }
    groups.at(-1)?.push(item);
    room -= size;
  }
  return groups;
}

type Ask = (question: Question) => Promise<number>;

function remembered(ask: Ask): Ask {
  const answers = new Map<string, Promise<number>>();
  return (question) => {
    const key = createHash("sha256").update(JSON.stringify(question)).digest("hex");
    const known = answers.get(key);
    if (known) return known;
    const asking = ask(question);
    answers.set(key, asking);
    // A failure is not remembered.
    asking.catch(() => answers.delete(key));
    return asking;
  };
}

function limited(most: number, ask: Ask): Ask {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (question) => {
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await ask(question);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

const answerSchema = z.object({ input_tokens: z.int().min(0) });
const errorSchema = z.object({ error: z.object({ message: z.string() }) });

function createAsker(options: AnthropicCounterOptions): Ask {
  const { apiKey, model = DEFAULT_MODEL, timeoutMs = 30_000, patienceMs = 60_000 } = options;
  const address = `${(options.baseUrl ?? "https://api.anthropic.com").replace(/\/+$/, "")}/v1/messages/count_tokens`;
  const post = (question: Question): Promise<Response> =>
    fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": apiKey, "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ model, ...question }),
      signal: AbortSignal.timeout(timeoutMs),
    });

  return async (question) => {
    for (let attempt = 1; ; attempt++) {
      let response: Response;
      try {
        response = await post(question);
      } catch (error) {
        throw failure(
          `${address} did not answer (${messageOf(error)}). Count offline with --counter o200k.`,
          error,
        );
      }
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok) return readCount(body, address);
      const waitMs = waitFor(response, attempt);
      // Counting changes nothing at the other end, so it may be asked again.
      if (waitMs === undefined || waitMs > patienceMs || attempt === ATTEMPTS)
        throw refusal(response, body, waitMs);
      await pause(waitMs);
    }
  };
}

function readCount(body: unknown, address: string): number {
  const parsed = answerSchema.safeParse(body);
  if (parsed.success) return parsed.data.input_tokens;
  throw failure(`${address} gave no "input_tokens": is ANTHROPIC_BASE_URL the address of Anthropic's API?`);
}

/** How long to wait before the question is asked again; undefined when that would help nothing. */
function waitFor({ status, headers }: Response, attempt: number): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : 250 * 2 ** attempt;
}

function refusal({ status }: Response, body: unknown, waitMs: number | undefined): ToolgroveError {
  const parsed = errorSchema.safeParse(body);
  const said = parsed.success ? `: ${parsed.data.error.message}` : "";
  if (status === 401 || status === 403)
    return failure(
      `Anthropic's API refused the key${said}. Set ANTHROPIC_API_KEY, or count offline with --counter o200k.`,
    );
  if (status === 429)
    return failure(
      `Anthropic's API limits the rate${said}. Try again in ${Math.ceil((waitMs ?? 0) / 1_000)} s, or count offline with --counter o200k.`,
    );
  return failure(`Anthropic's count_tokens answered ${status}${said}. Count offline with --counter o200k.`);
}

function failure(message: string, cause?: unknown): ToolgroveError {
  return new ToolgroveError("token_count", message, { cause });
}
