// `measure`: what the home's tools cost a model, in each way to load them; and what a session really spent.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../errors.ts";
import type { MeasureRequest } from "../measuring.ts";
import { UsageError, type Command, type CommandContext, type ExitCode } from "./command.ts";

export const measureCommand: Command = {
  name: "measure",
  usage: "",
  summary: "what your tools cost a model, and what Toolgrove saves or does not",
  flags: ["json", "html", "tools", "counter", "session", "live"],
  run: (context) =>
    context.flags.session === undefined
      ? measureHome(context)
      : measureSession(context, context.flags.session),
};

async function measureHome({
  flags,
  gateway,
  out,
  note,
  anthropic,
  home,
}: CommandContext): Promise<ExitCode> {
  const { ownSent } = await import("../serve/own-sent.ts");
  const request = {
    own: ownSent(),
    toolsFolder: flags.tools,
    isLive: flags.live,
    anthropic: readCounter(flags.counter, anthropic),
  };
  const report = await (await gateway()).measure(request);
  const { reportText, measurePage } = await import("../measuring.ts");
  if (flags.html !== undefined) await writePage(flags.html, await measurePage(report), note);
  out(flags.json ? JSON.stringify(report) : reportText(report));
  for (const problem of flags.tools === undefined ? home.problems : []) note(problem);
  return report.unmeasured.length > 0 ? 1 : 0;
}

async function measureSession({ flags, gateway, out }: CommandContext, id: string): Promise<ExitCode> {
  const stray = (["html", "tools", "counter", "live"] as const).find((flag) => flags[flag] !== undefined);
  if (stray !== undefined) throw new UsageError(`--session cannot be combined with --${stray}.`);
  const report = await (await gateway()).measureSession(id);
  const { sessionText } = await import("../measuring.ts");
  out(flags.json ? JSON.stringify(report) : sessionText(report));
  return 0;
}

function readCounter(
  name: string | undefined,
  { apiKey, ...where }: CommandContext["anthropic"],
): MeasureRequest["anthropic"] {
  if (name === undefined || name === "o200k") return undefined;
  if (name !== "anthropic") throw new UsageError(`--counter takes o200k or anthropic, not "${name}".`);
  if (apiKey === undefined) throw new UsageError("--counter anthropic needs the variable ANTHROPIC_API_KEY.");
  return { apiKey, ...where };
}

async function writePage(file: string, page: string, note: CommandContext["note"]): Promise<void> {
  try {
    await writeFile(file, page);
  } catch (error) {
    throw new UsageError(`The page could not be written: ${messageOf(error)}`);
  }
  note(`The page is ${path.resolve(file)}.`);
}
