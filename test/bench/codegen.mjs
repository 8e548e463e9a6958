// Tools per second from definitions to the text of their wrappers. Build first; then: node test/bench/codegen.mjs [FOLDER]
// with a folder of collected dumps, by default the large collection when it is there, else the repository's sample.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { nameTools } from "../../dist/codegen/identifier.js";
import { generateWrapper } from "../../dist/codegen/wrapper.js";

const ROUNDS = 5;
const repository = path.resolve(import.meta.dirname, "../..");
const collection = path.join(repository, "../shared/bench/mcp-tools");
const sample = path.join(repository, "test/fixtures/tools");
const folder = process.argv[2] ?? (existsSync(collection) ? collection : sample);

const servers = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => {
    const dump = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
    return { server: path.basename(file, ".json"), tools: dump.tools ?? dump };
  });

function generateAll() {
  let characters = 0;
  for (const { server, tools } of servers) {
    const names = nameTools(tools.map(({ name }) => name));
    for (const definition of tools) {
      const functionName = names.get(definition.name);
      characters += generateWrapper({ server, functionName, definition }).length;
    }
  }
  return characters;
}

const count = servers.reduce((sum, { tools }) => sum + tools.length, 0);
const seconds = Array.from({ length: ROUNDS }, () => {
  const start = performance.now();
  generateAll();
  return (performance.now() - start) / 1_000;
});
const rate = (time) => `${Math.round(count / time).toLocaleString("en")} tools a second`;
console.log(
  `${count} tools of ${servers.length} servers, ${Math.round(generateAll() / 1_000)} kB of wrappers`,
);
console.log(`first round: ${rate(seconds[0])}; best of ${ROUNDS}: ${rate(Math.min(...seconds))}`);
