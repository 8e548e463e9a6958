// The frame decoder against streams a hostile guest could make.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameDecoder, type Frame } from "../../src/sandbox/protocol.ts";

const NONCE = "n0nce-of-this-run-and-no-other-42";

/** Feeds `chunks` to a decoder. */
function decode(chunks: Iterable<Buffer>): { readonly frames: Frame[]; readonly oversize: number } {
  const frames: Frame[] = [];
  let oversize = 0;
  const push = createFrameDecoder(
    NONCE,
    (frame) => frames.push(frame),
    () => (oversize += 1),
  );
  for (const chunk of chunks) push(chunk);
  return { frames, oversize };
}

/** Cuts `bytes` at the given places. */
function* cutAt(bytes: Buffer, places: readonly number[]): Generator<Buffer> {
  let from = 0;
  for (const place of places.map((one) => one % (bytes.length + 1)).toSorted((a, b) => a - b)) {
    yield bytes.subarray(from, place);
    from = place;
  }
  yield bytes.subarray(from);
}

const frame = fc.record({
  kind: fc.constantFrom("value", "log", "call", "error"),
  id: fc.nat(),
  payload: fc.oneof(fc.json(), fc.string({ unit: "grapheme" })).map((text) => text.replaceAll("\n", " ")),
});

const garbage = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", "").replaceAll(NONCE, "")),
  fc.constantFrom(
    "",
    NONCE.slice(0, -1),
    `${NONCE.slice(0, -1)} value 0 1`,
    ` ${NONCE} value 0 1`,
    `${NONCE}value 0 1`,
    "value 0 1",
  ),
  fc.constantFrom(
    `${NONCE} VALUE 0 1`,
    `${NONCE} value x 1`,
    `${NONCE} value 0`,
    `${NONCE} `,
    `${NONCE} value -1 1`,
    NONCE,
  ),
);

describe("createFrameDecoder", () => {
  it("gives exactly the frames of any mixture of frames and garbage, however it is cut", () => {
    const line = fc.oneof(
      frame.map((one) => ({ text: `${NONCE} ${one.kind} ${one.id} ${one.payload}`, frame: one })),
      garbage.map((text) => ({ text, frame: undefined })),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat()), (lines, places) => {
        const bytes = Buffer.from(lines.map(({ text }) => `${text}\n`).join(""));
        const expected = lines.flatMap((one) => one.frame ?? []);
        // Through bytes and back, since lone surrogates do not survive UTF-8.
        const readable = expected.map((one) => ({
          kind: one.kind,
          id: one.id,
          payload: Buffer.from(one.payload).toString(),
        }));
        expect(decode(cutAt(bytes, places))).toEqual({ frames: readable, oversize: 0 });
      }),
      { numRuns: 500 },
    );
  });

  it("byte by byte is the same as all at once", () => {
    const bytes = Buffer.from(`junk\n${NONCE} log 1 "é😀"\n\n${NONCE} value 2 {}\n`);
    const single = decode([...bytes].map((byte) => Buffer.from([byte])));
    expect(single).toEqual(decode([bytes]));
    expect(single.frames).toEqual([
      { kind: "log", id: 1, payload: '"é😀"' },
      { kind: "value", id: 2, payload: "{}" },
    ]);
  });

  it("does not give a frame before its line has ended", () => {
    expect(decode([Buffer.from(`${NONCE} value 0 1`)]).frames).toEqual([]);
  });

  it("keeps nothing of garbage without a newline", () => {
    const chunk = Buffer.alloc(1_048_576, "x");
    const before = process.memoryUsage().arrayBuffers;
    const frames: Frame[] = [];
    const push = createFrameDecoder(
      NONCE,
      (one) => frames.push(one),
      () => expect.unreachable("garbage is no frame"),
    );
    for (let i = 0; i < 400; i++) push(Buffer.from(chunk));
    globalThis.gc?.();
    push(Buffer.from(`\n${NONCE} value 0 1\n`));
    expect(frames).toEqual([{ kind: "value", id: 0, payload: "1" }]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1_048_576);
  });

  it("stops for good at a frame over the limit, and says so once", () => {
    const chunk = Buffer.alloc(1_048_576, "x");
    function* flood(): Generator<Buffer> {
      yield Buffer.from(`${NONCE} value 0 `);
      for (let i = 0; i < 200; i++) yield chunk;
      yield Buffer.from(`\n${NONCE} value 0 1\n`);
    }
    expect(decode(flood())).toEqual({ frames: [], oversize: 1 });
  });
});
