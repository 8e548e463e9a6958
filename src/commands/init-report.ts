// What `init` prints: the plan for people, and the same for programs. Neither holds a secret.
import type { PlannedServer } from "../clients/candidate.ts";
import type { HomeServers } from "../clients/home-servers.ts";
import type { ImportPlan, PlannedFile } from "../clients/plan.ts";
import { visible } from "./visible.ts";

const SIGNS = { move: "+", same: "=", ask: "?", keep: "!" } as const;

/** The plan as text: a block a file, a line a server. */
export function printPlan({ files, variables }: ImportPlan, home: HomeServers): string {
  const shown = files.filter(({ servers, problem }) => servers.length > 0 || problem !== undefined);
  const blocks = shown.map(printFile);
  if (shown.length === 0) blocks.push("No servers were found in the files of your MCP clients.");
  else blocks.push("+ moves into the home   = is there already   ? needs your word   ! stays where it is");
  if (variables.size > 0) {
    blocks.push(
      [
        "Set these environment variables for Toolgrove; the values are in the backups, or those you gave VS Code:",
        ...[...variables].map(([name, servers]) => `  ${name} (${servers.join(", ")})`),
      ].join("\n"),
    );
  }
  const shared = home.isShared ? "; in a git repository, so secrets stay out of it" : "";
  return [`Home: ${home.file} (${count(home.entries.size, "server")}${shared})`, ...blocks].join("\n\n");
}

/** The plan for programs. Its shape changes only with a note in CHANGELOG. */
export function toJson({ files, variables }: ImportPlan, home: HomeServers): object {
  return {
    home: { root: home.root, file: home.file, inGit: home.isShared, servers: [...home.entries.keys()] },
    files: files.map(({ change, ...file }) => ({ ...file, changes: change !== undefined })),
    variables: Object.fromEntries(variables),
  };
}

function printFile({ label, path, servers, problem, change }: PlannedFile): string {
  const width = Math.max(...servers.map((server) => nameOf(server).length), 0);
  return [
    `${label}: ${path}`,
    ...(problem === undefined ? [] : [`  ! stays as it is: ${problem}`]),
    ...servers.map((server) => printServer(server, width)),
    ...(change ? ["  what moves is replaced by one entry for Toolgrove"] : []),
  ].join("\n");
}

function printServer(server: PlannedServer, width: number): string {
  const { action, about, reason, dropped = [] } = server;
  const lost = dropped.length > 0 ? `without ${dropped.join(", ")}` : undefined;
  const remarks = [reason, action === "keep" ? undefined : lost].filter(Boolean).join("; ");
  const parts = [about, remarks && `(${remarks})`].filter(Boolean);
  return `  ${SIGNS[action]} ${visible(`${nameOf(server).padEnd(width)}  ${parts.join("  ")}`)}`;
}

function nameOf({ name, as, project }: PlannedServer): string {
  const renamed = as === name || as === "" ? name : `${name} as ${as}`;
  return project === undefined ? renamed : `${renamed} [${project}]`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
