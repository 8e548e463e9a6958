// Which homes may start programs, and how that is remembered.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readHome, type Home, type HomeOrigin } from "../../src/home.ts";
import { isTrusted, trustHome } from "../../src/policy/trust.ts";
import { temporaryFolder, writeFiles } from "../sandbox/world.ts";

const top = temporaryFolder("trust");
const trustFile = path.join(top, "config/toolgrove/trust.json");
afterAll(() => rmSync(top, { recursive: true, force: true }));
beforeEach(() => rmSync(path.join(top, "config"), { recursive: true, force: true }));

/** A home on disk whose one server is started with `command`. */
function homeWith(command: string, origin: HomeOrigin = "found", name = "home"): Promise<Home> {
  const root = path.join(top, name);
  writeFiles(root, { "servers/mcp.json": JSON.stringify({ mcpServers: { one: { command } } }) });
  return readHome({ root, origin }, {});
}

describe("isTrusted", () => {
  it("a found home is not trusted before its owner has said so", async () => {
    const home = await homeWith("a");
    expect(await isTrusted(home, trustFile)).toBe(false);
    await trustHome(home, trustFile);
    expect(await isTrusted(home, trustFile)).toBe(true);
  });

  it.each(["named", "default"] as const)("a %s home needs no word", async (origin) => {
    expect(await isTrusted(await homeWith("a", origin), trustFile)).toBe(true);
  });

  it("changed entries ask again, and the old ones are trusted no more once others are", async () => {
    await trustHome(await homeWith("a"), trustFile);
    const changed = await homeWith("b");
    expect(await isTrusted(changed, trustFile)).toBe(false);
    await trustHome(changed, trustFile);
    expect(await isTrusted(changed, trustFile)).toBe(true);
    expect(await isTrusted(await homeWith("a"), trustFile)).toBe(false);
  });

  it("trust in one home is no trust in another with the same entries", async () => {
    const one = await homeWith("a", "found", "one");
    const other = await homeWith("a", "found", "other");
    await trustHome(one, trustFile);
    expect(one.fingerprint).toBe(other.fingerprint);
    expect(await isTrusted(other, trustFile)).toBe(false);
    await trustHome(other, trustFile);
    expect([await isTrusted(one, trustFile), await isTrusted(other, trustFile)]).toEqual([true, true]);
  });

  it.each([
    ["no JSON", "{"],
    ["another form", '{"homes":["x"]}'],
    ["values that are no text", '{"homes":{"x":true}}'],
    ["nothing", ""],
    ["an array", "[]"],
  ])("a store with %s trusts nothing, and can be mended by trusting again", async (_name, text) => {
    const home = await homeWith("a");
    mkdirSync(path.dirname(trustFile), { recursive: true });
    writeFileSync(trustFile, text);
    expect(await isTrusted(home, trustFile)).toBe(false);
    await trustHome(home, trustFile);
    expect(await isTrusted(home, trustFile)).toBe(true);
  });

  it("a home called __proto__ is a home like any other", async () => {
    const home = { ...(await homeWith("a")), root: "__proto__" };
    expect(await isTrusted(home, trustFile)).toBe(false);
  });
});

describe("the store", () => {
  it.skipIf(process.platform === "win32")("is its owner's alone, and leaves no draft", async () => {
    await trustHome(await homeWith("a"), trustFile);
    expect(statSync(trustFile).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(trustFile)).mode & 0o777).toBe(0o700);
    expect(readdirSync(path.dirname(trustFile))).toEqual(["trust.json"]);
  });

  it("holds paths and hashes, no entry", async () => {
    const home = await homeWith("s3cr3t-command");
    await trustHome(home, trustFile);
    expect(JSON.parse(readFileSync(trustFile, "utf8"))).toEqual({ homes: { [home.root]: home.fingerprint } });
  });
});
