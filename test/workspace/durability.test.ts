// Two servers write to one home and are killed at random moments: each file is whole, old or new.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, it } from "vitest";
import { repository } from "../e2e/world.ts";
import { temporaryFolder } from "../sandbox/world.ts";

const top = temporaryFolder("durability");
afterAll(() => rmSync(top, { recursive: true, force: true }));

const WRITES = 1_000;
const FILES = 10;

/** Writes for ever, in turns whole and in pieces, and says before and after each write which it is. */
const WRITER = `
const { createWorkspace } = await import(process.argv[1]);
const workspace = createWorkspace(process.argv[2], { maxMb: 512, maxFileMb: 64, maxFiles: 10_000 });
const who = process.argv[3];
const say = (line) => process.stdout.write(line + "\\n");
for (let n = 0; ; n++) {
  const id = who + "-" + n;
  const file = "file-" + (n * 7 + who.length) % ${FILES} + ".txt";
  const body = (id + ";").repeat(200 + (n * 7919) % 3000);
  const text = "BEGIN " + id + "\\n" + body + "\\nEND " + id + "\\n";
  say("begin " + file + " " + id);
  if (n % 3) await workspace.perform("writeText", [file, text]);
  else {
    const token = await workspace.perform("beginWrite", [file]);
    const half = text.length >> 1;
    const at = await workspace.perform("writePiece", [token, 0, text.slice(0, half), "utf8"]);
    await workspace.perform("writePiece", [token, at, text.slice(half), "utf8"]);
    await workspace.perform("commitWrite", [file, token]);
  }
  await workspace.perform("appendText", ["log.txt", id + "\\n"]);
  say("done " + file + " " + id);
}`;

function isWhole(text: string): boolean {
  const [, id] = /^BEGIN (\S+)\n/.exec(text) ?? [];
  if (id === undefined) return false;
  const body = text.slice(`BEGIN ${id}\n`.length, -`\nEND ${id}\n`.length);
  return text.endsWith(`\nEND ${id}\n`) && body === `${id};`.repeat(body.length / (id.length + 1));
}

it("1,000 writes", { timeout: 120_000 }, async () => {
  const root = path.join(top, "workspace");
  const module = path.join(repository, "dist/workspace/workspace.js");
  let begun = 0;
  let lives = 0;
  const confirmed = new Set<string>();
  const attempted = new Set<string>();

  /** One server's life: it is killed in the midst of a write, a random one of its next forty. */
  async function live(name: string): Promise<void> {
    const who = `${name}${lives++}`;
    const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      WRITER,
      module,
      root,
      who,
    ]);
    const last = 1 + Math.floor(Math.random() * 40);
    let mine = 0;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [what, , id = ""] = line.split(" ");
      if (what === "done") return void confirmed.add(id);
      attempted.add(id);
      begun += 1;
      if (++mine === last) setTimeout(() => child.kill("SIGKILL"), Math.random() * 8);
      return undefined;
    });
    await once(child, "close");
  }
  const server = async (name: string): Promise<void> => {
    while (begun < WRITES) await live(name);
  };
  await Promise.all([server("a"), server("bb")]);

  expect(begun).toBeGreaterThanOrEqual(WRITES);
  expect(lives).toBeGreaterThan(10);
  const files = readdirSync(root).filter((file) => file.startsWith("file-"));
  expect(files).toHaveLength(FILES);
  for (const file of files) {
    const text = readFileSync(path.join(root, file), "utf8");
    expect(isWhole(text), `${file}: ${text.slice(0, 80)}…`).toBe(true);
    expect(attempted).toContain(/^BEGIN (\S+)/.exec(text)?.[1]);
  }
  // What was confirmed had been appended, a line each, and nothing else stands between.
  const logged = readFileSync(path.join(root, "log.txt"), "utf8").split("\n").filter(Boolean);
  expect(logged.filter((id) => !attempted.has(id))).toEqual([]);
  expect([...confirmed].filter((id) => !logged.includes(id))).toEqual([]);
  // At most one draft is left of each life; they are in nobody's way and go by age.
  const drafts = readdirSync(path.join(root, ".drafts"));
  expect(drafts.length).toBeLessThanOrEqual(lives);
  expect(drafts.every((draft) => statSync(path.join(root, ".drafts", draft)).isFile())).toBe(true);
});
