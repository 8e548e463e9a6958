// A definition larger than an answer may be: the answer keeps its limit, and a file has all of it.
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, useHomes, type Peer } from "./world.ts";

const home = useHomes()({ servers: {} });
let peer: Peer;
beforeAll(async () => {
  const properties = Array.from(
    { length: 2_000 },
    (_, index) => `  /** Number ${index} */ field${index}?: string;`,
  );
  mkdirSync(home.path("servers", "wide"), { recursive: true });
  writeFileSync(
    home.path("servers", "wide", "wide.ts"),
    `export interface WideInput {\n${properties.join("\n")}\n}\n/** Takes a lot */\nexport function wide(input: WideInput): void {\n  void input;\n}\n`,
  );
  for (const [server, words] of [
    ["brief", 1],
    ["wordy", 60],
  ] as const) {
    mkdirSync(home.path("servers", server));
    for (let nth = 0; nth < 40; nth += 1) {
      const text = `/** ${`Weighs crate ${nth}. `.repeat(words)}*/\nexport function weigh${nth}(input: { all: string }): void {\n  void input;\n}\n`;
      writeFileSync(home.path("servers", server, `weigh${nth}.ts`), text);
    }
  }
  peer = await connect(home);
});
afterAll(() => peer.close());

test("read_tool and a full search stay within the limit and name the file that has the rest", async () => {
  for (const [tool, args] of [
    ["read_tool", { path: "servers/wide/wide" }],
    ["search_tools", { query: "takes a lot", detail: "full" }],
  ] as const) {
    const { text } = await peer.call(tool, args);
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(text).toContain("\nwide({\n field0?: string // Number 0\n");
    const file =
      /\[cut: definitions, [\d,]+ bytes, whole in workspace\/(results\/definitions-[0-9a-f]+\.txt)/.exec(
        text,
      )?.[1];
    expect(home.read("workspace", file ?? "nothing was named")).toContain("field1999?: string");
  }
});

test("a glob of over 20 functions shows them while they fit in an answer, and else names them", async () => {
  const brief = await peer.call("read_tool", { path: "servers/brief/*" });
  expect(brief.text).toMatch(/^import \* as brief from /);
  expect(brief.text.match(/^weigh\d+\(/gm)).toHaveLength(40);
  const wordy = await peer.call("read_tool", { path: "servers/wordy/*" });
  expect(wordy.text).toMatch(/^servers\/wordy\/weigh0\(/);
  expect(wordy.text).toContain("40 matches: narrow the glob to 20 or fewer for their types.");
});
