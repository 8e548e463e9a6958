import { appendFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { shareRuns } from "../../src/catalog/disk/shared-run.ts";
import { makeHome } from "./sample-home.ts";

const tool = (name: string, description: string): string =>
  `/** ${description} */\nexport function ${name}(input: { id: string }): void {}\n`;

async function paths(catalog: Catalog, query: string): Promise<string[]> {
  return (await catalog.search(query)).hits.map(({ document }) => document.path);
}

describe("opening a catalog", () => {
  it("answers once it has read the files", async () => {
    const catalog = (await makeHome()).open();
    expect(await catalog.servers()).toEqual([
      { name: "github", kind: "tool", count: 4 },
      { name: "memory", kind: "tool", count: 9 },
      { name: "skills", kind: "skill", count: 1 },
    ]);
    expect(await catalog.refresh()).toEqual({
      files: 15,
      documents: 14,
      parsed: 0,
      skillsChanged: false,
      warnings: [],
    });
  });

  it("of a home without folders finds nothing and complains of nothing", async () => {
    const home = await makeHome("empty");
    expect(await home.open().refresh()).toEqual({
      files: 0,
      documents: 0,
      parsed: 0,
      skillsChanged: false,
      warnings: [],
    });
    expect(home.log).toEqual([]);
  });

  it("leaves out what is no tool", async () => {
    const home = await makeHome("empty");
    const ignored = [
      "runtime.ts",
      "a/x.d.ts",
      "a/_x.ts",
      "_a/x.ts",
      "a/.x.ts",
      ".a/x.ts",
      "a/x.js",
      "a/node_modules/x.ts",
    ];
    for (const file of ignored) await home.write(`servers/${file}`, tool("x", "Hidden"));
    await home.write("servers/a/runtime.ts", tool("runtime", "Shown"));
    await home.write("outside/x.ts", tool("x", "Hidden"));
    await symlink(path.join(home.root, "outside"), path.join(home.root, "servers", "linked"));
    await symlink(path.join(home.root, "outside/x.ts"), path.join(home.root, "servers", "a", "linked.ts"));
    const { documents } = await home.open().refresh();
    expect(documents).toBe(1);
  });

  it("warns once of a file it cannot read and keeps the others", async () => {
    const home = await makeHome("empty");
    await home.write("servers/a/good.ts", tool("good", "Works"));
    await home.write("servers/a/bad.ts", "export function bad( {");
    await home.write("servers/a/huge.ts", `// ${"x".repeat(1_000_000)}\n`);
    const catalog = home.open();
    const { documents, warnings } = await catalog.refresh();
    await catalog.refresh();
    expect(documents).toBe(1);
    expect(warnings.map(({ file }) => file)).toEqual(["servers/a/bad.ts", "servers/a/huge.ts"]);
    expect(home.log).toEqual([
      expect.stringMatching(/^servers\/a\/bad\.ts is not in the catalog: line 1, column \d+: .*\.$/),
      "servers/a/huge.ts is not in the catalog: larger than 1000000 bytes.",
    ]);
  });

  it("lets the file that has its name win over an index that claims the same path", async () => {
    const home = await makeHome("empty");
    await home.write("servers/a/index.ts", tool("zoo", "From the index"));
    await home.write("servers/a/zoo.ts", tool("zoo", "From its file"));
    const catalog = home.open();
    expect((await catalog.search("zoo")).hits.map(({ document }) => document.description)).toEqual([
      "From its file",
    ]);
    await home.remove("servers/a/zoo.ts");
    await catalog.refresh();
    expect((await catalog.search("zoo")).hits.map(({ document }) => document.description)).toEqual([
      "From the index",
    ]);
  });
});

describe("searching", () => {
  it("can be limited, and narrowed to a server however it is spelled", async () => {
    const catalog = (await makeHome()).open();
    expect((await catalog.search("graph", { limit: 3 })).hits).toHaveLength(3);
    expect((await catalog.search("graph", { limit: 0 })).hits).toHaveLength(1);
    for (const server of ["github", "GitHub", "servers/github/"]) {
      const { hits } = await catalog.search("search", { server });
      expect(hits.map(({ document }) => document.path)).toEqual(["servers/github/searchCode"]);
    }
  });

  it("finds skills beside tools", async () => {
    const catalog = (await makeHome()).open();
    expect(await paths(catalog, "weekly report")).toEqual(["skills/weeklyReport"]);
  });
});

describe("a change on disk", () => {
  it("is found by the next search once the last look is a quarter of a second old", async () => {
    const home = await makeHome();
    const catalog = home.open();
    expect(await paths(catalog, "zebra")).toEqual([]);
    await home.write("servers/zoo/feed.ts", tool("feed", "Feeds a zebra"));
    home.clock.now += 100;
    expect(await paths(catalog, "zebra")).toEqual([]);
    home.clock.now += 200;
    expect(await paths(catalog, "zebra")).toEqual(["servers/zoo/feed"]);
  });

  it("is found after a refresh, whether a file is new, changed or gone", async () => {
    const home = await makeHome();
    const catalog = home.open();
    await home.write("skills/tidy.ts", tool("tidy", "Sweeps the hangar"));
    expect(await catalog.refresh()).toMatchObject({ documents: 15 });
    expect(await paths(catalog, "hangar")).toEqual(["skills/tidy"]);

    await home.write("skills/tidy.ts", tool("tidy", "Sweeps the garage"));
    expect(await catalog.refresh()).toMatchObject({ documents: 15, parsed: 1 });
    expect(await paths(catalog, "hangar")).toEqual([]);
    expect(await paths(catalog, "garage")).toEqual(["skills/tidy"]);

    await home.remove("skills/tidy.ts");
    expect(await catalog.refresh()).toMatchObject({ documents: 14, parsed: 0 });
    expect(await paths(catalog, "garage")).toEqual([]);
    expect((await catalog.read("skills/tidy")).kind).toBe("miss");
  });

  it("is seen even when size and time stay the same, as long as the file is fresh", async () => {
    const home = await makeHome("empty");
    await home.write("skills/f.ts", tool("f", "aaaa"));
    const catalog = home.open();
    await catalog.ready();
    for (const word of ["bbbb", "cccc", "dddd"]) {
      await home.write("skills/f.ts", tool("f", word));
      await catalog.refresh();
      expect(await paths(catalog, word)).toEqual(["skills/f"]);
    }
  });

  it("that mends a broken file brings it back", async () => {
    const home = await makeHome("empty");
    await home.write("skills/f.ts", "export function f( {");
    const catalog = home.open();
    expect(await catalog.refresh()).toMatchObject({ documents: 0 });
    await home.write("skills/f.ts", tool("f", "Mended"));
    expect(await catalog.refresh()).toMatchObject({ documents: 1, warnings: [] });
  });

  it("is seen by every refresh that was asked for after it, though another runs", async () => {
    const home = await makeHome("empty");
    const catalog = home.open();
    const summaries: Promise<number>[] = [];
    for (let nth = 1; nth <= 10; nth++) {
      await home.write(`skills/f${nth}.ts`, tool(`f${nth}`, "One of ten"));
      summaries.push(catalog.refresh().then(({ documents }) => documents));
    }
    const counts = await Promise.all(summaries);
    expect(counts.filter((count, nth) => count < nth + 1)).toEqual([]);
  });
});

describe("files that change while they are read", () => {
  it("are in the end as on disk, in the catalog and in its cache, though two write them and two read", async () => {
    const home = await makeHome("empty");
    const open = (): Catalog => home.open({ now: Date.now });
    const [one, two] = [open(), open()];
    const write = async (nth: number, round: number): Promise<void> => {
      const file = `servers/s${nth % 7}/f${nth}.ts`;
      if (round % 5 === nth % 5 && round > 5) await home.remove(file).catch(() => undefined);
      else await home.write(file, tool(`f${nth}`, `Round ${round}`));
    };
    const reads: Promise<unknown>[] = [];
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 40 }, (_, nth) => write(nth, round)));
      reads.push(one.refresh(), two.search("round"), two.refresh(), one.read("servers"));
    }
    await Promise.all(reads);
    await Promise.all([one.refresh(), two.refresh()]);
    const fresh = home.open({ cacheDir: path.join(home.root, "other-cache") });
    const expected = await fresh.read("**");
    expect(await one.read("**")).toEqual(expected);
    expect(await two.read("**")).toEqual(expected);
    expect((await one.search("round 11", { limit: 100 })).hits).toHaveLength(32);
    await Promise.all([one.close(), two.close()]);
    expect(await open().read("**")).toEqual(expected);
  });
});

describe("sharing runs", () => {
  it("never overlaps them, and gives one to all who asked while another ran", async () => {
    let running = 0;
    let runs = 0;
    const run = shareRuns(async () => {
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      running -= 1;
      return ++runs;
    });
    const first = run();
    await Promise.resolve();
    expect(await Promise.all([first, run(), run(), run()])).toEqual([1, 2, 2, 2]);
  });

  it("goes on after a failure", async () => {
    let fails = true;
    const run = shareRuns(() => (fails ? Promise.reject(new Error("once")) : Promise.resolve("done")));
    await expect(run()).rejects.toThrow("once");
    fails = false;
    expect(await run()).toBe("done");
  });
});

describe("the source files", () => {
  it("are read as they are, byte order mark and line ends of Windows included", async () => {
    const home = await makeHome("empty");
    await mkdir(path.join(home.root, "skills"));
    const file = path.join(home.root, "skills", "f.ts");
    await writeFile(file, "\uFEFF");
    await appendFile(file, tool("f", "Marked").replaceAll("\n", "\r\n"));
    expect(await paths(home.open(), "marked")).toEqual(["skills/f"]);
    expect(await readFile(file, "utf8")).toContain("\r\n");
  });
});
