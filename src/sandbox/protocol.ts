// Frames from a sandbox, host side: bytes in, trusted-to-be-ours lines out. It knows no engine and no meaning.

/** One line of the sandbox's stdout that carried the nonce. */
export interface Frame {
  readonly kind: string;
  readonly id: number;
  /** JSON text, not yet parsed. */
  readonly payload: string;
}

/** The largest frame that is read, in bytes: a full-size value, twice encoded, with room to spare. */
const MAX_FRAME_BYTES = 160 * 1024 * 1024;

const NEWLINE = 10;

/**
 * Finds frames in a stream to which the guest may write as well. A line counts only when it starts with the nonce;
 * everything else is dropped as it comes, without being kept.
 *
 * @param onFrame receives each frame, in order.
 * @param onOversize is told once when a frame exceeds the limit; the decoder then reads no further.
 */
export function createFrameDecoder(
  nonce: string,
  onFrame: (frame: Frame) => void,
  onOversize: () => void,
): (chunk: Buffer) => void {
  const prefix = Buffer.from(`${nonce} `);
  let pieces: Buffer[] = [];
  let size = 0;
  let state: "line" | "skip" | "stopped" = "line";

  function keep(piece: Buffer): void {
    pieces.push(piece);
    size += piece.length;
    if (size >= prefix.length && !startsWith(pieces, prefix)) state = "skip";
    if (size > MAX_FRAME_BYTES) {
      state = "stopped";
      onOversize();
    }
    if (state !== "line") pieces = [];
  }

  function endLine(): void {
    if (state === "line" && size > prefix.length) {
      const frame = parseFrame(Buffer.concat(pieces).toString("utf8", prefix.length));
      if (frame) onFrame(frame);
    }
    pieces = [];
    size = 0;
    if (state === "skip") state = "line";
  }

  return (chunk) => {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE, at); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      if (state === "line") keep(chunk.subarray(at, end));
      endLine();
      at = end + 1;
    }
    if (state === "line" && at < chunk.length) keep(chunk.subarray(at));
  };
}

function startsWith(pieces: readonly Buffer[], prefix: Buffer): boolean {
  const [first] = pieces;
  const head = first && first.length >= prefix.length ? first : Buffer.concat(pieces);
  return head.subarray(0, prefix.length).equals(prefix);
}

function parseFrame(text: string): Frame | undefined {
  const match = /^([a-z]+) (\d+) /.exec(text);
  if (!match) return undefined;
  return { kind: match[1] ?? "", id: Number(match[2]), payload: text.slice(match[0].length) };
}
