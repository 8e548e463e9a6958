// What a guest's frames say, host side. Every message is parsed before anything looks at it, and what would take long to
// parse is refused unread: a guest must not be able to hold up this process. It knows no process.
import { z } from "zod";
import { ToolgroveError } from "../errors.ts";
import type { ClockReadings, GuestRequest, GuestValue } from "./engine.ts";

/** Arguments of one request, in characters of JSON. */
const MAX_REQUEST_CHARS = 16 * 1024 * 1024;
const MAX_REQUEST_DEPTH = 1_000;
const MAX_ERROR_CHARS = 1024 * 1024;

const requestSchema: z.ZodType<GuestRequest> = z.discriminatedUnion("op", [
  z.object({ op: z.literal("tool"), server: z.string(), tool: z.string(), args: z.unknown() }),
  z.object({ op: z.literal("workspace"), method: z.string(), args: z.array(z.unknown()) }),
]);
/** Value, how often, … of one clock. */
const readingsSchema = z.array(z.number()).max(20_000);
const clockSchema = z.object({ date: readingsSchema, performance: readingsSchema });
const errorSchema = z.object({ name: z.string(), message: z.string(), stack: z.string() });
const headSchema = z.object({ kind: z.enum(["none", "text", "json"]), shape: z.string() });

/** A request. Throws an error that the guest may see when it is too large, too deep or none. */
export function parseRequest(payload: string): GuestRequest {
  if (payload.length > MAX_REQUEST_CHARS) {
    const megabytes = Math.ceil(payload.length / 1_048_576);
    throw new ToolgroveError(
      "bad_input",
      `The arguments are ${megabytes} MB of JSON; the limit is 16 MB. Send them in parts.`,
    );
  }
  if (isDeeper(payload, MAX_REQUEST_DEPTH)) {
    throw new ToolgroveError("bad_input", `The arguments are nested more than ${MAX_REQUEST_DEPTH} deep.`);
  }
  return requestSchema.parse(JSON.parse(payload));
}

/** A JSON string, however long: strings parse as fast as they are copied. Throws for anything else. */
export function parseText(payload: string): string {
  if (!payload.startsWith('"')) throw new TypeError("The frame holds no text.");
  return z.string().parse(JSON.parse(payload));
}

/** What goes before a value: how to read it, and its shape. */
export function parseValueHead(payload: string): Omit<GuestValue, "text"> {
  return headSchema.parse(parseSmall(payload));
}

/** What the clocks gave. */
export function parseClock(payload: string): ClockReadings {
  return clockSchema.parse(parseSmall(payload));
}

/** What a program threw. */
export function parseError(payload: string): { name: string; message: string; stack: string } {
  return errorSchema.parse(parseSmall(payload));
}

function parseSmall(payload: string): unknown {
  if (payload.length > MAX_ERROR_CHARS) throw new TypeError("The frame is too large for its kind.");
  return JSON.parse(payload);
}

/** Whether JSON text nests deeper than `limit`: one look at each character, no recursion. */
function isDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
