// Tool catalogs for the benches, made into documents by the product's own code: definition, wrapper, extracted document.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { extractDocuments } from "../../dist/catalog/extract/extract.js";
import { nameServers, nameTools } from "../../dist/codegen/identifier.js";
import { generateWrapper } from "../../dist/codegen/wrapper.js";

/** The values of a file with one JSON value a line. */
export function readLines(file) {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}

/** The tools of the `tools/list` dumps in a folder, each with its server. */
export function readDumps(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const dump = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
      return (dump.tools ?? dump).map((tool) =>
        Object.assign(tool, { server: path.basename(file, ".json") }),
      );
    });
}

/** The tools of each server. */
export function groupByServer(tools) {
  const servers = new Map();
  for (const tool of tools) {
    const known = servers.get(tool.server);
    if (known) known.push(tool);
    else servers.set(tool.server, [tool]);
  }
  return servers;
}

/** The wrappers of tools: their file in a home, their text, and `server/name` as the tools have it. The first of two equals wins. */
export function toWrappers(tools) {
  const servers = new Map();
  for (const tool of tools) {
    const known = servers.get(tool.server) ?? new Map();
    servers.set(tool.server, known);
    if (!known.has(tool.name)) known.set(tool.name, tool);
  }
  const folders = nameServers([...servers.keys()]);
  return [...servers].flatMap(([server, known]) => {
    const names = nameTools([...known.keys()]);
    return [...known.values()].map((definition) => {
      const functionName = names.get(definition.name);
      return {
        id: `${server}/${definition.name}`,
        file: `servers/${folders.get(server)}/${functionName}.ts`,
        text: generateWrapper({ server, functionName, definition }),
      };
    });
  });
}

/** The documents of tools by path, and the `server/name` behind each path. */
export function toDocuments(tools) {
  const documents = new Map();
  const ids = new Map();
  for (const { id, file, text } of toWrappers(tools)) {
    const extracted = extractDocuments(file, text);
    if (extracted.documents.length !== 1) throw new Error(`${file}: ${extracted.warning ?? "no document"}`);
    for (const document of extracted.documents) {
      documents.set(document.path, document);
      ids.set(document.path, id);
    }
  }
  return { documents, ids };
}
