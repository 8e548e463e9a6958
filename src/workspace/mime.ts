// Types of files by their ending, and endings by type. It knows no files.

/** Endings for the types that have one everybody knows; the others get `.bin`, text `.txt`. */
const ENDINGS: Readonly<Record<string, string>> = {
  "application/gzip": "gz",
  "application/json": "json",
  "application/pdf": "pdf",
  "application/xml": "xml",
  "application/zip": "zip",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "audio/webm": "weba",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/webp": "webp",
  "text/css": "css",
  "text/csv": "csv",
  "text/html": "html",
  "text/markdown": "md",
  "text/xml": "xml",
  "video/mp4": "mp4",
  "video/webm": "webm",
};

/** Further endings. */
const MORE_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  htm: "text/html",
  jpeg: "image/jpeg",
  js: "text/javascript",
  jsonl: "application/jsonl",
  log: "text/plain",
  ndjson: "application/jsonl",
  ts: "text/x-typescript",
  tsv: "text/tab-separated-values",
  txt: "text/plain",
  yaml: "application/yaml",
  yml: "application/yaml",
};
const TYPES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ENDINGS).map(([type, ending]) => [ending, type] as const),
  ...Object.entries(MORE_TYPES),
]);

/** The ending for a type. */
export function endingOf(mimeType: string): string {
  const known = Object.hasOwn(ENDINGS, mimeType) ? ENDINGS[mimeType] : undefined;
  return known ?? (mimeType.startsWith("text/") ? "txt" : "bin");
}

/** The type of a file by its name; undefined for an ending that is not known. */
export function typeOf(file: string): string | undefined {
  return TYPES.get(/\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? "");
}
