// The Deno engine against the contract, with bubblewrap where it works and without.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createDenoEngine } from "../../src/sandbox/engines/deno/engine.ts";
import { describeEngine } from "../contract/engine.ts";

/** Sandbox processes below this one, from /proc; none are seen on other systems than Linux. */
function denoProcesses(): number[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => isOurs(pid)).map(Number);
}

/** A process of a sandbox, by its parent: this test, or another process of a sandbox. */
function isOurs(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, name, state, parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(stat) ?? [];
    if (state === "Z" || name === undefined || parent === undefined || !/^(deno|bwrap)/.test(name))
      return false;
    return Number(parent) === process.pid || isOurs(parent);
  } catch {
    return false;
  }
}

for (const bubblewrap of ["auto", "off"] as const) {
  describeEngine(`deno, bubblewrap ${bubblewrap}`, () => ({
    engine: createDenoEngine({ memoryMb: 128, poolSize: 1, bubblewrap }),
    processes: denoProcesses,
  }));
}

describe("isolation report of the Deno engine", () => {
  it("says what is missing and why", async () => {
    const engine = createDenoEngine({ memoryMb: 128, bubblewrap: "off" });
    const report = await engine.isolation();
    await engine.close();
    expect(report.missing).toContain("bubblewrap: it is switched off");
    expect(report.layers).toEqual(
      expect.arrayContaining(["Deno without permissions", "a Worker without permissions"]),
    );
    expect(report.layers.join()).not.toContain("bubblewrap");
  });
});
