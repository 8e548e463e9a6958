// MCP over a child process's stdin and stdout. It frames messages and keeps evidence for error messages; it knows no tool.
import {
  deserializeMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { messageOf } from "../errors.ts";
import { createLineSplitter } from "./lines.ts";
import { settlesWithin, startProcessTree, type Command, type ProcessTree } from "./process-tree.ts";

/** What is known about a process that did not do what it should. */
export interface Evidence {
  /** How it ended, for example "exit code 1"; undefined while it runs. */
  readonly exit?: string;
  /** The end of what it wrote to stderr, at most 2,000 characters. */
  readonly stderr: string;
  /** The first line of stdout that was not an MCP message, at most 200 characters. */
  readonly stray?: string;
}

/** A transport that can say why it failed. */
export interface StdioTransport extends Transport {
  readonly evidence: () => Evidence;
  /** The evidence once a process that has ended, or reads no longer, has been heard to its end. */
  readonly lastWords: () => Promise<Evidence>;
}

const GRACE_MS = 500;
const STDERR_CHARS = 2_000;
const STRAY_CHARS = 200;

/**
 * Makes a transport that starts the command when the client connects.
 *
 * The server lives in its own process group, which `close()` ends in about a second at most. Lines of stdout that are
 * not MCP messages are skipped and the first is remembered.
 */
export function createStdioTransport(command: Command): StdioTransport {
  let tree: ProcessTree | undefined;
  const witness = createWitness();

  const transport: StdioTransport = {
    evidence: witness.evidence,
    lastWords: witness.lastWords,
    start: async () => {
      tree = startProcessTree(command);
      listen(tree);
      await spawned(tree);
    },
    send: (message) => write(tree, message),
    close: async () => {
      await tree?.end(GRACE_MS);
    },
  };

  function listen({ child, gone }: ProcessTree): void {
    const split = createLineSplitter();
    child.stdout.on("data", (chunk: Buffer) => {
      try {
        for (const line of split(chunk)) receive(line);
      } catch (error) {
        abandon(error);
      }
    });
    // A server that no longer reads is lost: closing fails every request that still waits.
    child.stdin.on("error", abandon);
    const heard = witness.watch(child);
    // The last answer may still be in the pipe at exit; a process that escaped its group must not keep us waiting for it.
    void gone.then(() => settlesWithin(heard, GRACE_MS)).then(() => transport.onclose?.());
  }

  function abandon(error: unknown): void {
    transport.onerror?.(error instanceof Error ? error : new Error(messageOf(error)));
    void transport.close();
  }

  function receive(line: string): void {
    if (line.trim() === "") return;
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      witness.noteStray(line.trim());
      return;
    }
    transport.onmessage?.(message);
  }

  return transport;
}

/** Remembers what may explain the end of a process. */
interface Witness extends Pick<StdioTransport, "evidence" | "lastWords"> {
  noteStray(line: string): void;
  /** Resolves when the process has been heard to its end. */
  watch(child: ProcessTree["child"]): Promise<void>;
}

function createWitness(): Witness {
  let evidence: Evidence = { stderr: "" };
  /** Set once the process has ended or reads no longer: then what it still has to say is worth waiting for. */
  let ending: Promise<void> | undefined;
  return {
    evidence: () => evidence,
    async lastWords() {
      if (ending) await settlesWithin(ending, GRACE_MS);
      return evidence;
    },
    noteStray(line) {
      evidence = { stray: line.slice(0, STRAY_CHARS), ...evidence };
    },
    watch(child) {
      const heard = new Promise<void>((resolve) => child.once("close", () => resolve()));
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        evidence = { ...evidence, stderr: (evidence.stderr + text).slice(-STDERR_CHARS) };
      });
      child.stdin.on("error", () => {
        ending = heard;
      });
      child.once("exit", (code, signal) => {
        ending = heard;
        evidence = { ...evidence, exit: signal ? `signal ${signal}` : `exit code ${code}` };
      });
      return heard;
    },
  };
}

function spawned({ child }: ProcessTree): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
}

/** One line, also for readers that end lines at Unicode's separators, as Node's own readline does since version 24. */
function toLine(message: JSONRPCMessage): string {
  return serializeMessage(message).replace(
    /[\u2028\u2029]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  );
}

function write(tree: ProcessTree | undefined, message: JSONRPCMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (tree?.child.stdin.writable) tree.child.stdin.write(toLine(message), () => resolve());
    else reject(new Error("the server's stdin is closed"));
  });
}
