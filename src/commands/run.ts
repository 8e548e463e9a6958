// `run`: one program in the sandbox, as `execute_code` would run it.
import { readFile } from "node:fs/promises";
import { messageOf } from "../errors.ts";
import { readNumber, UsageError, type Command } from "./command.ts";

export const runCommand: Command = {
  name: "run",
  usage: "FILE|-",
  summary: "run a program in the sandbox; - reads it from stdin",
  flags: ["timeout"],
  async run({ gateway, args: [file], flags, out, note, readStdin, signal }) {
    if (file === undefined)
      throw new UsageError("run needs a file, or - for stdin: toolgrove run program.ts");
    const timeoutMs = readNumber("timeout", flags.timeout, { min: 1, max: 600_000 });
    const code = file === "-" ? await readStdin() : await readProgram(file);
    const { text, isError } = await (await gateway()).execute({ code, timeoutMs, signal });
    (isError ? note : out)(text);
    return isError ? 1 : 0;
  },
};

async function readProgram(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`The program ${file} cannot be read: ${messageOf(error)}`);
  }
}
