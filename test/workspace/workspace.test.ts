// The workspace, directly and through agent code: what it does, and which paths it refuses.
import fc from "fast-check";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Piece } from "../../src/workspace/reading.ts";
import { createWorkspace } from "../../src/workspace/workspace.ts";
import { createWorld, temporaryFolder } from "../sandbox/world.ts";
import { ROOMY } from "./quota.ts";

const top = temporaryFolder("workspace");
const root = path.join(top, "workspace");
const outside = path.join(top, "outside");
const workspace = createWorkspace(root, ROOMY);

const PIECE = { start: 0, length: 1_000, encoding: "utf8" };
/** A second argument that would do. */
const secondOf = (method: string): unknown => (method === "readPiece" ? PIECE : "x");

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(outside, { recursive: true, force: true });
  mkdirSync(outside);
  writeFileSync(path.join(outside, "secret.txt"), "s3cr3t");
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** A small file as the guest reads it. */
async function read(file: string, encoding: "utf8" | "base64" = "utf8"): Promise<string> {
  const piece = await workspace.perform("readPiece", [file, { start: 0, length: 4_194_304, encoding }]);
  return (piece as Piece).data;
}

/** The message of a refused operation; it must name no path of this machine. */
async function refusal(method: string, ...args: unknown[]): Promise<string> {
  const error: unknown = await workspace.perform(method, args).then(
    (value) => expect.unreachable(`${method} gave ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "ToolgroveError", code: "workspace" });
  const { message } = error as Error;
  expect(message).not.toContain(top);
  return message;
}

describe("files", () => {
  it("are written, read, appended to, looked at and removed", async () => {
    expect(await workspace.perform("writeText", ["a/b/c.txt", "één\n"])).toBeNull();
    await workspace.perform("appendText", ["a/b/c.txt", "two"]);
    expect(await read("a/b/c.txt")).toBe("één\ntwo");
    expect(await workspace.perform("stat", ["a/b/c.txt"])).toMatchObject({ bytes: 9, kind: "file" });
    expect(await workspace.perform("stat", ["a/b"])).toMatchObject({ kind: "folder" });
    expect(await workspace.perform("stat", ["a/b/c.txt"])).toMatchObject({
      modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    await workspace.perform("remove", ["a"]);
    expect(await workspace.perform("list", ["**"])).toEqual([]);
  });

  it("append makes a file that is not there", async () => {
    await workspace.perform("appendText", ["new/log.txt", "one"]);
    expect(await read("new/log.txt")).toBe("one");
  });

  it.each([
    "workspace/x.txt",
    "./workspace/x.txt",
    "./x.txt",
    "x.txt",
    "a/../x.txt".replace("a/../", "./"),
    "//x.txt".slice(2),
    ".\\x.txt",
  ])("%s is the same file", async (name) => {
    await workspace.perform("writeText", ["x.txt", "x"]);
    expect(await read(name)).toBe("x");
  });

  it("bytes come back as they were", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const base64 = Buffer.from(bytes).toString("base64");
        await workspace.perform("writeBytes", ["bytes.bin", base64]);
        expect(await read("bytes.bin", "base64")).toBe(base64);
      }),
      { numRuns: 50 },
    );
  });

  it("text comes back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        await workspace.perform("writeText", ["text.txt", text]);
        expect(await read("text.txt")).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("keep writes what the host wants kept", async () => {
    expect(await workspace.keep("results/a.json", "{}")).toBe("results/a.json");
    expect(readFileSync(path.join(root, "results/a.json"), "utf8")).toBe("{}");
  });

  it("a write is whole or not at all, and leaves no draft", async () => {
    const texts = Array.from({ length: 10 }, (_, n) => String(n).repeat(200_000));
    await Promise.all(texts.map((text) => workspace.perform("writeText", ["same.txt", text])));
    expect(texts).toContain(await read("same.txt"));
    expect(readdirSync(root).toSorted()).toEqual([".drafts", "same.txt"]);
    expect(readdirSync(path.join(root, ".drafts"))).toEqual([]);
  });

  it("a write that fails leaves the old file and no draft", async () => {
    await workspace.perform("writeText", ["old.txt", "old"]);
    expect(await refusal("writeText", "old.txt", 42)).toContain("The content must be a string, not number");
    mkdirSync(path.join(root, "folder"));
    expect(await refusal("writeText", "folder", "text")).toContain("folder");
    expect(await refusal("writeText", "old.txt/below", "text")).toContain("old.txt/below");
    expect(await read("old.txt")).toBe("old");
    expect(readdirSync(root).toSorted()).toEqual([".drafts", "folder", "old.txt"]);
    expect(readdirSync(path.join(root, ".drafts"))).toEqual([]);
  });

  it("parallel appends lose nothing", async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => workspace.perform("appendText", ["log.txt", `${n}\n`])),
    );
    const lines = (await read("log.txt")).trim().split("\n");
    expect(lines.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });
});

describe("a write that was begun two hours ago and not finished", () => {
  const HOUR_MS = 3_600_000;
  let token: string;
  beforeEach(async () => {
    token = (await workspace.perform("beginWrite", ["late.txt"])) as string;
    const then = new Date(Date.now() - 2 * HOUR_MS);
    utimesSync(path.join(root, ".drafts", token), then, then);
  });
  const goOn = async (keptMs: number): Promise<unknown> => {
    const later = createWorkspace(root, ROOMY, keptMs);
    await later.perform("writeText", ["other.txt", ""]);
    await later.perform("writePiece", [token, 0, "late", "utf8"]);
    await later.perform("commitWrite", ["late.txt", token]);
    return readFileSync(path.join(root, "late.txt"), "utf8");
  };

  it("is gone on with while drafts are kept so long", async () => {
    expect(await goOn(3 * HOUR_MS)).toBe("late");
  });

  it("is thrown away where they are not", async () => {
    await expect(goOn(HOUR_MS)).rejects.toThrow("left unfinished for too long");
  });
});

describe("list", () => {
  beforeEach(async () => {
    for (const name of ["a.txt", "b/c.json", "b/d/e.json", ".hidden"])
      await workspace.perform("writeText", [name, ""]);
    writeFileSync(path.join(root, ".drafts/0123456789abcdef0123456789abcdef"), "");
    symlinkSync(outside, path.join(root, "link"));
  });

  it.each([
    [".*/*", []],
    [undefined, ["a.txt", "b/c.json", "b/d/e.json"]],
    ["**", ["a.txt", "b/c.json", "b/d/e.json"]],
    ["*", ["a.txt"]],
    ["**/*.json", ["b/c.json", "b/d/e.json"]],
    ["b/*.json", ["b/c.json"]],
    ["workspace/b/**", ["b/c.json", "b/d/e.json"]],
    ["./workspace/*.txt", ["a.txt"]],
    ["*.{txt,json}", ["a.txt"]],
    ["nothing/**", []],
    ["l*k/**", []],
    ["*/secret.txt", []],
  ])("%s", async (glob, files) => {
    expect(await workspace.perform("list", glob === undefined ? [] : [glob])).toEqual(files);
  });

  it.each([
    "../**",
    "/etc/*",
    "b/../../outside/*",
    "{../outside,b}/*",
    "{..,b}/**",
    "@(..)/outside/*",
    "[.][.]/outside/*",
    "+(.)/outside/*",
    "..\\outside\\*",
    "{,/etc/}*",
    "{/etc,b}/*",
    "link/**",
    "{link,b}/*",
    "{b/../link,b}/*",
    "workspace/../../outside/*",
    "!x",
    "/**",
  ])("%s shows nothing outside", async (glob) => {
    const files = await workspace.perform("list", [glob]).catch(() => "refused");
    const listed = Array.isArray(files) ? files.map((file) => path.resolve(root, String(file))) : [];
    expect(listed.filter((file) => !file.startsWith(root + path.sep))).toEqual([]);
    expect(JSON.stringify(files)).not.toMatch(/secret|hostname|passwd/);
  });
});

describe("refused paths", () => {
  const METHODS = ["readPiece", "writeText", "appendText", "stat", "remove", "copy", "move"];
  const cases: readonly (readonly [path: unknown, why: RegExp])[] = [
    ["../outside/secret.txt", /it contains ".."/],
    ["a/../../outside/secret.txt", /it contains ".."/],
    ["..\\outside\\secret.txt", /it contains ".."/],
    ["workspace/../../outside/secret.txt", /it contains ".."/],
    ["..", /it contains ".."/],
    ["/etc/passwd", /it is absolute/],
    ["\\\\server\\share", /it is absolute/],
    ["C:\\x", /it is absolute/],
    ["c:x", /it is absolute/],
    ["workspace//etc/passwd", /it is absolute/],
    ["a\0b", /control characters/],
    ["a\nb", /control characters/],
    ["a\u007Fb", /control characters/],
    ["CON", /"CON" is a device name/],
    ["a/nul.txt", /"nul.txt" is a device name/],
    ["Com1", /"Com1" is a device name/],
    ["x".repeat(1_001), /longer than 1000 characters/],
    [42, /a path is a string/],
    [null, /a path is a string/],
    [undefined, /a path is a string/],
    [["a"], /a path is a string/],
    [{ toString: () => "x" }, /a path is a string/],
  ];

  it.each(cases)("%j", async (name, why) => {
    for (const method of METHODS) expect(await refusal(method, name, secondOf(method))).toMatch(why);
    expect(readFileSync(path.join(outside, "secret.txt"), "utf8")).toBe("s3cr3t");
  });

  it("symbolic links, to files and to folders, inside and out", async () => {
    await workspace.perform("writeText", ["own.txt", "own"]);
    symlinkSync(path.join(outside, "secret.txt"), path.join(root, "file"));
    symlinkSync(outside, path.join(root, "folder"));
    symlinkSync("own.txt", path.join(root, "alias"));
    symlinkSync(path.join(outside, "new.txt"), path.join(root, "dangling"));
    for (const name of ["file", "folder/secret.txt", "folder/new.txt", "folder", "alias", "dangling"]) {
      for (const method of METHODS)
        expect(await refusal(method, name, secondOf(method))).toContain("it goes through a symbolic link");
    }
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
    expect(readFileSync(path.join(outside, "secret.txt"), "utf8")).toBe("s3cr3t");
  });

  it("hard links to files of somebody else", async () => {
    await workspace.perform("writeText", ["own.txt", "own"]);
    linkSync(path.join(outside, "secret.txt"), path.join(root, "hard.txt"));
    for (const method of ["readPiece", "appendText", "stat", "copy"]) {
      expect(await refusal(method, "hard.txt", secondOf(method))).toContain("it is a hard link");
    }
    // Replacing or removing the name leaves the other file as it is.
    await workspace.perform("writeText", ["hard.txt", "new"]);
    expect(readFileSync(path.join(outside, "secret.txt"), "utf8")).toBe("s3cr3t");
  });

  it("the workspace itself is not removed", async () => {
    await workspace.perform("writeText", ["own.txt", "own"]);
    for (const name of ["", ".", "./", "workspace", "workspace/", "./workspace/"])
      await refusal("remove", name);
    expect(existsSync(path.join(root, "own.txt"))).toBe(true);
  });

  it("a workspace that is a link still works, and stays confined", async () => {
    const real = path.join(top, "real");
    mkdirSync(real);
    const link = path.join(top, "link");
    symlinkSync(real, link);
    const linked = createWorkspace(link, ROOMY);
    await linked.perform("writeText", ["a.txt", "a"]);
    expect(readFileSync(path.join(real, "a.txt"), "utf8")).toBe("a");
    await expect(linked.perform("stat", ["../outside/secret.txt"])).rejects.toThrow('it contains ".."');
    rmSync(link);
    rmSync(real, { recursive: true });
  });
});

describe("messages", () => {
  it("name what is missing and what to do", async () => {
    expect(await refusal("stat", "nothing.txt")).toBe(
      'workspace.stat: there is no "nothing.txt". workspace.list() shows what there is.',
    );
    await workspace.perform("writeText", ["a/b.txt", ""]);
    expect(await refusal("readPiece", "a", PIECE)).toBe('workspace.readPiece: "a" is a folder.');
    expect(await refusal("stat", "../x")).toBe(
      'The path "../x" is refused: it contains "..". Use a path relative to workspace/, such as "reports/today.json".',
    );
    expect(await refusal("stat", "a/b.txt/c")).toMatch(/^workspace\.stat: .*"a\/b\.txt\/c"/);
  });

  it.each(["open", "constructor", "__proto__", "toString", ""])(
    "an unknown method (%j) is refused",
    async (method) => {
      expect(await refusal(method, "x")).toBe(
        `workspace.${method} does not exist. read_tool("workspace") shows what there is.`,
      );
    },
  );

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "a file that may not be read",
    async () => {
      await workspace.perform("writeText", ["closed.txt", ""]);
      chmodSync(path.join(root, "closed.txt"), 0);
      expect(await refusal("stat", "closed.txt")).toBe('workspace.stat: "closed.txt" failed (EACCES).');
    },
  );
});

describe("through agent code", () => {
  const world = createWorld();
  afterAll(world.close);

  it("every method", async () => {
    const { text, isError } = await world.execute(`
      await workspace.writeText("t/a.txt", "one");
      await workspace.appendText("t/a.txt", " two");
      await workspace.writeBytes("t/b.bin", new Uint8Array([0, 128, 255]));
      await workspace.writeJson("t/c.json", { n: [1, null] });
      const out = {
        text: await workspace.readText("workspace/t/a.txt"),
        bytes: [...await workspace.readBytes("t/b.bin")],
        isBytes: (await workspace.readBytes("t/b.bin")) instanceof Uint8Array,
        json: await workspace.readJson("t/c.json"),
        list: await workspace.list("t/*"),
        all: await workspace.list(),
        size: (await workspace.stat("t/a.txt")).bytes,
        nothing: await workspace.writeText("t/d.txt", ""),
      };
      await workspace.remove("t");
      return { ...out, after: await workspace.list() }`);
    expect(isError).toBe(false);
    expect(JSON.parse(text)).toEqual({
      text: "one two",
      bytes: [0, 128, 255],
      isBytes: true,
      json: { n: [1, null] },
      list: ["t/a.txt", "t/b.bin", "t/c.json"],
      all: ["t/a.txt", "t/b.bin", "t/c.json"],
      size: 7,
      nothing: null,
      after: [],
    });
  });

  it("files outlive the execution", async () => {
    await world.execute(`await workspace.writeText("kept.txt", "still here")`);
    expect((await world.execute(`return workspace.readText("kept.txt")`)).text).toBe("still here");
  });

  it("bytes of some megabytes come back as they were", async () => {
    const { text } = await world.execute(`
      const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7) % 256);
      await workspace.writeBytes("big.bin", bytes);
      const back = await workspace.readBytes("big.bin");
      return [back.length, back.every((byte, i) => byte === bytes[i])]`);
    expect(text).toBe("[3000000,true]");
  });

  it("a refusal is an error at the agent's line, without a path of this machine", async () => {
    const { text, isError } = await world.execute(`const a = 1;\nawait workspace.readText("../secret");`);
    expect(text).toMatch(/^ToolgroveError: The path "\.\.\/secret" is refused: .*\nat user\.ts:2:17\n/);
    expect(text).not.toContain(world.home);
    expect(isError).toBe(true);
  });

  it("can be caught, with its code", async () => {
    expect(
      (await world.execute(`try { await workspace.readText("nothing") } catch (e) { return e.code }`)).text,
    ).toBe("workspace");
  });

  it("a method that is not there is the agent's mistake", async () => {
    const { text } = await world.execute(`await workspace.open("a", "b")`);
    expect(text).toMatch(/^TypeError: workspace\.open is not a function\nat user\.ts:1:/);
  });
});
