// A home that was found rather than named starts no program until its owner has said so. What was trusted is remembered
// by the fingerprint of its server entries: changed entries ask again.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Home } from "../home.ts";
import { replaceFile } from "../replace-file.ts";

const storeSchema = z.object({ homes: z.record(z.string(), z.string()) });

/** Whether the home's servers may be started. Named and default homes are their owner's word already. */
export async function isTrusted(home: Home, trustFile: string): Promise<boolean> {
  if (home.origin !== "found") return true;
  return (await readStore(trustFile))[home.root] === home.fingerprint;
}

/** Remembers the home's present server entries as trusted. */
export async function trustHome(home: Home, trustFile: string): Promise<void> {
  const homes = { ...(await readStore(trustFile)), [home.root]: home.fingerprint };
  await replaceFile(trustFile, `${JSON.stringify({ homes }, null, 2)}\n`, "private");
}

/** Trusted fingerprints by home; an absent or broken file trusts nothing. */
async function readStore(trustFile: string): Promise<Record<string, string>> {
  try {
    return storeSchema.parse(JSON.parse(await readFile(trustFile, "utf8"))).homes;
  } catch {
    return {};
  }
}
