// Our definitions as a client receives them, for whoever counts them. It starts no server.
import { z } from "zod";
import type { Sent } from "../measure/definition-memory.ts";
import { DEFINITIONS, INSTRUCTIONS } from "./definitions.ts";

/** The three definitions and the instructions, the same bytes as in `tools/list` and `initialize`. */
export function ownSent(): Sent {
  const definitions = Object.entries(DEFINITIONS).map(([name, { description, inputSchema }]) => ({
    name,
    description,
    inputSchema: z.toJSONSchema(inputSchema, { io: "input" }),
  }));
  return { definitions, instructions: INSTRUCTIONS };
}
