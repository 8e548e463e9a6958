// Puts a tree of wrappers on trial: one file of calls for each server, one compiler run, and what it said of each line.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { nameTools, typePrefix } from "../../src/codegen/identifier.ts";
import { keywordsOf } from "../../src/codegen/schema.ts";
import { folderOf } from "../../src/codegen/tree.ts";
import { repository, run, type CommandResult } from "../e2e/world.ts";
import type { Change } from "./broken-inputs.ts";
import type { Dump } from "./collections.ts";
import { inputSubject, outputSubject, type Subject } from "./subject.ts";

/** One value at one wrapper. */
export interface Case {
  /** `server/tool`, and `result` where the value is one. */
  readonly subject: string;
  readonly value: unknown;
  /** What breaks the value; undefined when the schema accepts it. */
  readonly broken: Change["kind"] | undefined;
  /** What the compiler said about it; empty when it was content. */
  readonly complaint: string;
  readonly excuse: Subject["excuse"];
}

interface Line {
  readonly code: string;
  readonly tried: Omit<Case, "complaint">;
}

/** Compiles every value at its wrapper under `home/servers`. Throws when the compiler complains about anything else. */
export async function tryTypes(home: string, dumps: readonly Dump[]): Promise<Case[]> {
  const servers = dumps.map(({ server }) => server);
  const files = new Map<string, readonly Line[]>();
  mkdirSync(path.join(home, "calls"), { recursive: true });
  for (const dump of dumps) {
    const folder = folderOf(dump.server, servers);
    const lines = linesOf(dump);
    files.set(`calls/${folder}.ts`, lines);
    const text = [
      `import * as server from "../servers/${folder}/index.js";`,
      ...lines.map(({ code }) => code),
    ];
    writeFileSync(path.join(home, `calls/${folder}.ts`), `${text.join("\n")}\n`);
  }
  const complaints = readComplaints((await compile(home)).stdout);
  const cases = [...files].flatMap(([file, lines]) =>
    lines.map(({ tried }, index) => {
      const place = `${file}:${index + 2}`;
      const complaint = complaints.get(place) ?? "";
      complaints.delete(place);
      return { ...tried, complaint };
    }),
  );
  if (complaints.size > 0) throw new Error([...complaints].slice(0, 5).join("\n"));
  return cases;
}

/** Runs `tsc --strict --noEmit` over all that is under the folder. */
export async function compile(folder: string): Promise<CommandResult> {
  const compilerOptions = { strict: true, noEmit: true, target: "es2022", module: "nodenext", types: [] };
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, include: ["**/*.ts"] }),
  );
  const compiler = path.join(repository, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { cwd: folder });
}

function readComplaints(output: string): Map<string, string> {
  const found = output.matchAll(/^(\S+)\((\d+),\d+\): (.*)$/gm);
  return new Map([...found].map(([, file, line, text]) => [`${file}:${line}`, text ?? ""]));
}

function linesOf({ server, tools }: Dump): Line[] {
  const names = nameTools(tools.map(({ name }) => name));
  return tools.flatMap((tool, index) => {
    const name = names.get(tool.name) ?? "";
    const subject = `${server}/${tool.name}`;
    const input = casesOf(
      subject,
      inputSubject(tool.inputSchema, index),
      (value) => `server.${name}(${value});`,
    );
    if (keywordsOf(tool.outputSchema) === undefined) return input;
    const type = `server.${typePrefix(name)}Output`;
    const output = casesOf(
      `${subject} result`,
      outputSubject(tool.outputSchema, index),
      (value) => `(${value}) satisfies ${type};`,
    );
    return [...input, ...output];
  });
}

function casesOf(
  subject: string,
  { accepted, broken, excuse }: Subject,
  code: (value: string) => string,
): Line[] {
  const all = [...accepted.map((value) => ({ value, kind: undefined })), ...broken];
  return all.map(({ value, kind }) => ({
    code: code(JSON.stringify(value)),
    tried: { subject, value, broken: kind, excuse },
  }));
}
