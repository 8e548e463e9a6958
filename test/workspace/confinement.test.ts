// No path leads out of a folder that agents reach: the workspace, what code may import, what read_tool shows.
import fc from "fast-check";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createGateway } from "../../src/gateway.ts";
import { readHome } from "../../src/home.ts";
import { createSources } from "../../src/sandbox/sources.ts";
import { createResources } from "../../src/workspace/resources.ts";
import { createWorkspace } from "../../src/workspace/workspace.ts";
import { temporaryFolder, writeFiles } from "../sandbox/world.ts";
import { PATH_TRICKS } from "./path-tricks.ts";
import { ROOMY } from "./quota.ts";

const SECRET = "s3cr3t";
const top = temporaryFolder("confinement");
const home = path.join(top, "home");
const root = path.join(home, "workspace");
const workspace = createWorkspace(root, ROOMY);
const tricks = PATH_TRICKS.map((trick) => trick.replaceAll("OUT", "outside"));

beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  writeFiles(home, {
    "outside/secret.txt": SECRET,
    "outside/secret.ts": `export const secret = "${SECRET}";`,
    "secret.ts": `export const secret = "${SECRET}";`,
    "servers/mcp.json": `{ "mcpServers": {} }`,
    "servers/secret/index.js": SECRET,
    "skills/own.ts": "export const own = 1;",
    "workspace/own.txt": "own",
    "workspace/folder/own.txt": "own",
  });
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** Percent-encoded, where the text can be. */
const escape = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** Everything outside the workspace, by path. */
function outside(): Record<string, string> {
  const files = readdirSync(top, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(root + path.sep));
  return Object.fromEntries(files.map((file) => [path.relative(top, file), readFileSync(file, "utf8")]));
}

/** Puts a folder and a link that leads out in turns under one name, as fast as it can. */
const SWAP = `
const { renameSync, rmSync } = require("node:fs");
process.chdir(process.argv[1]);
const attempt = (work) => { try { work(); return true } catch { return false } };
process.stdout.write("swapping");
for (;;) {
  attempt(() => renameSync("folder", "real"));
  attempt(() => renameSync("link-away", "folder"));
  attempt(() => renameSync("folder", "link-away"));
  // The other side may have made a folder of that name meanwhile.
  attempt(() => renameSync("real", "folder")) || attempt(() => rmSync("folder", { recursive: true }));
}`;

const PIECE = { start: 0, length: 1_000, encoding: "utf8" };

/** Does to a path all that can be done; resolves with everything that was answered. */
async function tryAll(name: string): Promise<string> {
  const token = await workspace.perform("beginWrite", ["draft.txt"]);
  const attempts: readonly (readonly [string, ...unknown[]])[] = [
    ["readPiece", name, PIECE],
    ["stat", name],
    ["exists", name],
    ["list", name],
    ["list", `${name}/*`],
    ["copy", name, "copied.txt"],
    ["copy", "folder/own.txt", name],
    ["writeText", name, "written"],
    ["appendText", name, "written", "head"],
    ["commitWrite", name, token],
    ["move", "copied.txt", name],
    ["move", name, "moved.txt"],
    ["remove", name],
    ["writePiece", name, 0, "written", "utf8"],
    ["discardWrite", name],
  ];
  const answers: string[] = [];
  for (const [method, ...args] of attempts) {
    const answer = await workspace.perform(method, args).catch((error: unknown) => String(error));
    answers.push(JSON.stringify(answer));
  }
  return answers.join("\n");
}

it("the corpus is large enough and says each trick once", () => {
  expect(PATH_TRICKS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(PATH_TRICKS).size).toBe(PATH_TRICKS.length);
});

describe("the workspace", () => {
  it.each(tricks)("%j", async (trick) => {
    const before = outside();
    const answers = await tryAll(trick);
    expect(answers).not.toContain(SECRET);
    expect(answers).not.toContain(top);
    expect(answers).not.toMatch(/root:x|secret\.ts/);
    expect(outside()).toEqual(before);
    expect(existsSync(root)).toBe(true);
  });

  const pieces = fc.constantFrom(
    ...[
      "..",
      ".",
      "/",
      "\\",
      "outside",
      "secret.txt",
      "workspace",
      "skills",
      "link",
      "~",
      ":",
      "\0",
      "\uFF0E",
      "\u2025",
    ],
    ...[
      "\uFF0F",
      "%2e",
      "folder",
      "own.txt",
      " ",
      "C:",
      "\u200B",
      "...",
      "own.txt/",
      "hard.txt",
      "é",
      "e\u0301",
    ],
  );
  const path_ = fc.oneof(
    fc.array(pieces, { minLength: 1, maxLength: 8 }).map((parts) => parts.join("")),
    fc.array(pieces, { minLength: 1, maxLength: 8 }).map((parts) => parts.join("/")),
    fc.string({ unit: "binary", maxLength: 40 }),
  );

  it("random paths", async () => {
    symlinkSync(path.join(home, "outside"), path.join(root, "link"));
    linkSync(path.join(home, "outside/secret.txt"), path.join(root, "hard.txt"));
    const before = outside();
    await fc.assert(
      fc.asyncProperty(path_, async (name) => {
        const answers = await tryAll(name);
        expect(answers).not.toContain(SECRET);
        expect(answers).not.toContain(top);
        expect(outside()).toEqual(before);
        if (!existsSync(path.join(root, "folder/own.txt")))
          writeFiles(root, { "own.txt": "own", "folder/own.txt": "own" });
      }),
      { numRuns: 150 },
    );
  });

  it.skipIf(process.platform !== "linux")("a folder that is swapped for a link again and again", async () => {
    const folder = path.join(root, "folder");
    const real = path.join(root, "real");
    renameSync(folder, real);
    symlinkSync(path.join(home, "outside"), path.join(root, "link-away"));
    writeFileSync(path.join(real, "secret.txt"), "mine");
    const swapper = spawn(process.execPath, ["-e", SWAP, root], { stdio: ["ignore", "pipe", "inherit"] });
    await once(swapper.stdout, "data");
    const before = outside();
    const answers: string[] = [];
    for (let round = 0; round < 300; round++) {
      const all = await Promise.allSettled([
        workspace.perform("readPiece", ["folder/secret.txt", PIECE]),
        workspace.perform("writeText", ["folder/new.txt", "new"]),
        workspace.perform("appendText", ["folder/more.txt", "new"]),
        workspace.perform("remove", ["folder/new.txt"]),
      ]);
      answers.push(JSON.stringify(all));
    }
    swapper.kill("SIGKILL");
    await once(swapper, "close");
    const read = answers.join("");
    expect(read).toContain("mine");
    expect(read).not.toContain(SECRET);
    expect(outside()).toEqual(before);
  });

  it.skipIf(process.platform === "win32")(
    "pipes and other strange files are refused and hold nobody up",
    async () => {
      execFileSync("mkfifo", [path.join(root, "pipe")]);
      for (const [method, ...args] of [
        ["readPiece", "pipe", PIECE],
        ["stat", "pipe"],
        ["appendText", "pipe", "x"],
        ["copy", "pipe", "y"],
      ] as const)
        await expect(workspace.perform(method, args)).rejects.toMatchObject({ code: "workspace" });
    },
  );

  it("names are composed, and found as they are spelled on the disk", async () => {
    await workspace.perform("writeText", ["cafe\u0301.txt", "new"]);
    expect(readdirSync(root)).toContain("caf\u00E9.txt");
    writeFileSync(path.join(root, "nai\u0308f.txt"), "old");
    expect(await workspace.perform("exists", ["nai\u0308f.txt"])).toBe(true);
  });
});

describe("what code may import", () => {
  const sources = createSources(home, "export {};");
  const doors = (trick: string): readonly (readonly [string, string | undefined])[] => [
    [trick, undefined],
    [`./skills/${trick}`, undefined],
    [`skills/${trick}`, undefined],
    [`./servers/${trick}`, undefined],
    [`./${trick}`, "skills/own.ts"],
    [trick, "skills/own.ts"],
    [trick.replace("secret.txt", "secret"), undefined],
    [`./skills/${trick.replace("secret.txt", "secret")}`, undefined],
    [`./${trick.replace("secret.txt", "secret.ts")}`, "skills/own.ts"],
  ];

  it.each(tricks)("%j", async (trick) => {
    for (const [specifier, importer] of doors(trick)) {
      const found = await sources.find(specifier, importer);
      expect(found?.text ?? "").not.toContain(SECRET);
      expect(await sources.names(specifier)).not.toContain("secret.txt");
    }
  });

  it("links that lead out", async () => {
    symlinkSync(path.join(home, "outside"), path.join(home, "skills/away"));
    symlinkSync(path.join(home, "outside/secret.ts"), path.join(home, "skills/link.ts"));
    for (const name of ["./skills/away/secret", "./skills/link", "skills/link.ts"])
      expect(await sources.find(name)).toBeUndefined();
  });

  it("names outside are not told", async () => {
    for (const folder of [
      "skills/../outside",
      "servers/../..",
      "skills/../../home/outside",
      "workspace",
      "..",
      "",
    ])
      expect(await sources.names(folder)).toEqual([]);
  });
});

it("what read_tool shows and what is a resource", { timeout: 60_000 }, async () => {
  const gateway = createGateway({
    home: await readHome({ root: home, origin: "named" }, {}),
    trusted: true,
    cacheDir: path.join(top, "cache"),
    credentialsDir: path.join(top, "credentials"),
    stateDir: path.join(top, "state"),
    version: "0.0.0",
    log: () => undefined,
  });
  const resources = createResources(workspace);
  try {
    for (const trick of tricks) {
      for (const name of [trick, `skills/${trick}`, `servers/${trick}`, `workspace/${trick}`]) {
        const answer = await gateway.read(name).catch((error: unknown) => ({ text: String(error) }));
        expect(answer.text).not.toContain(SECRET);
      }
      for (const uri of [`workspace:///${trick}`, `workspace:///${escape(trick)}`]) {
        const contents = await resources.read(uri).catch((error: unknown) => String(error));
        expect(JSON.stringify(contents ?? "")).not.toContain(SECRET);
      }
    }
  } finally {
    await gateway.close();
  }
});
