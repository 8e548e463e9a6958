// The name of one execution. It knows nothing of what is executed.
import { randomBytes } from "node:crypto";

/** `20261122-1430-9f3a1c`: sorts by time, and is short enough to be named in an answer. */
export function newExecutionId(): string {
  const [date = "", time = ""] = new Date().toISOString().split("T");
  return `${date.replaceAll("-", "")}-${time.slice(0, 5).replace(":", "")}-${randomBytes(3).toString("hex")}`;
}
