// Walks that look again only where something changed find what a walk through everything finds.
import * as fc from "fast-check";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  createFileFinder,
  type CatalogRoots,
  type FileFinder,
  type FoundFiles,
} from "../../../src/catalog/disk/files.ts";

const FOLDERS = [
  "servers",
  "servers/a",
  "servers/a/deep",
  "servers/b",
  "servers/b/deep",
  "skills",
  "skills/c",
];
const NAMES = ["one.ts", "two.ts", "three.txt"];

/** A change, and the paths that the file system says it concerns. */
type Change = (root: string) => readonly string[];

const folders = fc.constantFrom(...FOLDERS);
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(folders, fc.constantFrom(...NAMES), fc.string({ maxLength: 5 })).map(writes),
  fc.tuple(folders, fc.constantFrom(...NAMES)).map(removes),
  folders.map((folder) => removes([folder, ""])),
  fc.tuple(folders, folders).map(moves),
);

function writes([folder, name, text]: readonly [string, string, string]): Change {
  return (root) => {
    const target = path.join(root, folder, name);
    const made = missingFolders(root, folder);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    return [...made, target];
  };
}

function removes([folder, name]: readonly [string, string]): Change {
  return (root) => {
    const target = path.join(root, folder, name);
    rmSync(target, { recursive: true, force: true });
    return [target];
  };
}

function moves([from, to]: readonly [string, string]): Change {
  return (root) => {
    const [source, target] = [path.join(root, from), path.join(root, to)];
    const isPossible = existsSync(source) && !existsSync(target) && existsSync(path.dirname(target));
    if (!isPossible || target.startsWith(source)) return [];
    renameSync(source, target);
    return [source, target];
  };
}

/** A folder that is made is told of where its first missing part begins; nobody watches the rest yet. */
function missingFolders(root: string, folder: string): string[] {
  const steps = folder.split("/").map((_, at, all) => path.join(root, ...all.slice(0, at + 1)));
  return steps.filter((step) => !existsSync(step)).slice(0, 1);
}

it("a walk where something changed finds what a walk through everything finds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(changes, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
      async (rounds) => {
        const root = mkdtempSync(path.join(os.tmpdir(), "toolgrove-files-"));
        const roots: CatalogRoots = {
          serversDir: path.join(root, "servers"),
          skillsDir: path.join(root, "skills"),
        };
        const walk = (): Promise<FoundFiles> => createFileFinder(roots, async () => undefined).find();
        const finder = createFileFinder(roots, async () => undefined);
        try {
          expect(await finder.find()).toEqual(await walk());
          for (const round of rounds) {
            const changed = new Set(round.flatMap((change) => change(root)));
            expect(await finder.find(changed)).toEqual(await walk());
          }
        } finally {
          rmSync(root, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 200 },
  );
});

const filesIn = ({ stamps }: FoundFiles): string[] => stamps.map(({ file }) => file);

function newRoot(): { readonly root: string; readonly finder: FileFinder } {
  const root = mkdtempSync(path.join(os.tmpdir(), "toolgrove-files-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const roots = { serversDir: path.join(root, "servers"), skillsDir: path.join(root, "skills") };
  return { root, finder: createFileFinder(roots, async () => undefined) };
}

it("looks at nothing that is not said to have changed", async () => {
  const { root, finder } = newRoot();
  writes(["servers/a", "one.ts", "1"])(root);
  await finder.find();
  const [changed = ""] = writes(["servers/a", "two.ts", "2"])(root);
  const other = path.join(root, "servers/b/three.ts");
  expect(filesIn(await finder.find(new Set([other])))).toEqual(["servers/a/one.ts"]);
  expect(filesIn(await finder.find(new Set([changed])))).toEqual(["servers/a/one.ts", "servers/a/two.ts"]);
});

it("looks at all of a folder that came back, when something in it had changed before", async () => {
  const { root, finder } = newRoot();
  writes(["servers/b/deep", "two.ts", "2"])(root);
  await finder.find();
  const changed = [
    ...writes(["servers/b", "one.ts", "1"])(root),
    ...removes(["servers/b", ""])(root),
    ...writes(["servers/b/deep", "three.ts", "3"])(root),
  ];
  // Nobody watched the new folder yet.
  const heard = new Set(changed.filter((each) => !each.endsWith("three.ts")));
  expect(filesIn(await finder.find(heard))).toEqual(["servers/b/deep/three.ts"]);
});

it("looks at all of a folder that came into the place of another", async () => {
  const { root, finder } = newRoot();
  writes(["servers/a/deep", "one.ts", "1"])(root);
  writes(["servers/b/deep", "two.ts", "2"])(root);
  await finder.find();
  const changed = [...removes(["servers/b", ""])(root), ...moves(["servers/a", "servers/b"])(root)];
  expect(filesIn(await finder.find(new Set(changed)))).toEqual(["servers/b/deep/one.ts"]);
});
