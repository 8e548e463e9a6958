// A catalog whose thread cannot start: Node's own permissions refuse it. What needs no catalog goes on, and closing ends all.
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { memoryEntry, repository, run, useHomes } from "./world.ts";

const newHome = useHomes();
const flag = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";
const permissions = [flag, "--allow-fs-read=*", "--allow-fs-write=*", "--allow-child-process"];
const built = (file: string): string => path.join(repository, "dist", file);

/** Prints what each step gave, as JSON, and ends by itself when everything is closed. */
const program = (root: string): string => `
  import { createGateway, readHome } from ${JSON.stringify(built("index.js"))};
  const root = ${JSON.stringify(root)};
  const logged = [];
  const gateway = createGateway({
    home: await readHome({ root, origin: "named" }), trusted: true, isServing: true, cacheDir: root + "/cache",
    credentialsDir: root + "/logins", stateDir: root + "/state", version: "1", log: (line) => logged.push(line),
  });
  const outcome = (promise) => promise.then(() => "done", ({ code, message }) => code + ": " + message);
  const searches = [await outcome(gateway.search("node", {})), await outcome(gateway.search("node", {}))];
  const [{ error }] = await gateway.sync();
  const closed = await outcome(gateway.close());
  console.log(JSON.stringify({ searches, error: error ?? null, closed, logged }));
`;

test("a search says so, the log hears it once, and sync and close succeed", async () => {
  const home = newHome({ servers: { memory: memoryEntry } });
  const { code, stdout, stderr } = await run(process.execPath, [
    ...permissions,
    "--no-warnings",
    "--input-type=module",
    "--eval",
    program(home.root),
  ]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const said = JSON.parse(stdout) as Record<"searches" | "logged", string[]>;
  expect(said).toEqual({
    searches: [
      expect.stringMatching(
        /^catalog: The catalog did not answer: its thread cannot start \(.*\); ask again\.$/,
      ),
      expect.stringMatching(
        /^catalog: The catalog did not answer: its thread (?:cannot start|ended twice) \(/,
      ),
    ],
    error: null,
    closed: "done",
    logged: [expect.stringMatching(/^The catalog's thread cannot start: .*\.$/)],
  });
  expect(existsSync(home.path("servers/memory/openNodes.ts"))).toBe(true);
});
