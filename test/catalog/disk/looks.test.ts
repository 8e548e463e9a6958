import path from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { createLooks } from "../../../src/catalog/disk/looks.ts";
import { makeHome } from "../sample-home.ts";

async function look(watch: boolean): Promise<{ readonly prepare: ReturnType<typeof vi.fn> }> {
  const { root } = await makeHome();
  const prepare = vi.fn<() => void>();
  const summary = { files: 0, documents: 0, parsed: 0, skillsChanged: false, warnings: [] };
  const looks = createLooks({
    serversDir: path.join(root, "servers"),
    skillsDir: path.join(root, "skills"),
    store: { refresh: () => Promise.resolve(summary), folders: () => [], prepare },
    log: () => undefined,
    now: Date.now,
    watch,
  });
  onTestFinished(looks.close);
  await looks.current();
  return { prepare };
}

it("what the first saved file will need is loaded once nobody asks, when changes are watched for", async () => {
  const [watching, asked] = await Promise.all([look(true), look(false)]);
  expect(watching.prepare).not.toHaveBeenCalled();
  await expect.poll(() => watching.prepare.mock.calls.length, { timeout: 10_000 }).toBe(1);
  expect(asked.prepare).not.toHaveBeenCalled();
});
