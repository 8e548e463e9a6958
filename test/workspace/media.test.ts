import fc from "fast-check";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { keepMedia } from "../../src/workspace/media.ts";
import { createWorkspace } from "../../src/workspace/workspace.ts";
import { temporaryFolder } from "../sandbox/world.ts";
import { ROOMY } from "./quota.ts";

const root = temporaryFolder("media");
const workspace = createWorkspace(root, ROOMY);
beforeEach(() => rmSync(path.join(root, "media"), { recursive: true, force: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ["image/png", "png"],
  ["image/svg+xml", "svg"],
  ["text/x-unheard-of", "txt"],
  ["application/x-unheard-of", "bin"],
  ["constructor", "bin"],
])("%s becomes a file ending in .%s", async (mimeType, ending) => {
  const bytes = Buffer.from("abc");
  const file = await keepMedia(workspace, bytes, mimeType, "shop.photo");
  expect(file).toEqual({ path: `media/shop-photo-ba7816bf8f01.${ending}`, mimeType, bytes: 3 });
  expect(readFileSync(path.join(root, file.path))).toEqual(bytes);
});

test("the same bytes are one file, however often they come; others are another", async () => {
  const keep = (text: string) => keepMedia(workspace, Buffer.from(text), "text/plain", "a.b");
  const [first, second, third] = await Promise.all([keep("same"), keep("same"), keep("other")]);
  expect(second).toEqual(first);
  expect(third.path).not.toBe(first.path);
  expect(readdirSync(path.join(root, "media"))).toHaveLength(2);
});

test("whatever name and type a server gives, the file is in media/ and holds its bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), fc.uint8Array(), async (name, mimeType, bytes) => {
      const file = await keepMedia(workspace, bytes, mimeType, name);
      expect(file.path).toMatch(/^media\/[A-Za-z0-9_-]*-[0-9a-f]{12}\.[a-z0-9]+$/);
      expect(new Uint8Array(readFileSync(path.join(root, file.path)))).toEqual(bytes);
    }),
    { numRuns: 50 },
  );
});

test("a file larger than agent code may write is kept", async () => {
  const bytes = Buffer.alloc(49 * 1024 * 1024);
  const file = await keepMedia(workspace, bytes, "video/mp4", "camera.clip");
  expect(readFileSync(path.join(root, file.path))).toHaveLength(bytes.length);
});
