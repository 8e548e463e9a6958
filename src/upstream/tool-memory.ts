// Remembers a server's tool list until it is told to forget it. It knows neither servers nor calls.
import type { ToolListing } from "./tool-list.ts";

/** A tool list that is read when first asked for. */
export interface ToolMemory {
  /** The list, from memory if it is there; callers at the same time share one reading. A failure is not remembered. */
  readonly list: () => Promise<ToolListing>;
  /** Makes the next caller read the list again. */
  readonly forget: () => void;
}

/** Makes a memory of what `read` gives; it reads nothing yet. */
export function createToolMemory(read: () => Promise<ToolListing>): ToolMemory {
  let listing: Promise<ToolListing> | undefined;

  function list(): Promise<ToolListing> {
    if (listing) return listing;
    const reading = read();
    listing = reading;
    reading.catch(() => {
      if (listing === reading) listing = undefined;
    });
    return reading;
  }

  function forget(): void {
    listing = undefined;
  }

  return { list, forget };
}
