// A home with more than a dozen skills, saved by one server process: the next one finds each by its purpose in other words,
// beside the tools of three real servers.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keptSkills } from "./kept-skills.ts";
import { connect, memoryEntry, repository, toolgrove, useHomes, type Entry, type Peer } from "./world.ts";

const newHome = useHomes();
const server = (name: string, ...args: readonly string[]): Entry => ({
  command: process.execPath,
  args: [
    path.join(repository, "node_modules/@modelcontextprotocol", `server-${name}`, "dist/index.js"),
    ...args,
  ],
});

const saved = new Map<string, string>();
let next: Peer;

beforeAll(async () => {
  const files = newHome().path("files");
  mkdirSync(files);
  const servers = {
    memory: memoryEntry,
    filesystem: server("filesystem", files),
    everything: server("everything", "stdio"),
  };
  const home = newHome({ servers });
  const { code, stderr } = await toolgrove(["sync", "--home", home.root]);
  if (code !== 0) throw new Error(stderr);
  const first = await connect(home);
  for (const { as, code: program } of keptSkills)
    saved.set(as, (await first.call("execute_code", { code: program, save_as: as })).text);
  await first.close();
  next = await connect(home);
}, 60_000);
afterAll(() => next?.close());

test.each(keptSkills)("$as was saved", ({ as }) => {
  expect(saved.get(as)).toContain(`Skill skills/${as} saved (version 1): import {`);
});

const questions = keptSkills.flatMap(({ as, asked }) => asked.map((question) => ({ as, question })));
test.each(questions)("$as is among the first three hits for: $question", async ({ as, question }) => {
  const hits = (await next.search(question)).split("\n").slice(0, 3);
  expect(hits.join("\n")).toContain(`skills/${as}(`);
});
