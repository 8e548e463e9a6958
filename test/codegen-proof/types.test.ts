// The wrappers of real servers, through the real command: complete, the same every time, and with types that say what
// the schemas say. What TypeScript cannot say is counted by construct and printed.
//
// Keys that a schema neither describes nor forbids are not tried: wrappers refuse them on purpose, since they are
// nearly always misspelt.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { nameTools } from "../../src/codegen/identifier.ts";
import { inputTypes } from "../../src/codegen/input-type.ts";
import { folderOf } from "../../src/codegen/tree.ts";
import type { ToolDefinition } from "../../src/tool.ts";
import { fixture, toolgrove, useHomes, type CommandResult, type TestHome } from "../e2e/world.ts";
import { CHANGE_KINDS } from "./broken-inputs.ts";
import { collectedServers, constructsServer, hasWholeCollection, type Dump } from "./collections.ts";
import { compile, tryTypes, type Case } from "./trial.ts";

const newHome = useHomes();
const collected = collectedServers();
const dumps = [...collected, constructsServer()];
const tools = collected.flatMap((dump) => dump.tools).length;

function homeOf(servers: readonly Dump[]): TestHome {
  return newHome({
    servers: Object.fromEntries(servers.map(({ server, file }) => [server, fixture("replay", file)])),
  });
}

const sync = (home: TestHome): Promise<CommandResult> => toolgrove(["sync", "--home", home.root]);

/** Every generated file with its bytes. */
function tree(home: TestHome): Map<string, string> {
  const names = readdirSync(home.path("servers"), { recursive: true, encoding: "utf8" });
  const kept = names.filter((name) => /\.(?:ts|json)$/.test(name) && name !== "mcp.json");
  return new Map(kept.toSorted().map((name) => [name, home.read("servers", name)]));
}

it.skipIf(!hasWholeCollection)("the collection beside the repository is whole", () => {
  expect([collected.length, tools]).toEqual([37, 1608]);
});

describe(`${tools} tools of ${collected.length} servers, and one for each construct`, () => {
  let home: TestHome;
  let result: CommandResult;
  let compiled: CommandResult;
  let cases: Case[];

  beforeAll(async () => {
    home = homeOf(dumps);
    result = await sync(home);
    compiled = await compile(home.root);
    cases = await tryTypes(home.root, dumps);
    process.stdout.write(`\n${report(cases)}\n`);
  }, 300_000);

  it("each gets a wrapper that calls it by its own name", () => {
    expect(result).toMatchObject({ code: 0 });
    const servers = dumps.map(({ server }) => server);
    for (const { server, tools: definitions } of dumps) {
      const names = nameTools(definitions.map(({ name }) => name));
      const folder = folderOf(server, servers);
      const files = readdirSync(home.path("servers", folder)).filter((file) => file !== "index.ts");
      expect(files.length).toBe(names.size);
      for (const [name, file] of names) {
        const text = readFileSync(path.join(home.path("servers", folder), `${file}.ts`), "utf8");
        expect(text).toContain(`callTool(${JSON.stringify(server)}, ${JSON.stringify(name)}, input`);
      }
    }
  });

  it("the tree compiles strictly", () => {
    expect(compiled).toMatchObject({ code: 0, stdout: "" });
  });

  it("twice the same bytes", { timeout: 120_000 }, async () => {
    const again = homeOf(dumps);
    await sync(again);
    expect(tree(again)).toEqual(tree(home));
  });

  it("every tool is tried with three inputs, unless it takes none", () => {
    const subjects = groupBy(cases, ({ subject }) => subject);
    const countOf = (subject: string): number =>
      subjects.get(subject)?.filter((one) => one.broken === undefined).length ?? 0;
    const definitions = dumps.flatMap((dump) => dump.tools.map((tool) => ({ server: dump.server, tool })));
    const few = definitions.filter(({ server, tool }) => countOf(`${server}/${tool.name}`) < 3);
    const takeSome = few.filter(({ tool }) => !takesNothing(tool));
    expect(takeSome.map(({ server, tool }) => `${server}/${tool.name}`)).toEqual([]);
    expect(few.every(({ server, tool }) => countOf(`${server}/${tool.name}`) === 1)).toBe(true);
  });

  it("what a schema accepts, its type accepts", () => {
    const refused = cases.filter((one) => one.broken === undefined && one.complaint !== "");
    expect(refused.map(describeCase)).toEqual([]);
  });

  it("what breaks a schema in one place, its type refuses, unless a named construct is in the way", () => {
    const passed = cases.filter((one) => one.broken !== undefined && one.complaint === "");
    expect(passed.filter((one) => one.excuse(one.value) === undefined).map(describeCase)).toEqual([]);
    const refused = groupBy(
      cases.filter((one) => one.complaint !== ""),
      (one) => one.broken ?? "",
    );
    expect([...refused.keys()].toSorted()).toEqual([...CHANGE_KINDS].toSorted());
  });
});

/** Whether an empty object is all that the tool's type lets through. */
function takesNothing({ inputSchema }: ToolDefinition): boolean {
  const [{ type }] = inputTypes(inputSchema, "Input").types;
  return type.kind === "object" && type.members.length === 0 && type.index === undefined;
}

function describeCase({ subject, value, broken, complaint }: Case): string {
  return `${subject} ${broken ?? "accepted"}: ${JSON.stringify(value).slice(0, 300)} ${complaint.slice(0, 200)}`;
}

/** How many broken values the types refuse, by what was changed, and for the others why no type could. */
function report(cases: readonly Case[]): string {
  const broken = cases.filter((one) => one.broken !== undefined);
  const passed = broken.filter((one) => one.complaint === "");
  const kinds = [...groupBy(broken, (one) => one.broken ?? "")].map(([kind, all]) => {
    return `  ${percent(all.filter((one) => one.complaint !== "").length, all.length)}  ${kind} (${all.length})`;
  });
  const reasons = [...groupBy(passed, (one) => one.excuse(one.value) ?? "UNEXPLAINED")]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, all]) => `  ${percent(all.length, broken.length)}  ${reason} (${all.length})`);
  return [
    `${cases.length - broken.length} accepted inputs and results, ${broken.length} broken in one place.`,
    `Refused by the types: ${percent(broken.length - passed.length, broken.length)}; by what was changed:`,
    ...kinds,
    `Beyond TypeScript: ${percent(passed.length, broken.length)}; by construct:`,
    ...reasons,
  ].join("\n");
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`.padStart(8);
}

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
