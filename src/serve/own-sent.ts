// Our definitions as a client receives them, for whoever counts them. It starts no server.
import { z } from "zod";
import type { Sent } from "../measure/definition-memory.ts";
import { DEFINITIONS, INSTRUCTIONS } from "./definitions.ts";

/** The three definitions and the instructions, the same bytes as in `tools/list` and `initialize`. */
export function ownSent(): Sent {
  const definitions = Object.entries(DEFINITIONS).map(([name, { description, inputSchema }]) => {
    // The SDK names the dialect last.
    const { $schema, ...schema } = z.toJSONSchema(inputSchema, { io: "input" });
    return { name, description, inputSchema: { ...schema, $schema } };
  });
  return { definitions, instructions: INSTRUCTIONS };
}
