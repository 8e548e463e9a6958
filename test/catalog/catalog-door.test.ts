import { execFile } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCatalogDoor, type CatalogDoor } from "../../src/catalog/catalog-door.ts";
import type * as Threaded from "../../src/catalog/thread/threaded-door.ts";
import { describeCatalogDoor, type OpenDoor } from "../contract/catalog-door.ts";
import { makeHome, type SampleHome } from "./sample-home.ts";

// A thread runs what was built: Node 20 cannot load the sources.
const built = pathToFileURL(
  path.resolve(import.meta.dirname, "../../dist/catalog/thread/threaded-door.js"),
).href;
const { openThreadedCatalog } = (await import(built)) as typeof Threaded;

function setupOf({ root, cacheDir, log }: SampleHome): Threaded.ThreadedOptions {
  return {
    serversDir: path.join(root, "servers"),
    skillsDir: path.join(root, "skills"),
    cacheDir,
    patienceMs: 60_000,
    log: (line) => log.push(line),
  };
}

function closing(door: CatalogDoor): CatalogDoor {
  onTestFinished(() => door.close());
  return door;
}

const openThreaded: OpenDoor = (home, patienceMs = 60_000) =>
  closing(openThreadedCatalog({ ...setupOf(home), patienceMs }));

describeCatalogDoor("in this thread", (home, patienceMs = Infinity) =>
  closing(openCatalogDoor({ ...setupOf(home), patienceMs })),
);
describeCatalogDoor("in a thread of its own", openThreaded);

describe("a catalog in a thread", () => {
  it.each([
    ["a new file", "servers/zoo/feed.ts"],
    ["a file in a folder that is there", "servers/memory/feed.ts"],
    ["the first skill of a home without skills", "skills/feed.ts"],
  ])("hears of %s", async (_what, file) => {
    const home = await makeHome(file.startsWith("skills") ? "empty" : "wrappers");
    await home.write("servers/a/one.ts", "export function one() {}\n");
    const door = openThreaded(home);
    expect((await door.search("zebra")).hits).toEqual([]);
    await home.write(file, "/** Feeds a zebra. */\nexport function feed() {}\n");
    await expect.poll(async () => (await door.search("zebra")).hits.length, { timeout: 10_000 }).toBe(1);
    await home.write(file, "/** Feeds a giraffe. */\nexport function feed() {}\n");
    await expect.poll(async () => (await door.search("giraffe")).hits.length, { timeout: 10_000 }).toBe(1);
    await home.remove(file);
    await expect.poll(async () => (await door.search("giraffe")).hits.length, { timeout: 10_000 }).toBe(0);
  });

  it("that dies fails what was asked, is started anew once, and then says what to do", async () => {
    const home = await makeHome();
    // The thread throws when it opens a catalog with this.
    const door = closing(openThreadedCatalog({ ...setupOf(home), cacheDir: 1 as never }));
    await expect(door.search("x")).rejects.toMatchObject({
      code: "catalog",
      message: expect.stringMatching(
        /^The catalog did not answer: its thread ended \(.*\); ask again\.$/,
      ) as string,
    });
    await expect(door.read("")).rejects.toThrow("ask again");
    await expect(door.read("")).rejects.toThrow(/its thread ended twice \(.*\); restart Toolgrove\.$/);
    // It died twice, and for one reason.
    expect(home.log).toEqual([expect.stringMatching(/^The catalog's thread ended: .*\.$/)]);
  });

  it("that was closed says so", async () => {
    const door = openThreaded(await makeHome());
    await door.close();
    await expect(door.search("x")).rejects.toThrow("it is closed");
    await door.close();
  });

  it("keeps a process alive for an answer and no longer, and leaves its stdout alone", async () => {
    const home = await makeHome();
    const { log: _, ...setup } = setupOf(home);
    const program = `
      const { openThreadedCatalog } = await import(${JSON.stringify(built)});
      const door = openThreadedCatalog({ ...${JSON.stringify(setup)}, log() {} });
      const { hits } = await door.search("open nodes");
      console.log(hits[0].path);`;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
    expect(stdout).toBe("servers/memory/openNodes\n");
  });
});
