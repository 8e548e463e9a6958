// The errors Toolgrove itself throws. What an agent can mend is never thrown: it is a value in an answer.

/** Every reason we fail for. Callers branch on these; messages are for people. */
export type ErrorCode =
  | "bad_home"
  | "bad_input"
  | "untrusted"
  | "unknown_server"
  | "upstream_start"
  | "upstream_lost"
  | "upstream_timeout"
  | "upstream_protocol"
  | "tool_failed"
  | "workspace"
  | "catalog"
  | "engine"
  | "journal"
  | "token_count"
  | "cancelled";

/** Base of all our errors. The message says what failed, which one, and what to do next. */
export class ToolgroveError extends Error {
  override readonly name: string = "ToolgroveError";
  readonly code: ErrorCode;
  /** Whether this is the answer of whoever was asked: then it is certain that what was asked was refused or failed. */
  readonly isAnswer: boolean;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; isAnswer?: boolean } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.isAnswer = options.isAnswer ?? false;
  }
}

/** An upstream tool answered `isError`: its own text, with the server and tool it came from. */
export class ToolError extends ToolgroveError {
  override readonly name: string = "ToolError";
  readonly server: string;
  readonly tool: string;

  constructor(server: string, tool: string, message: string) {
    super("tool_failed", message, { isAnswer: true });
    this.server = server;
    this.tool = tool;
  }
}

/** The text of anything that was thrown, without its stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
