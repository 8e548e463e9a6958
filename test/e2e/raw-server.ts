// `toolgrove serve` with nothing between it and the test: raw lines in, raw lines out, and the processes it has started.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { childEnv, cli, eventually, repository, type TestHome } from "./world.ts";

/** One line of stdout, parsed. */
export interface Message {
  readonly jsonrpc: string;
  readonly id?: number;
  readonly result?: { readonly [key: string]: unknown };
  readonly error?: unknown;
}

/** A server whose stdout is recorded line by line. */
export interface RawServer {
  readonly child: ChildProcess;
  /** Every line of stdout so far. */
  readonly lines: readonly string[];
  /** Sends a request and waits for the message with its id. */
  readonly request: (method: string, params?: object) => Promise<Message>;
  readonly initialize: () => Promise<Message>;
  /** Calls one of our tools and gives the text of its answer. */
  readonly call: (name: string, args: object) => Promise<string>;
  readonly kill: () => void;
}

/** Starts the server, by another command line when one is given. */
export function startRaw(home: TestHome, command: readonly string[] = [process.execPath]): RawServer {
  const [program = "", ...before] = command;
  const child = spawn(program, [...before, cli, "serve", "--home", home.root], {
    cwd: repository,
    env: childEnv(),
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines: string[] = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    child.emit("line");
  });
  child.stdin.on("error", () => undefined);
  let lastId = 0;
  const send = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

  async function request(method: string, params: object = {}): Promise<Message> {
    const id = ++lastId;
    send({ id, method, params });
    for (let seen = 0; ; await once(child, "line")) {
      for (; seen < lines.length; seen += 1) {
        const message = parseMessage(lines[seen]);
        if (message?.id === id) return message;
      }
    }
  }

  async function initialize(): Promise<Message> {
    const clientInfo = { name: "raw", version: "1.0.0" };
    const answer = await request("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo,
    });
    send({ method: "notifications/initialized" });
    return answer;
  }

  async function call(name: string, args: object): Promise<string> {
    const { result, error } = await request("tools/call", { name, arguments: args });
    if (!result) throw new Error(JSON.stringify(error));
    return (result["content"] as { text: string }[]).map(({ text }) => text).join("\n");
  }

  return { child, lines, request, initialize, call, kill: () => child.kill("SIGKILL") };
}

/** The message on a line of stdout; undefined when it is not one. */
export function parseMessage(line: string | undefined): Message | undefined {
  try {
    const message = JSON.parse(line ?? "") as Message;
    return message.jsonrpc === "2.0" ? message : undefined;
  } catch {
    return undefined;
  }
}

/** A process, as /proc shows it. */
export interface ProcessFact {
  readonly pid: number;
  /** The program and its arguments. */
  readonly command: string;
  /** CPU time so far, in hundredths of a second. */
  readonly cpu: number;
}

/** Everything a process has started, and what that has started, without the process itself. */
export function descendants(pid: number): ProcessFact[] {
  const children = childrenOf(pid);
  const facts = children.map(look).filter((fact) => fact !== undefined);
  return [...facts, ...children.flatMap(descendants)];
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const lists = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8"));
    return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
  } catch {
    return [];
  }
}

function look(pid: number): ProcessFact | undefined {
  const fields = statFields(pid);
  if (!fields) return undefined;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, command, cpu: Number(fields[11]) + Number(fields[12]) };
  } catch {
    // It ended between the two looks.
    return undefined;
  }
}

/** The fields of /proc/PID/stat after the name: state first. Undefined when there is no such process. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** False also for a process that has ended and whose parent has not noticed yet. */
export function isAlive(pid: number): boolean {
  const state = statFields(pid)?.[0];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** How long it takes until none of the processes is alive, in milliseconds; fails after ten seconds. */
export async function timeUntilGone(processes: readonly ProcessFact[]): Promise<number> {
  const started = performance.now();
  await eventually(() => !processes.some(({ pid }) => isAlive(pid)));
  return performance.now() - started;
}
