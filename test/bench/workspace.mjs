// How fast agent code filters and adds up a large CSV file, against Papa Parse in plain Node.
// Run with `npm run bench:workspace`; `-- --mb 50` takes a smaller file, `-- --memory 64` another limit.
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import papa from "papaparse";
import { serveHome } from "./served-home.mjs";

const { values } = parseArgs({
  options: { mb: { type: "string", default: "200" }, memory: { type: "string", default: "128" } },
});
const AGGREGATE = `
const sums = {};
for await (const row of workspace.rows("in.csv")) {
  if (row.status === "active") sums[row.region] = (sums[row.region] ?? 0) + Math.round(Number(row.amount) * 100);
}
return sums`;
const FILTER = `
let kept = 0;
async function* active() {
  for await (const row of workspace.rows("in.csv")) if (row.status === "active") { kept += 1; yield row; }
}
await workspace.writeCsv("out.csv", active());
return kept`;

const root = mkdtempSync(path.join(os.tmpdir(), "bench-workspace-"));

try {
  mkdirSync(path.join(root, "workspace"));
  mkdirSync(path.join(root, "servers"));
  writeFileSync(path.join(root, "servers/mcp.json"), JSON.stringify({ mcpServers: {} }));
  const settings = { limits: { memoryMb: Number(values.memory), timeoutMs: 600_000 } };
  writeFileSync(path.join(root, "toolgrove.json"), JSON.stringify(settings));
  const { client, close } = await serveHome(root, path.join(root, "user"));
  try {
    for (const isQuoted of [false, true]) await measure(client, isQuoted);
  } finally {
    await close();
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function measure(client, isQuoted) {
  const file = path.join(root, "workspace/in.csv");
  await writeTable(file, Number(values.mb) * 1_048_576, isQuoted);
  const megabytes = statSync(file).size / 1_048_576;
  const ours = await timed(() => execute(client, AGGREGATE));
  const plain = await timed(() => aggregate(file));
  if (ours.value !== JSON.stringify(plain.value))
    throw new Error(`${ours.value} is not ${JSON.stringify(plain.value)}`);
  const filtered = await timed(() => execute(client, FILTER));
  const speed = ({ ms }) => `${(megabytes / (ms / 1_000)).toFixed(0)} MB/s`;
  console.log(
    `${megabytes.toFixed(0)} MB of CSV, ${isQuoted ? "one row in five quoted" : "nothing quoted"}, ${values.memory} MB of memory`,
  );
  console.log(`  filtered and added up by agent code   ${speed(ours)}`);
  console.log(
    `  the same in plain Node                ${speed(plain)}  (ratio ${(ours.ms / plain.ms).toFixed(2)})`,
  );
  console.log(`  filtered into another file            ${speed(filtered)}  (${filtered.value} rows)`);
}

function aggregate(file) {
  const sums = {};
  const { promise, resolve, reject } = withResolvers();
  papa.parse(createReadStream(file, { encoding: "utf8", highWaterMark: 1_048_576 }), {
    header: true,
    skipEmptyLines: true,
    step({ data: row }) {
      if (row.status === "active")
        sums[row.region] = (sums[row.region] ?? 0) + Math.round(Number(row.amount) * 100);
    },
    complete: () => resolve(sums),
    error: reject,
  });
  return promise;
}

async function writeTable(file, bytes, isQuoted) {
  const out = createWriteStream(file);
  out.write("id,name,region,amount,status,note\n");
  for (let n = 0, written = 0; written < bytes;) {
    let text = "";
    for (const end = n + 5_000; n < end; n++) {
      const region = ["north", "south", "east", "west"][n % 4];
      const note = isQuoted && n % 5 === 0 ? '"a note, with ""quotes"""' : "a plain note of some words";
      text += `${n},Customer number ${n},${region},${((n * 7_919) % 100_000) / 100},${n % 3 ? "active" : "inactive"},${note}\n`;
    }
    written += text.length;
    if (!out.write(text)) await new Promise((resolve) => out.once("drain", resolve));
  }
  await new Promise((resolve) => out.end(resolve));
}

async function execute(client, code) {
  const request = { name: "execute_code", arguments: { code, timeout_ms: 600_000 } };
  const result = await client.callTool(request, { timeout: 600_000 });
  if (result.isError) throw new Error(result.content[0].text);
  return result.content[0].text;
}

async function timed(work) {
  const started = performance.now();
  const value = await work();
  return { value, ms: performance.now() - started };
}

function withResolvers() {
  let settle;
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}
