// Builds `dist` once before any test: processes are tested as users get them.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export function setup(): void {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  const shell = process.platform === "win32";
  execFileSync("npm", ["run", "--silent", "build"], { cwd: repository, stdio: "inherit", shell });
}
