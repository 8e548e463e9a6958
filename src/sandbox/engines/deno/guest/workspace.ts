// The agent's `workspace` object: a thin face of the host's file operations. It only turns bytes into text and back.

type Request = (body: object) => Promise<unknown>;

/** Files that outlive the execution. Paths are relative to `workspace/`; every method is asynchronous. */
export interface GuestWorkspace {
  readText(path: string): Promise<string>;
  writeText(path: string, text: string): Promise<void>;
  appendText(path: string, text: string): Promise<void>;
  readBytes(path: string): Promise<Uint8Array>;
  writeBytes(path: string, bytes: Uint8Array): Promise<void>;
  readJson(path: string): Promise<unknown>;
  writeJson(path: string, value: unknown): Promise<void>;
  /** Paths of files that match a glob; all files without one. */
  list(glob?: string): Promise<string[]>;
  stat(path: string): Promise<{ readonly bytes: number; readonly modified: string; readonly kind: string }>;
  remove(path: string): Promise<void>;
}

/** @param request asks the host; its answers are JSON values. */
export function createWorkspace(request: Request): GuestWorkspace {
  const call = <Value>(method: string, ...args: unknown[]): Promise<Value> =>
    request({ op: "workspace", method, args }) as Promise<Value>;
  return {
    readText: (path) => call("readText", path),
    writeText: (path, text) => call("writeText", path, text),
    appendText: (path, text) => call("appendText", path, text),
    readBytes: async (path) => fromBase64(await call("readBytes", path)),
    writeBytes: (path, bytes) => call("writeBytes", path, toBase64(bytes)),
    readJson: async (path) => JSON.parse(await call("readText", path)),
    writeJson: (path, value) => call("writeText", path, `${JSON.stringify(value, null, 2)}\n`),
    list: (glob) => call("list", glob ?? "**"),
    stat: (path) => call("stat", path),
    remove: (path) => call("remove", path),
  };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  const CHUNK = 32_768; // String.fromCharCode takes its bytes as arguments, and those have a limit.
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}
