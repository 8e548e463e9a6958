// The vocabulary every capability shares: what a tool is, and what a call is. It knows no capability.

/** A JSON Schema as a server sent it: an object, or `true`/`false`. Never trusted, never fetched from. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** What a server says about a tool's effects. A hint from a stranger: it orders calls, it grants nothing. */
export interface ToolAnnotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** One tool as `tools/list` describes it. */
export interface ToolDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations?: ToolAnnotations;
}

/** Names one upstream tool: the server's key in mcp.json and the tool's own name. */
export interface ToolRef {
  readonly server: string;
  readonly tool: string;
}

/** Arguments of a call: a JSON object. */
export type ToolArguments = Readonly<Record<string, unknown>>;

/** A read may run beside other reads; a write may change what others see. */
export type CallKind = "read" | "write";

/** What goes along with a call. */
export interface CallContext {
  /** Ends the call wherever it is: in a queue, or upstream. */
  readonly signal: AbortSignal;
  /** The execution this call belongs to, for journals and ledgers. */
  readonly executionId: string;
  /** Hears how far the call is, as often as its server says so; unset when nobody wants to know. */
  readonly onProgress?: ((progress: CallProgress) => void) | undefined;
  /**
   * Hears that the request leaves now: from here on the call may have effects, whatever comes back. A call that fails
   * before has had none. When this throws, the request is not sent and the call fails with what was thrown.
   */
  readonly onSend?: ((kind: CallKind) => void) | undefined;
}

/** How far a call is, in its server's own measure. */
export interface CallProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/**
 * The one type that carries a call. Everything that cares about calls (policy, privacy, journal, ledger) is a
 * function from `CallTool` to `CallTool`; the gateway composes them around the upstream call.
 *
 * Resolves to the tool's value: its structured content, else its text parsed as JSON, else its text.
 * Rejects with `ToolError` when the tool reports failure and `ToolgroveError` when it could not be reached.
 */
export type CallTool = (ref: ToolRef, args: ToolArguments, context: CallContext) => Promise<unknown>;
