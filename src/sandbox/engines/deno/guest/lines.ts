// Bytes from the host as lines. A stream would cost more per line.

/** Where bytes come from: `Deno.stdin`. */
export interface LineSource {
  /** Fills the buffer and resolves with the number of bytes, or null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Calls `onLine` for every line; resolves at the end. */
export async function readLines(source: LineSource, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let pieces: string[] = [];
  for (let size = await source.read(buffer); size !== null; size = await source.read(buffer)) {
    const parts = decoder.decode(buffer.subarray(0, size), { stream: true }).split("\n");
    const rest = parts.pop() ?? "";
    for (const part of parts) {
      onLine(pieces.length > 0 ? pieces.join("") + part : part);
      pieces = [];
    }
    pieces.push(rest);
  }
}
