// What is in the workspace, as text for an agent: folders with counts, files with size, time and first lines. It reads
// beginnings only, and its answers are bounded.
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { nearest } from "../nearest.ts";
import { listFiles, readPiece, statFile, isAbsence } from "./reading.ts";
import { DRAFTS } from "./path-parts.ts";
import { atPlace } from "./place.ts";
import { countFiles } from "./usage.ts";
import type { Workspace } from "./workspace.ts";

/** What a path shows. */
export interface Description {
  readonly text: string;
  /** Whether it led anywhere. */
  readonly found: boolean;
}

const MAX_ENTRIES = 60;
const MAX_PREVIEW_LINES = 12;
const MAX_PREVIEW_CHARS = 2_000;
const PREVIEW_BYTES = 16_384;

/**
 * Describes a folder, a file or the files a glob matches. `asked` is relative to the workspace; empty is the workspace.
 * Rejects for a refused path, as every operation does.
 */
export async function describe({ root, ledger }: Workspace, asked: string): Promise<Description> {
  if (/[*?{[]/.test(asked)) return describeMatches(root, asked);
  try {
    const { kind } = await statFile(root, asked);
    const isRoot = asked.replaceAll(/[./\\]/g, "") === "";
    if (kind === "file") return { text: await describeFile(root, asked), found: true };
    const entries = await describeFolder(root, asked);
    return { text: [...(isRoot ? [await describeUsage(ledger)] : []), ...entries].join("\n"), found: true };
  } catch (error) {
    if (!isAbsence(error)) throw error;
    if (asked === "") return { text: "workspace/ is empty.", found: true };
    const close = nearest(asked, await listFiles(root, "**").catch(() => []), 5);
    const hint =
      close.length > 0 ? `Did you mean ${close.map(shown).join(", ")}?` : "workspace/ has no such file.";
    return { text: `There is no ${shown(asked)}. ${hint}`, found: false };
  }
}

async function describeUsage(ledger: Workspace["ledger"]): Promise<string> {
  const { bytes, files } = await ledger.usage();
  const { maxMb } = ledger.quota;
  return `workspace/: ${plural(files, "file")}, ${size(bytes)} of ${maxMb.toLocaleString("en")} MB`;
}

async function describeFolder(root: string, asked: string): Promise<string[]> {
  return atPlace(root, asked, async (place) => {
    const all = await readdir(place.path, { withFileTypes: true });
    const entries = all
      .filter((entry) => (entry.isFile() || entry.isDirectory()) && entry.name !== DRAFTS)
      .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
    const lines = await Promise.all(
      entries.slice(0, MAX_ENTRIES).map((entry) => {
        const full = path.join(place.path, entry.name);
        return entry.isDirectory() ? folderLine(full, entry.name) : fileLine(full, entry.name);
      }),
    );
    const more = entries.length - MAX_ENTRIES;
    return more > 0 ? [...lines, `… and ${more} more: narrow it with a glob, such as *.csv`] : lines;
  });
}

async function describeMatches(root: string, glob: string): Promise<Description> {
  const files = await listFiles(root, glob);
  if (files.length === 0) return { text: `No file matches workspace/${glob}.`, found: false };
  const lines = await Promise.all(
    files.slice(0, MAX_ENTRIES).map((file) => atPlace(root, file, (place) => fileLine(place.path, file))),
  );
  const more = files.length > MAX_ENTRIES ? [`… and ${files.length - MAX_ENTRIES} more`] : [];
  return { text: [`${plural(files.length, "file")}:`, ...lines, ...more].join("\n"), found: true };
}

async function folderLine(full: string, name: string): Promise<string> {
  const { files, bytes } = await countFiles(full);
  return `${name}/  ${plural(files, "file")}, ${size(bytes)}`;
}

async function fileLine(full: string, name: string): Promise<string> {
  const facts = await lstat(full).catch(() => undefined);
  return facts ? `${name}  ${size(facts.size)}, ${facts.mtime.toISOString()}` : `${name}  gone meanwhile`;
}

async function describeFile(root: string, asked: string): Promise<string> {
  const { modified } = await statFile(root, asked);
  const head = await readPiece(root, asked, { start: 0, length: PREVIEW_BYTES, encoding: "utf8" });
  const facts = `${shown(asked)}: ${head.bytes.toLocaleString("en")} bytes, changed ${modified}`;
  if (head.data.includes("\0")) return `${facts}\nNot text.`;
  const isWhole = head.next >= head.bytes;
  const lines = head.data.replace(/\n$/, "").split("\n");
  const first = lines.slice(0, MAX_PREVIEW_LINES).join("\n");
  const isCut = !isWhole || lines.length > MAX_PREVIEW_LINES || first.length > MAX_PREVIEW_CHARS;
  const count = isWhole && head.bytes > 0 ? `, ${plural(lines.length, "line")}` : "";
  return [`${facts}${count}`, first.slice(0, MAX_PREVIEW_CHARS), ...(isCut ? ["…"] : [])].join("\n");
}

function shown(file: string): string {
  return `workspace/${file.replace(/^(\.\/)*workspace\//i, "")}`;
}

function plural(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes.toLocaleString("en")} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
