// Files in pieces over the bridge: large ones never stand in memory whole. It knows text and bytes, no formats.
import type { Pieces } from "../../../guest-api.ts";

/** Asks the host for one operation on files. */
export type FileCall = <Value>(method: string, ...args: readonly unknown[]) => Promise<Value>;

/** Bytes of a piece: large enough that the way to the host costs little, small enough for little memory. */
const PIECE_BYTES = 262_144;

interface FilePiece {
  readonly data: string;
  readonly next: number;
  readonly bytes: number;
  readonly version: string;
}

/** The text of a file in pieces; the next one is on its way while one is worked on. */
export async function* textPieces(call: FileCall, path: string): AsyncGenerator<string> {
  for await (const { data } of pieces(call, path, { encoding: "utf8" })) yield data;
}

/** The bytes of a file, or of a part of it. */
export async function readBytes(
  call: FileCall,
  path: string,
  { start = 0, end }: { readonly start?: number; readonly end?: number } = {},
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const { data } of pieces(call, path, { encoding: "base64", start, end }))
    parts.push(fromBase64(data));
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

interface PieceOrder {
  readonly encoding: "utf8" | "base64";
  readonly start?: number;
  readonly end?: number | undefined;
}

async function* pieces(
  call: FileCall,
  path: string,
  { encoding, start = 0, end = Infinity }: PieceOrder,
): AsyncGenerator<FilePiece> {
  const ask = (at: number, version?: string): Promise<FilePiece> => {
    const asked = call<FilePiece>("readPiece", path, {
      start: at,
      length: Math.min(PIECE_BYTES, end - at),
      encoding,
      version,
    });
    // Whoever stops early never looks at the piece that is on its way.
    asked.catch(() => undefined);
    return asked;
  };
  if (end <= start) return;
  let coming: Promise<FilePiece> | undefined = ask(start);
  while (coming) {
    const piece: FilePiece = await coming;
    coming = piece.next < Math.min(piece.bytes, end) ? ask(piece.next, piece.version) : undefined;
    yield piece;
  }
}

/** Writes text that comes in pieces of any size. What fits into one request is one. */
export function writeText(call: FileCall, path: string, text: string | Pieces<string>): Promise<void> {
  return write(call, path, {
    pieces: typeof text === "string" ? [text] : text,
    cut: cutText,
    encoding: "utf8",
    join: (parts: readonly string[]) => parts.join(""),
    size: (piece) => {
      if (typeof piece !== "string")
        throw new TypeError(`writeText takes text or pieces of text, not ${typeof piece}.`);
      return piece.length;
    },
  });
}

/** Writes bytes that come in pieces of any size. */
export function writeBytes(
  call: FileCall,
  path: string,
  bytes: Uint8Array | Pieces<Uint8Array>,
): Promise<void> {
  return write(call, path, {
    pieces: bytes instanceof Uint8Array ? [bytes] : bytes,
    cut: cutBytes,
    encoding: "base64",
    join: (parts: readonly Uint8Array[]) => parts.map(toBinary).join(""),
    size: (piece) => {
      if (!(piece instanceof Uint8Array))
        throw new TypeError("writeBytes takes a Uint8Array or pieces of that type.");
      return piece.length;
    },
  });
}

interface Outgoing<Piece> {
  readonly pieces: Pieces<Piece>;
  /** Parts of a piece that is too large for one request. */
  readonly cut: (piece: Piece) => Iterable<Piece>;
  readonly encoding: "utf8" | "base64";
  /** Pieces as one text: the text itself, or a byte a character. */
  readonly join: (parts: readonly Piece[]) => string;
  readonly size: (piece: Piece) => number;
}

async function write<Piece>(call: FileCall, path: string, out: Outgoing<Piece>): Promise<void> {
  const encode = (parts: readonly Piece[]): string =>
    out.encoding === "utf8" ? out.join(parts) : btoa(out.join(parts));
  let waiting: Piece[] = [];
  let room = PIECE_BYTES;
  let token: string | undefined;
  let at = 0;
  /** One request at a time is on its way, and the next one waits for it: that is the back-pressure. */
  let sent: Promise<void> = Promise.resolve();
  async function send(): Promise<void> {
    await sent;
    token ??= await call<string>("beginWrite", path);
    const data = encode(waiting);
    waiting = [];
    room = PIECE_BYTES;
    sent = call<number>("writePiece", token, at, data, out.encoding).then((next) => void (at = next));
    sent.catch(() => undefined);
  }
  async function add(piece: Piece): Promise<void> {
    for (const part of out.size(piece) > PIECE_BYTES ? out.cut(piece) : [piece]) {
      room -= out.size(part);
      waiting.push(part);
      if (room <= 0) await send();
    }
  }
  try {
    for await (const piece of out.pieces) await add(piece);
    if (token === undefined)
      return await call(out.encoding === "utf8" ? "writeText" : "writeBytes", path, encode(waiting));
    if (waiting.length > 0) await send();
    await sent;
    await call("commitWrite", path, token);
  } catch (error) {
    if (token !== undefined) await call("discardWrite", token).catch(() => undefined);
    throw error;
  }
}

function* cutText(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const last = text.charCodeAt(at + PIECE_BYTES - 1);
    // Never between the halves of a surrogate pair.
    const end = at + PIECE_BYTES - (last >= 0xd800 && last < 0xdc00 ? 1 : 0);
    yield text.slice(at, end);
    at = end;
  }
}

function* cutBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function toBinary(bytes: Uint8Array): string {
  const CHUNK = 32_768; // String.fromCharCode takes its bytes as arguments, and those have a limit.
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return binary;
}
