// Lists of functions: what they share stands once, and nothing else is lost.
import { describe, expect, it } from "vitest";
import type { ToolDocument } from "../../../src/catalog/document.ts";
import { extractDocuments } from "../../../src/catalog/extract/extract.ts";
import { nameRepeatedTypes } from "../../../src/catalog/read/repeated-types.ts";
import { renderTools } from "../../../src/catalog/read/render-tools.ts";
import { shareSentences } from "../../../src/catalog/read/sentences.ts";

const OWNER = "/** The account that owns the repository */ owner: string;";
const PAGE = "{ id: number; title: string; state: 'open' | 'closed'; url: string; body?: string }";

function tool(name: string, { doc = "", input = "", output = "unknown" }): ToolDocument {
  const text = `${doc}\nexport function ${name}(input: { ${input} }): Promise<${output}> {}`;
  const [document] = extractDocuments(`servers/github/${name}.ts`, text).documents;
  if (!document) throw new Error(`no document in ${text}`);
  return document;
}

describe("a list of functions", () => {
  it("tells shared parameters, sentences and types once", () => {
    const rule = "Needs a token that may read the repository and all that it holds.";
    const text = renderTools([
      tool("getIssue", {
        doc: `/** Gets an issue. ${rule}\n * @effects reads */`,
        input: `${OWNER} number: number`,
        output: PAGE,
      }),
      tool("listIssues", {
        doc: `/** Lists issues. ${rule}\n * @effects reads */`,
        input: `${OWNER} /** Which page */ page?: number`,
        output: `{ items: ${PAGE}[] }`,
      }),
      tool("closeIssue", { input: "/** Another owner */ owner?: string" }),
    ]);
    expect(text).toMatchInlineSnapshot(`
      "import { getIssue, listIssues, closeIssue } from "./servers/github";
      // Shared:
      owner: string // The account that owns the repository
      // [^1]: Needs a token that may read the repository and all that it holds.
      type Item = { id: number, title: string, state: 'open'|'closed', url: string, body?: string }

      // Gets an issue. [^1] @effects reads
      getIssue({ owner, number: number }): Item

      // Lists issues. [^1] @effects reads
      listIssues({ owner, page?: number /* Which page */ }): { items: Item[] }

      closeIssue({ owner?: string /* Another owner */ })"
    `);
  });

  it("names parameters that stand together wherever one of them stands", () => {
    const paging = ["first", "last", "before", "after"].map(
      (name) => `/** The ${name} row */ ${name}?: string;`,
    );
    const text = renderTools([
      tool("listA", { input: `${OWNER} ${paging.join(" ")}` }),
      tool("listB", { input: `${paging.join(" ")} ${OWNER} /** B's */ common: { Common?: string }` }),
      tool("getOwner", { input: OWNER }),
    ]);
    expect(text).toMatchInlineSnapshot(`
      "import { listA, listB, getOwner } from "./servers/github";
      // A described key without a type is a string.
      // Shared; ...Common2 stands for all of its keys:
      owner // The account that owns the repository
      type Common2 = {
       first? // The first row
       last? // The last row
       before? // The before row
       after? // The after row
      }

      listA({ owner, ...Common2 })

      listB({ ...Common2, owner, common: { Common?: string } /* B's */ })

      getOwner({ owner })"
    `);
  });

  it("groups no parameters that are required in one function and optional in another", () => {
    const names = ["first", "last", "before", "after"];
    const all = (mark: string): string =>
      names.map((name) => `/** The ${name} row */ ${name}${mark}: string`).join(";");
    const text = renderTools([tool("listA", { input: all("?") }), tool("listB", { input: all("") })]);
    expect(text).toContain("listA({ first?, last?, before?, after? })");
    expect(text).toContain("listB({ first, last, before, after })");
  });

  it("says once what most of them do to the world, when each of them says it", () => {
    const doing = (name: string, effects: string): ToolDocument =>
      tool(name, { doc: `/** Does. @effects ${effects} */` });
    const all = [doing("a", "reads"), doing("b", "reads"), doing("c", "reads"), doing("d", "writes")];
    const text = renderTools(all);
    expect(text).toContain("\n// @effects reads unless stated\n");
    expect(text).toContain("\n// Does.\nc()\n\n// Does. @effects writes\nd()");
    expect(renderTools([...all, tool("e", {})])).toContain("\n// Does. @effects reads\nc()");
    const destroying = ["a", "b", "c"].map((name) => doing(name, "destroys"));
    expect(renderTools(destroying)).not.toContain("unless stated");
  });

  it("says once that described keys are strings, when there are many of them", () => {
    const keys = Array.from({ length: 4 }, (_, nth) => `/** Name ${nth} */ name${nth}: string;`).join(" ");
    const more = "bare: string; /** All of them */ all?: string[]; /** How many */ size: number";
    const documents = [
      tool("a", { input: `${keys} /** A's first */ first?: string` }),
      tool("b", { input: `/** B's first\nand last */ first?: string; ${more}` }),
      tool("c", { input: keys }),
    ];
    expect(renderTools(documents)).toMatchInlineSnapshot(`
      "import { a, b, c } from "./servers/github";
      // A described key without a type is a string.
      // Shared; ...Common stands for all of its keys:
      type Common = {
       name0 // Name 0
       name1 // Name 1
       name2 // Name 2
       name3 // Name 3
      }

      a({ ...Common, first? /* A's first */ })

      b({
       /* B's first
      and last */
       first?
       bare: string
       all?: string[] // All of them
       size: number // How many
      })

      c({ ...Common })"
    `);
    expect(renderTools(documents.slice(1, 2))).toContain("first?: string");
    expect(renderTools(documents.slice(0, 2))).not.toContain("without a type");
  });

  it("imports many names under that of their module, and each module once", () => {
    const tools = Array.from({ length: 5 }, (_, nth) => tool(`get${nth}`, {}));
    expect(renderTools(tools).split("\n")[0]).toBe('import * as github from "./servers/github";');
    expect(renderTools(tools.slice(1)).split("\n")[0]).toBe(
      'import { get1, get2, get3, get4 } from "./servers/github";',
    );
  });

  it("cuts long texts, keeps the facts at their end, and says so", () => {
    const long = "many words ".repeat(60).trim();
    const documents = [
      tool("a", {
        doc: `/** ${long} and more. ${long}. */`,
        input: `/** ${long}. Default 10; 1 to 100. */ limit?: number`,
      }),
      tool("b", { doc: "/** Short. */" }),
    ];
    const text = renderTools(documents);
    expect(text).toMatch(/many(?: words)?… \(\+\d+\)\na\(/);
    expect(text).toMatch(/limit\?: number \/\/ many words [a-z ]*… \(\+\d+\) Default 10; 1 to 100\.\n/);
    expect(text).toContain("// (+N): N characters are cut; read that tool alone for all of it.\n");
    const tight = renderTools(documents, text.length - 1);
    expect(tight.length).toBeLessThan(text.length - 400);
    expect(tight).toMatch(/limit\?: number \/\/ .{80,100}… \(\+\d+\) Default 10; 1 to 100\.\n/);
    expect(renderTools(documents, text.length)).toBe(text);
    // What fits neither way goes to a file, which should hold more.
    expect(renderTools(documents, tight.length - 1)).toBe(text);
    expect(renderTools(documents.slice(0, 1))).not.toContain("(+");
    expect(renderTools(documents.slice(1))).not.toContain("(+N)");
  });
});

describe("sentences that texts repeat", () => {
  const [one, two, three] = ["first", "second", "third"].map(
    (word) => `This is the ${word} sentence, which is long enough.`,
  );

  it("are told as one where they never stand apart", () => {
    const { sentences, shorten } = shareSentences([
      `A. ${one} ${two}`,
      `B.\n${one} ${two} ${three}`,
      `${three}`,
    ]);
    expect(sentences).toEqual([`${one} ${two}`, three]);
    expect(shorten(`A. ${one} ${two}`)).toBe("A. [^1]");
    expect(shorten(`B.\n${one} ${two} ${three}`)).toBe("B.\n[^1] [^2]");
    expect(shorten("Another.")).toBe("Another.");
  });

  it("stay where they are short, or stand in one text only", () => {
    const texts = [`Short. ${one} ${one}`, "Short."];
    expect(shareSentences(texts).sentences).toEqual([]);
    expect(shareSentences(texts).shorten(`Short. ${one} ${one}`)).toBe(`Short. ${one} ${one}`);
  });
});

describe("choices of values that texts repeat", () => {
  const states = '"open"|"in progress"|"closed"|"merged"|"abandoned"';

  it("get a name, and lose parentheses that a name does not need", () => {
    const texts = [states, `{ state?: (${states})[], other: ${states}|null }`];
    const { statements, shorten } = nameRepeatedTypes(texts, [], new Map([[states, "state"]]));
    expect(statements).toEqual([`type State = ${states}`]);
    expect(texts.map(shorten)).toEqual(["State", "{ state?: State[], other: State|null }"]);
  });

  it("stay where naming them would not be shorter, and in comments and strings", () => {
    const short = '"a"|"b"|"c"';
    expect(nameRepeatedTypes([short, `{ x: ${short} }`, `{ y: ${short} }`], []).statements).toEqual([]);
    expect(nameRepeatedTypes([states, `{ x: string /* ${states} */ }`], []).statements).toEqual([]);
  });
});

describe("object types that texts repeat", () => {
  const page = '{ id: number, state: "open {"|"closed", url: string /* } */, title: string }';

  it("get the name of the key before them, in the singular for lists", () => {
    const { statements, shorten } = nameRepeatedTypes([`{ pages: ${page}[] }`, `): ${page}`], []);
    expect(statements).toEqual([`type Page = ${page}`]);
    expect(shorten(`{ pages: ${page}[] }`)).toBe("{ pages: Page[] }");
    expect(shorten(`): ${page}`)).toBe("): Page");
  });

  it("get no name that is taken, and none when they lie only in one that has a name", () => {
    const outer = `{ date: { page: ${page}, more: string } }`;
    const { statements } = nameRepeatedTypes([`): ${outer}`, `{ x: ${outer} }`], ["X"]);
    expect(statements).toEqual([`type X2 = ${outer}`]);
    expect(nameRepeatedTypes([`{ date: ${page}, map: ${page} }`], ["Date2"]).statements).toEqual([
      `type Date3 = ${page}`,
    ]);
  });

  it("are the same however far in they stand", () => {
    const lines = "{\n id: number // The number of the page\n title: string // The title of it\n}";
    const deep = `{\n page: ${lines.replaceAll("\n", "\n ")}\n}`;
    const { statements, shorten } = nameRepeatedTypes([lines, deep], []);
    expect(statements).toEqual([`type Page = ${lines}`]);
    expect(shorten(deep)).toBe("{ page: Page }");
  });

  it("stay where they are written once, or are short", () => {
    expect(nameRepeatedTypes([page, "{ a: string }", "{ a: string }"], []).statements).toEqual([]);
  });
});
