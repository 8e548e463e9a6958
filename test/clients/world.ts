// A user's machine in a throw-away folder: configuration files as the clients' documentation describes them, and a home.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { openHomeServers } from "../../src/clients/home-servers.ts";
import { openImport, type ReplacedFile } from "../../src/clients/importer.ts";
import type { Machine } from "../../src/clients/locations.ts";
import type { ImportPlan } from "../../src/clients/plan.ts";

/** The text of a fixture. */
export const fixture = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, "../fixtures/clients", name), "utf8");

/** One user on one machine. */
export interface TestUser {
  readonly machine: Machine;
  /** Absolute path of a file under the user's home. */
  readonly path: (file: string) => string;
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
  /** What is in the home's file. */
  readonly servers: () => Record<string, unknown>;
  readonly plan: (agreed?: "all" | readonly string[]) => Promise<ImportPlan>;
  /** Plans and does it. */
  readonly bringIn: (
    agreed?: "all" | readonly string[],
  ) => Promise<{ plan: ImportPlan; replaced: ReplacedFile[] }>;
}

/** The command line of the program under test. */
export const SELF = ["node", "/opt/toolgrove/cli.js"];

/** Gives a maker of users; call it at the top of a test file. */
export function useUsers(): (files?: Readonly<Record<string, string>>) => TestUser {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return (files = {}) => {
    const root = mkdtempSync(path.join(os.tmpdir(), "clients-"));
    folders.push(root);
    const user = createUser(root);
    for (const [file, text] of Object.entries(files)) user.write(file, text);
    return user;
  };
}

function createUser(root: string): TestUser {
  const at = (file: string): string => path.join(root, file);
  const machine = { platform: "linux", userHome: root, projectDir: at("project") } as const;
  const read = (file: string): string => readFileSync(at(file), "utf8");
  const open = async (): ReturnType<typeof openImport> =>
    openImport({ machine, home: await openHomeServers(at("home")), self: SELF });
  const agree = (agreed: "all" | readonly string[]): "all" | ReadonlySet<string> =>
    agreed === "all" ? agreed : new Set(agreed.map(at));
  return {
    machine,
    path: at,
    read,
    write(file, text) {
      mkdirSync(path.dirname(at(file)), { recursive: true });
      writeFileSync(at(file), text);
    },
    servers: () =>
      (JSON.parse(read("home/servers/mcp.json")) as { mcpServers: Record<string, unknown> }).mcpServers,
    plan: async (agreed = []) => (await open()).plan(agree(agreed)),
    async bringIn(agreed = []) {
      const found = await open();
      const plan = found.plan(agree(agreed));
      return { plan, replaced: await found.apply(plan) };
    },
  };
}
