// Homes and documents for the catalog's tests.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { openCatalog, type Catalog, type CatalogOptions } from "../../src/catalog/catalog.ts";
import type { ToolDocument } from "../../src/catalog/document.ts";

const WRAPPERS = fileURLToPath(new URL("../fixtures/wrappers", import.meta.url));

/** A throw-away home; a new catalog of it can be opened at any time. */
export interface SampleHome {
  readonly root: string;
  readonly cacheDir: string;
  /** What catalogs logged. */
  readonly log: string[];
  /** The clock that catalogs opened here go by. */
  readonly clock: { now: number };
  open(options?: Partial<CatalogOptions>): Catalog;
  write(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
}

/** Makes a home in a temporary folder, with the fixture wrappers or empty. It goes when the test ends. */
export async function makeHome(content: "wrappers" | "empty" = "wrappers"): Promise<SampleHome> {
  const root = await mkdtemp(path.join(os.tmpdir(), "toolgrove-catalog-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  if (content === "wrappers") await cp(WRAPPERS, root, { recursive: true });
  const cacheDir = path.join(root, "cache");
  const log: string[] = [];
  const clock = { now: Date.now() };
  return {
    root,
    cacheDir,
    log,
    clock,
    open(options) {
      const catalog = openCatalog({
        serversDir: path.join(root, "servers"),
        skillsDir: path.join(root, "skills"),
        cacheDir,
        log: (line) => log.push(line),
        now: () => clock.now,
        ...options,
      });
      onTestFinished(() => catalog.close());
      return catalog;
    },
    async write(file, text) {
      const absolute = path.join(root, file);
      await mkdir(path.dirname(absolute), { recursive: true });
      await writeFile(absolute, text);
    },
    remove: (file) => rm(path.join(root, file)),
  };
}

/** A document as short as `memory/createEntities`, with a description and parameters if they matter. */
export function makeDocument(place: string, more: Partial<ToolDocument> = {}): ToolDocument {
  const [server = "", ...rest] = place.split("/");
  const name = rest.at(-1) ?? server;
  return {
    path: `servers/${place}`,
    file: `servers/${place}.ts`,
    kind: "tool",
    server,
    name,
    tool: name,
    description: "",
    parameters: [],
    passing: "object",
    tags: [],
    signature: { types: [], before: `${name}(`, after: ")" },
    ...more,
  };
}

/** Documents by path. */
export function byPath(...documents: readonly ToolDocument[]): Map<string, ToolDocument> {
  return new Map(documents.map((document) => [document.path, document]));
}
