// The agent's randomness from one seed: unpredictable from outside, and the same again when an execution is taken up again.
// `crypto.subtle` makes its keys itself.
import { chacha20 } from "@noble/ciphers/chacha.js";

const KEY_BYTES = 32;
const CHUNK_BYTES = 4_096;
const BLOCK_BYTES = 64;

/**
 * Replaces `Math.random`, `crypto.getRandomValues` and `crypto.randomUUID`, which takes time and can be done before the seed
 * is known. The result begins anew from a seed of 64 hexadecimal digits; until then nobody knows it.
 */
export function replaceRandomness(): (seed: string) => void {
  const realCrypto = crypto;
  const prototype = Object.getPrototypeOf(realCrypto) as object;
  const { getRandomValues } = realCrypto;
  let next = createStream(realCrypto.getRandomValues(new Uint8Array(KEY_BYTES)));
  define(Math, "random", () => {
    const view = new DataView(next(8).buffer);
    return ((view.getUint32(0) >>> 5) * 67_108_864 + (view.getUint32(4) >>> 6)) / 9_007_199_254_740_992;
  });
  define(prototype, "getRandomValues", <View extends ArrayBufferView>(view: View): View => {
    // Called for what it refuses: wrong types, and more than 65,536 bytes.
    getRandomValues.call(realCrypto, view as unknown as Uint8Array<ArrayBuffer>);
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(next(view.byteLength));
    return view;
  });
  define(prototype, "randomUUID", () => toUuid(next(16)));
  return (seed) => (next = createStream(toKey(seed)));
}

function toKey(seed: string): Uint8Array {
  return Uint8Array.from({ length: KEY_BYTES }, (_, index) =>
    parseInt(seed.slice(index * 2, index * 2 + 2), 16),
  );
}

/** An endless stream of bytes, in pieces of any size. */
function createStream(key: Uint8Array): (size: number) => Uint8Array {
  const nonce = new Uint8Array(12);
  const zeros = new Uint8Array(CHUNK_BYTES);
  let chunk = new Uint8Array(0);
  let at = 0;
  let counter = 0;
  return (size) => {
    const bytes = new Uint8Array(size);
    for (let filled = 0; filled < size;) {
      if (at === chunk.length) {
        chunk = chacha20(key, nonce, zeros, new Uint8Array(CHUNK_BYTES), counter);
        counter += CHUNK_BYTES / BLOCK_BYTES;
        at = 0;
      }
      const piece = chunk.subarray(at, at + size - filled);
      bytes.set(piece, filled);
      at += piece.length;
      filled += piece.length;
    }
    return bytes;
  };
}

/** Version 4 of RFC 9562. */
function toUuid(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
