// Every test worker has a user folder of its own: no test reads or writes the real one.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

const home = mkdtempSync(path.join(os.tmpdir(), "toolgrove-test-user-"));
Object.assign(process.env, {
  HOME: home,
  USERPROFILE: home,
  XDG_CONFIG_HOME: path.join(home, "config"),
  XDG_CACHE_HOME: path.join(home, "cache"),
  XDG_STATE_HOME: path.join(home, "state"),
});
delete process.env["TOOLGROVE_HOME"];

afterAll(() => rmSync(home, { recursive: true, force: true }));
