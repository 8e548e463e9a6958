// `doctor`: what is in force, what is missing, and what to do about it.
import { messageOf } from "../errors.ts";
import type { Suspicion } from "../policy/suspicious-text.ts";
import type { IsolationReport } from "../sandbox/engine.ts";
import type { Command, CommandContext } from "./command.ts";

/** What doctor found; `--json` prints it as it is. */
interface Diagnosis {
  readonly version: string;
  readonly node: string;
  readonly home: { readonly root: string; readonly origin: string; readonly trusted: boolean };
  readonly servers: readonly string[];
  readonly isolation: IsolationReport | { readonly error: string };
  /** Texts of servers in the wrappers that hide something or speak to the model. */
  readonly suspicions: readonly Suspicion[];
  readonly problems: readonly string[];
}

export const doctorCommand: Command = {
  name: "doctor",
  usage: "",
  summary: "say which isolation is in force, what is missing and what to look at",
  flags: ["json"],
  async run(context) {
    const diagnosis = await diagnose(context);
    context.out(context.flags.json ? JSON.stringify(diagnosis) : describe(diagnosis));
    return diagnosis.problems.length > 0 || "error" in diagnosis.isolation ? 1 : 0;
  },
};

async function diagnose({ home, trusted, version, gateway }: CommandContext): Promise<Diagnosis> {
  const isolation = await gateway()
    .then((opened) => opened.isolation())
    .catch((error: unknown) => ({ error: messageOf(error) }));
  return {
    version,
    node: process.version,
    home: { root: home.root, origin: home.origin, trusted },
    servers: home.servers.map(({ name }) => name),
    isolation,
    suspicions: await (await gateway()).suspicions(),
    problems: home.problems,
  };
}

function describe({ version, node, home, servers, isolation, suspicions, problems }: Diagnosis): string {
  const trust = home.trusted ? "" : "; its servers may not start before `toolgrove trust`";
  const sandbox =
    "error" in isolation
      ? [`Sandbox: does not work. ${isolation.error}`]
      : [
          `Sandbox: ${isolation.engine}. In force:`,
          ...isolation.layers.map((layer) => `  + ${layer}`),
          ...isolation.missing.map((layer) => `  - not in force: ${layer}`),
        ];
  return [
    `Toolgrove ${version}, Node ${node}`,
    `Home: ${home.root} (${home.origin}${trust})`,
    `Servers: ${servers.join(", ") || "none"}`,
    ...sandbox,
    ...(suspicions.length > 0 ? ["Read these before you trust them:", ...suspicions.map(suspicionLine)] : []),
    ...(problems.length > 0
      ? ["Problems:", ...problems.map((problem) => `  ! ${problem}`)]
      : ["No problems."]),
  ].join("\n");
}

function suspicionLine({ where, reason, excerpt }: Suspicion): string {
  return `  ? ${where} ${reason}: "${excerpt}"`;
}
