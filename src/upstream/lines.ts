// Cuts a byte stream into lines. It knows nothing of what the lines say.

/** A server that sends more than this without a line end is not speaking MCP; 256 MiB. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const NEWLINE = 10;

/**
 * Makes a function that takes chunks and returns the lines each one completes, without their line ends.
 * Work is linear in the bytes, however many chunks a line arrives in. Throws when a line grows past 256 MiB.
 */
export function createLineSplitter(): (chunk: Buffer) => string[] {
  let parts: Buffer[] = [];
  let pendingBytes = 0;
  return (chunk) => {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(Buffer.concat([...parts, chunk.subarray(start, end)]).toString("utf8"));
      parts = [];
      pendingBytes = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    parts.push(rest);
    pendingBytes += rest.length;
    if (pendingBytes > MAX_LINE_BYTES) throw new Error(`a line is longer than ${MAX_LINE_BYTES} bytes`);
    return lines;
  };
}
