// The sandbox's outer realm: Deno without permissions, where no guest code ever runs. It passes the guest's messages on
// to the host, and it alone knows the nonce that makes a line on stdout a frame. The guest reads the host's lines itself:
// they hold nothing but answers to its own requests, and each thread less in between makes a call faster.
// A frame is one line `KIND ID PAYLOAD`, with the nonce in front on its way out; PAYLOAD is JSON text without newlines.

interface DenoRealm {
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
  readonly ppid: number;
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

/** The first line of stdin, which the host sends alone: what follows is for the guest. */
async function readBoot(): Promise<{ nonce: string; guest: string }> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!text.endsWith("\n")) {
    const size = await Deno.stdin.read(buffer);
    if (size === null) Deno.exit(0);
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
  }
  return JSON.parse(text) as { nonce: string; guest: string };
}

const boot = await readBoot();
nonce = boot.nonce;
startGuest(boot.guest);
// The guest reads stdin from now on, so its end is not seen here: an orphan is known by its new parent.
const parent = Deno.ppid;
setInterval(() => Deno.ppid !== parent && Deno.exit(0), 500);
