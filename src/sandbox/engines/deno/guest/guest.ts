// The inner realm: the Worker in which guest code runs, with no permission at all. What is here is convenience for the
// agent (console, workspace, calls, values); no safety rests on it, since guest code shares this realm.
import { createBridge } from "./bridge.ts";
import { replaceClocks, type Readings } from "./clock.ts";
import { captureConsole } from "./console.ts";
import { narrowGlobals } from "./globals.ts";
import { describeError, describeValue } from "./value.ts";
import { readLines, type LineSource } from "./lines.ts";
import { replaceRandomness } from "./randomness.ts";
import { createWorkspace } from "./workspace.ts";

// The few Worker names used here; the DOM library is not part of this project's types.
interface GuestScope {
  postMessage(message: string): void;
  onunhandledrejection: ((event: { readonly reason: unknown; preventDefault(): void }) => void) | null;
}

const scope = globalThis as unknown as GuestScope;
// Taken before guest code can replace them.
const post = scope.postMessage.bind(globalThis);
const send = (kind: string, id: number, payload: string): void => post(`${kind} ${id} ${payload}`);
const { stdin } = (globalThis as unknown as { Deno: { stdin: LineSource } }).Deno;
const evaluate = globalThis.eval;
const { stringify } = JSON;

Error.stackTraceLimit = 20;
let takeReadings = (): Readings | undefined => undefined;
const bridge = createBridge((id, payload) => {
  // What the program has read of the clocks may have decided what it asks for.
  const readings = takeReadings();
  if (readings) send("clock", 0, stringify(readings));
  send("call", id, payload);
});
captureConsole((text) => send("log", 0, stringify(text)));
const startClocks = replaceClocks();
const seedRandomness = replaceRandomness();
narrowGlobals();
Object.assign(globalThis, { workspace: createWorkspace(bridge.request) });
Object.defineProperty(globalThis, Symbol.for("toolgrove.call"), {
  value: (server: string, tool: string, args: unknown) => bridge.request({ op: "tool", server, tool, args }),
});

/** What the host sends to begin with. */
interface Order {
  readonly program: string;
  /** 64 hexadecimal digits. */
  readonly seed: string;
  readonly clock: Readings;
}

async function run({ program, seed, clock }: Order): Promise<void> {
  try {
    seedRandomness(seed);
    takeReadings = startClocks(clock);
    const main = evaluate(program) as () => Promise<unknown>;
    let value = await main();
    // A program may be, or end in, one function: calling it is what its author meant.
    if (typeof value === "function") value = await (value as () => unknown)();
    // Calls nobody awaited, as in `ids.forEach(async …)`, still belong to the program.
    await bridge.idle();
    const { text, ...head } = describeValue(value);
    send("head", 0, stringify(head));
    send("value", 0, stringify(text));
  } catch (thrown) {
    send("error", 0, stringify(describeError(thrown)));
  }
}

function onLine(line: string): void {
  const [kind = "", id = ""] = line.split(" ", 2);
  const payload = line.slice(kind.length + id.length + 2);
  if (kind === "run") void run(JSON.parse(payload) as Order);
  else bridge.settle(kind === "ok", Number(id), payload);
}

scope.onunhandledrejection = (event): void => {
  // A rejection nobody awaited would end the Worker without a word about where it came from.
  event.preventDefault();
  send("error", 0, stringify(describeError(event.reason)));
};

send("ready", 0, "null");
await readLines(stdin, onLine);
// The host is gone. Passing that on fails, and ends the process.
send("gone", 0, "null");
