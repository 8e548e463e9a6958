import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import { makeHome, type SampleHome } from "../sample-home.ts";

const QUERIES = ["create entities", "github issues", "report", "graph nodes", "nodez"];

async function answers(catalog: Catalog): Promise<unknown> {
  const searches = await Promise.all(QUERIES.map((query) => catalog.search(query)));
  return [...searches, await catalog.read("**"), await catalog.read("")];
}

async function cacheFile({ cacheDir }: SampleHome): Promise<string> {
  const [name = "", ...others] = await readdir(cacheDir);
  expect(others).toEqual([]);
  return path.join(cacheDir, name);
}

/** A home whose cache was written by a catalog that is closed again. */
async function cachedHome(): Promise<SampleHome> {
  const home = await makeHome();
  const catalog = home.open();
  await catalog.ready();
  await catalog.close();
  return home;
}

describe("a cached catalog", () => {
  it("answers as a fresh one and parses nothing", async () => {
    const home = await cachedHome();
    const warm = home.open();
    const fresh = home.open({ cacheDir: path.join(home.root, "other-cache") });
    expect(await answers(warm)).toEqual(await answers(fresh));
    expect(await home.open().refresh()).toMatchObject({ documents: 14, parsed: 0 });
  });

  it("follows what changed since, and again answers as a fresh one", async () => {
    const home = await cachedHome();
    await home.write("servers/memory/forget.ts", "/** Forgets the graph. */\nexport function forget() {}\n");
    await home.remove("servers/memory/openNodes.ts");
    await home.write("skills/weeklyReport.ts", "/** Reports nodes. */\nexport function weeklyReport() {}\n");
    const warm = home.open();
    const fresh = home.open({ cacheDir: path.join(home.root, "other-cache") });
    expect(await answers(warm)).toEqual(await answers(fresh));
    expect((await warm.search("forget graph")).hits[0]?.document.path).toBe("servers/memory/forget");
  });

  it("does not parse a file that only got a new time", async () => {
    const home = await cachedHome();
    const past = new Date("2024-01-01");
    await utimes(path.join(home.root, "servers/memory/openNodes.ts"), past, past);
    const catalog = home.open();
    const documents = (await catalog.read("memory")).kind;
    expect(documents).toBe("folder");
    expect(await catalog.refresh()).toMatchObject({ documents: 14, parsed: 0 });
  });

  it.each([
    ["empty", () => ""],
    ["cut short", (text: string) => text.slice(0, -10)],
    ["altered", (text: string) => text.replace("openNodes", "openNudes")],
    ["not JSON", () => "{"],
    ["without a seal", (text: string) => text.slice(text.indexOf("\n") + 1)],
  ])("that is %s is ignored and written again", async (_what, spoil) => {
    const home = await cachedHome();
    const file = await cacheFile(home);
    const good = await readFile(file, "utf8");
    await writeFile(file, spoil(good));
    const catalog = home.open();
    expect(await answers(catalog)).toEqual(
      await answers(home.open({ cacheDir: path.join(home.root, "other-cache") })),
    );
    await catalog.close();
    expect((await readFile(file, "utf8")).length).toBe(good.length);
    expect(home.log).toEqual([]);
  });

  it("of another home is not taken, though the file has this home's name", async () => {
    const [one, two] = [await cachedHome(), await makeHome("empty")];
    const opened = two.open();
    await two.write("skills/f.ts", "export function f() {}");
    await opened.refresh();
    await opened.close();
    await writeFile(await cacheFile(two), await readFile(await cacheFile(one)));
    expect(await two.open().refresh()).toMatchObject({ documents: 1 });
  });

  it("can be shared by two catalogs at once", async () => {
    const home = await makeHome();
    const [one, two] = [home.open(), home.open()];
    expect(await answers(one)).toEqual(await answers(two));
    await Promise.all([one.close(), two.close()]);
    await cacheFile(home);
    expect(await home.open().refresh()).toMatchObject({ documents: 14, parsed: 0 });
  });

  it("that cannot be written costs one line in the log", async () => {
    const home = await makeHome();
    await home.write("file", "");
    const catalog = home.open({ cacheDir: path.join(home.root, "file") });
    expect((await catalog.search("open nodes")).hits[0]?.document.name).toBe("openNodes");
    await catalog.close();
    expect(home.log).toEqual([expect.stringMatching(/^The catalog's cache in .* cannot be written \(.*\)/)]);
  });
});

describe("a start in a new process", () => {
  const source = fileURLToPath(new URL("../../..", import.meta.url));
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "toolgrove-start-"));
    await symlink(path.join(source, "node_modules"), path.join(folder, "node_modules"), "junction");
    await build({
      entryPoints: [path.join(source, "src/catalog/catalog.ts")],
      outdir: folder,
      bundle: true,
      splitting: true,
      packages: "external",
      platform: "node",
      format: "esm",
      outExtension: { ".js": ".mjs" },
      logLevel: "error",
    });
    await writeFile(
      path.join(folder, "start.mjs"),
      `import { createRequire } from "node:module";
       import { openCatalog } from "./catalog.mjs";
       const catalog = openCatalog({ ...JSON.parse(process.argv[2]), log: console.error });
       const { hits } = await catalog.search("open nodes");
       await catalog.close();
       const loaded = Object.keys(createRequire(import.meta.url).cache);
       const parser = loaded.some((file) => /node_modules.(ts-morph|@ts-morph|typescript)/.test(file));
       console.log(JSON.stringify({ best: hits[0].document.path, parser }));`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function start({ root, cacheDir }: SampleHome): Promise<unknown> {
    const options = {
      serversDir: path.join(root, "servers"),
      skillsDir: path.join(root, "skills"),
      cacheDir,
    };
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [path.join(folder, "start.mjs"), JSON.stringify(options)]);
    return JSON.parse(stdout);
  }

  it("loads the parser for a cold cache and not for a warm one", async () => {
    const home = await makeHome();
    expect(await start(home)).toEqual({ best: "servers/memory/openNodes", parser: true });
    expect(await start(home)).toEqual({ best: "servers/memory/openNodes", parser: false });
  });
});
