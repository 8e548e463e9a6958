// A journal with a broken line, as `toolgrove runs` tells of it: that run is lost, no other.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { connect, toolgrove, useHomes } from "./world.ts";

const newHome = useHomes();

test("`runs` lists a run whose journal is broken in the middle as broken, and removes it", async () => {
  const home = newHome();
  const peer = await connect(home);
  for (const name of ["a", "b"])
    await peer.execute(
      `await workspace.writeText("${name}.txt", "x"); await workspace.writeText("${name}.txt", "y"); null.x`,
    );
  await peer.close();
  const state = process.env["XDG_STATE_HOME"] ?? "";
  const found = readdirSync(state, { recursive: true, encoding: "utf8" }).find((name) =>
    /[\\/]runs[\\/].*\.jsonl$/.test(name),
  );
  const file = found ?? "";
  const lines = readFileSync(path.join(state, file), "utf8").split("\n");
  writeFileSync(path.join(state, file), lines.with(2, '{"is":').join("\n"));

  const id = path.basename(file, ".jsonl");
  const at = ["--home", home.root];
  const listed = await toolgrove(["runs", ...at]);
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(new RegExp(`^${id}  broken `, "m"));
  expect(listed.stdout.match(/ failed /g)).toHaveLength(1);
  const shown = await toolgrove(["runs", "show", id, ...at]);
  expect(shown.stderr).toContain(`${path.basename(file)} is broken at line 3`);
  expect((await toolgrove(["runs", "remove", id, ...at])).code).toBe(0);
  expect((await toolgrove(["runs", ...at])).stdout).not.toContain(id);
});
