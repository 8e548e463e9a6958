// Builds `dist` once before any test: processes are tested as users get them. What Node compiles of it is kept between tests.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export function setup(): () => void {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  const shell = process.platform === "win32";
  execFileSync("npm", ["run", "--silent", "build"], { cwd: repository, stdio: "inherit", shell });
  const compiled = mkdtempSync(path.join(os.tmpdir(), "toolgrove-test-compiled-"));
  process.env["NODE_COMPILE_CACHE"] = compiled;
  return () => rmSync(compiled, { recursive: true, force: true });
}
