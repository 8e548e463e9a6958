// `sync`: wrappers from the servers' own tool lists, and what is new in them.
import type { SyncReport } from "../sync.ts";
import { UsageError, type Command } from "./command.ts";

export const syncCommand: Command = {
  name: "sync",
  usage: "[SERVER…]",
  summary: "generate the wrappers under servers/",
  flags: ["check", "accept", "json"],
  async run({ gateway, args, flags, out, note, home }) {
    const { check, accept } = flags;
    if (check && accept !== undefined) throw new UsageError("--check writes nothing, so it cannot --accept.");
    for (const problem of home.problems) note(problem);
    const servers = [...args, ...(accept === undefined ? [] : [accept.split("/", 1)[0] ?? accept])];
    const named = servers.length > 0 ? [...new Set(servers)] : undefined;
    const reports = await (await gateway()).sync(named, { check, accept });
    if (flags.json) out(JSON.stringify(reports));
    else for (const report of reports) printReport(report, { check: check === true, out, note });
    const failed = reports.some((report) => report.error !== undefined || (check && hasDrift(report)));
    return failed || home.problems.length > 0 ? 1 : 0;
  },
};

interface Printing {
  readonly check: boolean;
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
}

function printReport(report: SyncReport, { check, out, note }: Printing): void {
  const { server } = report;
  if (report.error !== undefined) {
    note(`${server}: ${report.error}`);
    return;
  }
  if (report.changes.length > 0) out(`${server}: ${countChanges(report)}`);
  for (const { lines } of report.changes) for (const line of lines) out(`  ${line}`);
  const [wrote, removed] = check ? ["would write", "would remove"] : ["wrote", "removed"];
  for (const file of report.written) out(`${wrote} servers/${file}`);
  for (const file of report.removed) out(`${removed} servers/${file}`);
  for (const { line } of report.skills) out(line);
  for (const { tool, reason } of report.warnings) note(`${server}/${tool}: ${reason}`);
  for (const { tool, where, reason, excerpt } of report.suspicions) {
    note(`${server}/${tool}: its ${where} ${reason}: "${excerpt}". Read it before you trust it.`);
  }
  const held = report.changes.filter((change) => change.held);
  if (held.length > 0) {
    note(
      `${server} is pinned: these changes are held back until you accept them with \`toolgrove sync --accept ${server}\`, or one tool's with --accept ${server}/TOOL.`,
    );
  }
  note(summaryOf(report, check));
}

function summaryOf(report: SyncReport, check: boolean): string {
  const changed = report.written.length + report.removed.length;
  const drift = changed === 0 ? "up to date" : `${changed} files ${check ? "would change" : "changed"}`;
  return `${report.server}: ${drift}, ${report.unchanged} unchanged`;
}

function countChanges({ changes }: SyncReport): string {
  const kinds = ["added", "changed", "removed"] as const;
  return kinds
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(", ");
}

function hasDrift({ changes, written, removed }: SyncReport): boolean {
  return changes.length + written.length + removed.length > 0;
}
