// The suite every catalog door must pass: the contract of src/catalog/catalog-door.ts in examples.
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { CatalogDoor } from "../../src/catalog/catalog-door.ts";
import { makeHome, type SampleHome } from "../catalog/sample-home.ts";

/** Opens a door to a sample home; it is closed when the test ends. */
export type OpenDoor = (home: SampleHome, patienceMs?: number) => CatalogDoor;

const MANY = 1_200;
const tool = (name: string, description: string): string =>
  `/** ${description} */\nexport function ${name}(input: { id: string }): void {}\n`;

/** A home with more files than a search waits for. */
async function makeLargeHome(): Promise<SampleHome> {
  const home = await makeHome("empty");
  for (let nth = 0; nth < MANY; nth++) {
    await home.write(`servers/many/f${nth}.ts`, tool(`f${nth}`, "One of many"));
  }
  return home;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Runs every case against doors made by `open`. */
export function describeCatalogDoor(name: string, open: OpenDoor): void {
  describe(`catalog door: ${name}`, () => {
    it("answers a search with text for agents, hits for programs, and their servers", async () => {
      const door = open(await makeHome());
      const { text, hits, servers } = await door.search("graph", { limit: 2, detail: "name" });
      expect(text.split("\n")).toEqual(hits.map(({ path }) => path));
      expect(hits).toHaveLength(2);
      expect(hits[0]).toEqual({
        path: expect.stringMatching(/^servers\/memory\//) as string,
        server: "memory",
        tool: expect.any(String) as string,
        description: expect.any(String) as string,
        score: expect.any(Number) as number,
      });
      expect(servers).toEqual(["memory"]);
    });

    it("narrows a search to a server and says what there is when nothing is found", async () => {
      const door = open(await makeHome());
      expect((await door.search("search", { server: "GitHub" })).servers).toEqual(["github"]);
      const none = await door.search("zzzz");
      expect(none).toMatchObject({ hits: [], servers: [] });
      expect(none.text).toContain('No tool matches "zzzz".');
    });

    it("answers a read with text, whether there is something, and whose it is", async () => {
      const door = open(await makeHome());
      const one = await door.read("memory.open_nodes");
      expect(one).toMatchObject({ found: true, servers: ["memory"] });
      expect(one.text).toContain('import { openNodes } from "./servers/memory";');
      expect((await door.read("")).servers).toEqual(["github", "memory", "skills"]);
      expect(await door.read("memory/openNudes")).toMatchObject({ found: false, servers: [] });
    });

    it("gives the servers there are", async () => {
      const door = open(await makeHome());
      await door.ready();
      expect(await door.servers()).toEqual([
        { name: "github", kind: "tool", count: 4 },
        { name: "memory", kind: "tool", count: 9 },
        { name: "skills", kind: "skill", count: 1 },
      ]);
    });

    it("gives the skills with what code imports them from, and names those that an answer shows", async () => {
      const home = await makeHome("empty");
      await home.write(
        "skills/zoo/feed-all/feedAll.ts",
        "/** Feeds. */\nexport function feedAll(n = 1): void {}\n",
      );
      const door = open(home);
      expect(await door.skills()).toEqual([
        {
          path: "skills/zoo/feedAll",
          file: "skills/zoo/feed-all/feedAll.ts",
          name: "feedAll",
          description: "Feeds.",
          parameters: [{ name: "n", type: "number", description: "", optional: true }],
          passing: "positional",
          module: "./skills/zoo",
        },
      ]);
      const shown = ["skills/zoo/feed-all/feedAll.ts"];
      expect((await door.search("feed")).skills).toEqual(shown);
      expect((await door.read("skills/zoo/feedAll")).skills).toEqual(shown);
      expect((await door.read("")).skills).toEqual([]);
    });

    it("knows after a refresh what was saved before it, and says what it could not read", async () => {
      const home = await makeHome();
      const door = open(home);
      await door.ready();
      await home.write("skills/tidy.ts", tool("tidy", "Sweeps the hangar"));
      await home.write("skills/bad.ts", "export function bad( {");
      expect(await door.refresh()).toMatchObject({
        documents: 15,
        parsed: 2,
        warnings: [{ file: "skills/bad.ts" }],
      });
      expect((await door.search("hangar")).hits.map(({ path }) => path)).toEqual(["skills/tidy"]);
      expect(home.log).toEqual([expect.stringContaining("skills/bad.ts is not in the catalog")]);
    });

    it("answers many questions at once, each its own", async () => {
      const door = open(await makeHome());
      const names = ["createEntities", "openNodes", "readGraph", "deleteRelations"];
      const answers = await Promise.all(names.map((one) => door.read(`memory/${one}`)));
      expect(answers.map(({ text }) => names.findIndex((one) => text.includes(`{ ${one} }`)))).toEqual([
        0, 1, 2, 3,
      ]);
    });

    it("answers from what is known while much is still to be read, and says so", async () => {
      const door = open(await makeLargeHome(), 0);
      const early = await door.search("many", { limit: 1 });
      expect(early.hits).toHaveLength(1);
      expect(early.text.split("\n").at(-1)).toMatch(
        /^Still indexing: [\d,]+ of 1,200 files; search again in a few seconds\.$/,
      );
      expect((await door.read("many")).text).toContain("\nStill indexing: ");
      await until(async () => !(await door.search("many", { limit: 1 })).text.includes("Still indexing"));
      expect(await door.servers()).toEqual([{ name: "many", kind: "tool", count: MANY }]);
    });

    it("ends soon although much is still to be read, and goes on from there the next time", async () => {
      const home = await makeLargeHome();
      const first = open(home, 0);
      await first.search("many");
      await first.close();
      expect(await readdir(home.cacheDir)).toHaveLength(1);
      const second = open(home);
      const { documents, parsed } = await second.refresh();
      expect(documents).toBe(MANY);
      expect(parsed).toBeLessThan(MANY);
    });
  });
}
