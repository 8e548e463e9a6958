// What agent code finds in its global scope. Taking names away is courtesy, not safety: what they lead to is denied by
// Deno's permissions, but "fetch is not a thing here" helps an agent more than advice about a command-line flag.

/** Names that lead only to refusals, to this machine's paths, or to threads outside the run's accounting. */
const REMOVED = [
  ...["Deno", "process", "global", "Worker", "BroadcastChannel", "caches", "close", "navigator", "location"],
  ...["localStorage", "sessionStorage", "alert", "confirm", "prompt", "name", "importScripts"],
];
const NETWORK = ["fetch", "WebSocket", "WebSocketStream", "EventSource", "WebTransport"];

/** Narrows `globalThis` to the language and the parts of the web platform that work without permissions. */
export function narrowGlobals(): void {
  for (const name of REMOVED) Reflect.deleteProperty(globalThis, name);
  for (const name of NETWORK) {
    Object.defineProperty(globalThis, name, { value: refuseNetwork, configurable: true, writable: true });
  }
}

function refuseNetwork(): never {
  throw new Error("There is no network here. Use the tools of your servers: search_tools finds them.");
}
