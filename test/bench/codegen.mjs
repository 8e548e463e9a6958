// Tools per second from definitions to the text of their wrappers. Build first; then: node test/bench/codegen.mjs [FOLDER]
// with a folder of collected dumps, by default the large collection when it is there, else the repository's sample.
import { nameTools } from "../../dist/codegen/identifier.js";
import { generateWrapper } from "../../dist/codegen/wrapper.js";
import { readTools } from "./sample-tree.mjs";

const ROUNDS = 5;
const servers = readTools(process.argv[2]);

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
