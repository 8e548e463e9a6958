// `sync`: wrappers from the servers' own tool lists.
import type { SyncReport } from "../sync.ts";
import type { Command } from "./command.ts";

export const syncCommand: Command = {
  name: "sync",
  usage: "[SERVER…]",
  summary: "generate the wrappers under servers/",
  flags: ["json"],
  async run({ gateway, args, flags, out, note, home }) {
    for (const problem of home.problems) note(problem);
    const reports = await (await gateway()).sync(args.length > 0 ? args : undefined);
    if (flags.json) out(JSON.stringify(reports));
    else for (const report of reports) printReport(report, out, note);
    return reports.some(({ error }) => error !== undefined) || home.problems.length > 0 ? 1 : 0;
  },
};

function printReport(report: SyncReport, out: (text: string) => void, note: (text: string) => void): void {
  if (report.error !== undefined) {
    note(`${report.server}: ${report.error}`);
    return;
  }
  for (const file of report.written) out(`wrote servers/${file}`);
  for (const file of report.removed) out(`removed servers/${file}`);
  for (const { tool, reason } of report.warnings) note(`${report.server}/${tool}: ${reason}`);
  const changed = report.written.length + report.removed.length;
  note(
    `${report.server}: ${changed === 0 ? "up to date" : `${changed} files changed`}, ${report.unchanged} unchanged`,
  );
}
