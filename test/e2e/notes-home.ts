// A home whose one server, "notes", offers what the test says, for tests of what follows when tools change.
import { writeFileSync } from "node:fs";
import { fixture, toolgrove, type CommandResult, type HomeSetup, type Peer, type TestHome } from "./world.ts";

/** A tool as its server defines it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
}

/** A tool that takes this one text. */
export function noteTool(name: string, parameter: string): Tool {
  const properties = { [parameter]: { type: "string" } };
  return {
    name,
    description: `Does ${name}`,
    inputSchema: { type: "object", properties, required: [parameter] },
  };
}

/** The tool that skills use here, as it was and as it became. */
export const ADD_NOTE = noteTool("add_note", "text");
export const CHANGED = noteTool("add_note", "body");

/** A home whose server's tools are changed by `offer`. */
export interface NotesHome extends TestHome {
  /** The server has these tools from now on, and the wrappers follow. */
  readonly offer: (...tools: readonly Tool[]) => Promise<CommandResult>;
}

/** Makes the home; it has no wrappers before the first `offer`. */
export function newNotesHome(newHome: (setup: HomeSetup) => TestHome): NotesHome {
  const env = { TOOLS_FILE: "${TOOLGROVE_HOME}/tools.json" };
  const home = newHome({ servers: { notes: { ...fixture("from-file"), env } } });
  return {
    ...home,
    offer(...tools) {
      writeFileSync(home.path("tools.json"), JSON.stringify(tools));
      return toolgrove(["sync", "--home", home.root]);
    },
  };
}

/** A skill that greets with `add_note`. */
export const GREET = `
  /** Adds a greeting as a note. Use it to welcome somebody. */
  export async function greet(who: string): Promise<unknown> {
    return notes.addNote({ text: "Hello " + who });
  }
  await greet("you");`;

/** A skill that uses that one. */
export const GREET_BOTH = `
  import { greet } from "./skills/notes";
  /** Welcomes two people one after the other. */
  export async function greetBoth(a: string, b: string): Promise<unknown> {
    return [await greet(a), await greet(b)];
  }
  await greetBoth("you", "me");`;

/** Saves a skill that must be accepted. */
export async function save(peer: Peer, code: string, as: string): Promise<string> {
  const { text, isError } = await peer.call("execute_code", { code, save_as: as });
  if (isError || !text.includes("saved (version")) throw new Error(text);
  return text;
}
