import { describe, expect, it } from "vitest";
import { createPacker } from "../../../src/catalog/disk/packed.ts";
import { makeDocument } from "../sample-home.ts";

const document = makeDocument("memory/openNodes", {
  description: "Öffnet Knoten 打开",
  parameters: [{ name: "names", type: "string[]", description: "Which", optional: false }],
  tags: [{ name: "effects", text: "reads" }],
});

describe("a packed document", () => {
  it("looks like the one it was made from, to every reader", () => {
    const packed = createPacker().pack(document).document;
    expect(packed).toEqual(document);
    expect({ ...packed }).toEqual(document);
    expect(JSON.parse(JSON.stringify(packed))).toEqual(document);
    expect(structuredClone(packed)).toEqual(document);
    expect(Object.keys(packed).toSorted()).toEqual(Object.keys(document).toSorted());
  });

  it("can be made again from its head and its bytes", () => {
    const { head, bytes } = createPacker().pack(document);
    expect(createPacker().unpack(head, bytes).document).toEqual(document);
  });

  it("is read again when others were read since: few bodies are held", () => {
    const packer = createPacker(2);
    const packed = Array.from({ length: 9 }, (_, nth) =>
      packer.pack(makeDocument(`memory/f${nth}`, { tags: [{ name: "nth", text: String(nth) }] })),
    );
    const [first] = packed;
    const tags = first?.document.tags;
    expect(first?.document.tags).toBe(tags);
    expect(packed.map((one) => one.document.tags[0]?.text)).toEqual("012345678".split(""));
    expect(first?.document.tags).not.toBe(tags);
    expect(first?.document.tags).toEqual(tags);
  });
});
