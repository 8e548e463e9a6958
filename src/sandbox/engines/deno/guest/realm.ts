// The sandbox's outer realm: Deno without permissions, where no guest code ever runs. It relays text between the host's
// pipes and the guest's Worker, and it alone knows the nonce that makes a line on stdout a frame.
// A frame is one line `KIND ID PAYLOAD`, with the nonce in front on its way out; PAYLOAD is JSON text without newlines.

interface DenoRealm {
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
  exit(code: number): never;
}
declare const Deno: DenoRealm;

// The DOM library is not part of this project's types; these are the few names the two guest files need.
interface GuestWorker {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
}
declare const Worker: new (url: string, options: object) => GuestWorker;

const encoder = new TextEncoder();
let nonce = "";

function send(frame: string): void {
  // The leading newline ends whatever a guest may have written to the real stdout.
  let bytes = encoder.encode(`\n${nonce} ${frame}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

function startGuest(source: string): GuestWorker {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "guest", deno: { permissions: "none" } });
  worker.onmessage = ({ data }): void => {
    // A guest can post what it likes: only text that stays on one line may pass.
    if (typeof data === "string" && !data.includes("\n")) send(data);
  };
  worker.onerror = (event): void => {
    event.preventDefault();
    send(`died 0 ${JSON.stringify(event.message ?? "the guest ended unexpectedly")}`);
  };
  return worker;
}

/** Calls `onLine` for every line of stdin; resolves when the host has gone. A stream would cost more per line. */
async function readLines(onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let pieces: string[] = [];
  for (let size = await Deno.stdin.read(buffer); size !== null; size = await Deno.stdin.read(buffer)) {
    const parts = decoder.decode(buffer.subarray(0, size), { stream: true }).split("\n");
    const rest = parts.pop() ?? "";
    for (const part of parts) {
      onLine(pieces.length > 0 ? pieces.join("") + part : part);
      pieces = [];
    }
    pieces.push(rest);
  }
}

let guest: GuestWorker | undefined;
await readLines((line) => {
  if (guest !== undefined) return guest.postMessage(line);
  // The first line brings the nonce and the Worker's script.
  const boot = JSON.parse(line) as { nonce: string; guest: string };
  nonce = boot.nonce;
  guest = startGuest(boot.guest);
});
Deno.exit(0);
