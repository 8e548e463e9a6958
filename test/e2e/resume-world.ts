// What the tests of work that is taken up again share: a server that keeps one answer back, and Toolgrove killed meanwhile.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import {
  connect,
  eventually,
  fixture,
  toolgrove,
  useHomes,
  type Entry,
  type HomeSetup,
  type Peer,
  type TestHome,
} from "./world.ts";

/** The call that is never answered, and whether the server does what it asks for all the same. */
export interface Hold {
  readonly id: string;
  readonly done: boolean;
}

/** A home with a server that can keep an answer back. */
export interface World {
  readonly home: TestHome;
  /** This call is never answered from now on. Undefined: every call is answered. */
  hold(call: Hold | undefined): void;
  /** Resolves when the held call has reached the server. */
  held(): Promise<unknown>;
  /** Starts a Toolgrove of its own on the home; it is closed after the tests. */
  connect(): Promise<Peer>;
}

/** A world whose server's effects are counted. */
export interface EffectsWorld extends World {
  /** The effects so far, in order. */
  effects(): string[];
}

/** What a server needs to know to keep answers back; `file` is one of the test's own, beside the others. */
export interface HoldSettings {
  readonly env: Readonly<Record<"HOLD_FILE" | "HELD_FILE", string>>;
  readonly file: (name: string) => string;
}

/** Gives a maker of worlds; call it at the top of a test file. */
export function useWorlds(): (setup: (settings: HoldSettings) => HomeSetup) => World {
  const newHome = useHomes();
  const folders: string[] = [];
  const peers: Peer[] = [];
  afterAll(async () => {
    await Promise.all(peers.map((peer) => peer.close().catch(() => undefined)));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return (setup) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "resume-"));
    folders.push(folder);
    const file = (name: string): string => path.join(folder, name);
    const env = { HOLD_FILE: file("hold"), HELD_FILE: file("held") };
    const home = newHome(setup({ env, file }));
    return {
      home,
      hold(call) {
        rmSync(env.HOLD_FILE, { force: true });
        rmSync(env.HELD_FILE, { force: true });
        if (call) writeFileSync(env.HOLD_FILE, JSON.stringify(call));
      },
      held: () => eventually(() => existsSync(env.HELD_FILE)),
      async connect() {
        const peer = await connect(home);
        peers.push(peer);
        return peer;
      },
    };
  };
}

/** Gives a maker of worlds with the fixture server `effects`; call it at the top of a test file. */
export function useEffectsWorlds(): () => EffectsWorld {
  const newWorld = useWorlds();
  /** The wrappers of the server, made once by the product itself. */
  let wrappers = "";
  function makeWorld(): EffectsWorld {
    let effectsFile = "";
    const world = newWorld(({ env, file }) => {
      effectsFile = file("effects");
      const effects: Entry = { ...fixture("effects"), env: { ...env, EFFECTS_FILE: effectsFile } };
      return { servers: { effects } };
    });
    writeFileSync(effectsFile, "");
    if (wrappers !== "")
      cpSync(wrappers, world.home.path("servers"), { recursive: true, filter: isNoSetting });
    return {
      ...world,
      effects: () => readFileSync(effectsFile, "utf8").split("\n").filter(Boolean),
    };
  }
  beforeAll(async () => {
    const { home } = makeWorld();
    const { code } = await toolgrove(["sync", "--home", home.root]);
    if (code !== 0) throw new Error("the server could not be synced");
    wrappers = home.path("servers");
  });
  return makeWorld;
}

function isNoSetting(file: string): boolean {
  return path.basename(file) !== "mcp.json";
}

/** Runs code on a server of the world, and kills that without warning when the held call has reached its server. */
export async function killDuring(world: World, server: Peer, code: string): Promise<void> {
  const lost = server.execute(code).catch(() => "lost");
  await world.held();
  process.kill(server.pid, "SIGKILL");
  expect(await lost).toBe("lost");
}

/** The id that an answer names. */
export function runId(text: string): string {
  return /resume: "(\d{8}-\d{4}-[0-9a-f]{6})"/.exec(text)?.[1] ?? `none in: ${text}`;
}

/** A run, as `toolgrove runs --json` lists it. */
export interface ListedRun {
  readonly id: string;
  readonly state: string;
  readonly inDoubt: number;
}

/** The runs of the home, the newest first. */
export async function listRuns({ home }: World): Promise<ListedRun[]> {
  const { stdout } = await toolgrove(["runs", "--json", "--home", home.root]);
  return JSON.parse(stdout) as ListedRun[];
}
