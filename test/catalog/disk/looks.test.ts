import { writeFileSync } from "node:fs";
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

it("looks only at what it heard of, and at everything when that is asked for or a look has failed", async () => {
  const { root } = await makeHome();
  const folder = path.join(root, "servers", "memory");
  const asked: (ReadonlySet<string> | undefined)[] = [];
  let fails = false;
  const looks = createLooks({
    serversDir: path.join(root, "servers"),
    skillsDir: path.join(root, "skills"),
    store: {
      async refresh(changed) {
        asked.push(changed);
        if (fails) throw new Error("it fails");
        return { files: 0, documents: 0, parsed: 0, skillsChanged: false, warnings: [] };
      },
      folders: () => [folder],
      prepare: () => undefined,
    },
    log: () => undefined,
    now: () => 0,
    watch: true,
  });
  onTestFinished(looks.close);
  // The first, and the one after the folders are watched.
  await expect.poll(() => asked, { timeout: 10_000 }).toEqual([undefined, undefined]);
  const file = path.join(folder, "new.ts");
  writeFileSync(file, "");
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThan(2);
  expect([...(asked[2] ?? [])]).toContain(file);
  fails = true;
  await expect(looks.refresh()).rejects.toThrow("it fails");
  expect(asked.at(-1)).toBeUndefined();
  const before = asked.length;
  writeFileSync(file, "again");
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThan(before);
  expect(asked[before]).toBeUndefined();
});
