// The sandbox's outer realm: Deno without permissions, where no guest code ever runs. It relays text between the host's
// pipes and the guest's Worker, and it alone knows the nonce that makes a line on stdout a frame.
// Frame, either way: one line `NONCE KIND ID PAYLOAD`; PAYLOAD is JSON text without raw newlines.

interface DenoRealm {
  readonly stdin: { readonly readable: ReadableStream<Uint8Array> };
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

function send(kind: string, id: number, payload: string): void {
  // The leading newline ends whatever a guest may have written to the real stdout.
  let bytes = encoder.encode(`\n${nonce} ${kind} ${id} ${payload}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

function startGuest(source: string): GuestWorker {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "guest", deno: { permissions: "none" } });
  worker.onmessage = (event): void => {
    const [kind, id, payload] = event.data as [unknown, unknown, unknown];
    if (typeof kind !== "string" || !/^[a-z]+$/.test(kind)) return;
    // A guest can post what it likes: only text that stays on one line may pass.
    if (!Number.isSafeInteger(id) || typeof payload !== "string" || payload.includes("\n")) return;
    send(kind, id as number, payload);
  };
  worker.onerror = (event): void => {
    event.preventDefault();
    send("died", 0, JSON.stringify(event.message ?? "the guest ended unexpectedly"));
  };
  return worker;
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of stream) {
    const parts = decoder.decode(chunk, { stream: true }).split("\n");
    for (const part of parts.slice(0, -1)) {
      yield pieces.join("") + part;
      pieces = [];
    }
    pieces.push(parts.at(-1) ?? "");
  }
}

const input = lines(Deno.stdin.readable);
const boot = JSON.parse((await input.next()).value as string) as { nonce: string; guest: string };
nonce = boot.nonce;
const guest = startGuest(boot.guest);
for await (const line of input) {
  const [kind = "", id = ""] = line.split(" ", 2);
  guest.postMessage([kind, Number(id), line.slice(kind.length + id.length + 2)]);
}
// The host is gone.
Deno.exit(0);
