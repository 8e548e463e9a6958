// Appends lines to one journal, each in one write, so that what was written outlives this process (not the machine: nothing
// is forced to the disk). It begins the file with the first line that matters, and knows no meaning.
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { messageOf } from "../errors.ts";
import { printLine, type Line } from "./entry.ts";

/** Where lines go. */
export interface Writer {
  /** Writes the head now. */
  begin(): void;
  /**
   * Writes the line, and before the first one the head. It is on its way to the disk when this returns.
   *
   * @param short what is written instead of a line that has more characters than `maxChars` or than there is room for.
   */
  append(line: Line, short?: { readonly maxChars: number; readonly line: () => Line }): void;
  isOpen(): boolean;
  /** Why lines are missing; undefined while none is. */
  problem(): string | undefined;
  close(): void;
}

/** What a writer begins with. */
export interface WriterOptions {
  readonly file: string;
  /** Written before the first line. */
  readonly head: Line;
  /** Bytes that are there already and stay; what follows them is cut. */
  readonly wholeBytes: number;
  /** The size after which only the necessary is recorded. */
  readonly maxBytes: number;
  /** Called before the file, whose folder must be there by then, is opened; throws when it may not be. */
  readonly beforeOpen?: () => void;
}

/** Makes a writer; it touches nothing before the first line. */
export function createWriter({ file, head, wholeBytes, maxBytes, beforeOpen }: WriterOptions): Writer {
  let descriptor: number | undefined;
  let size = wholeBytes;
  let problem: string | undefined;
  let isClosed = false;

  function print(line: Line, short: Parameters<Writer["append"]>[1]): Buffer {
    const text = printLine(line);
    const isLong = short && text.length > Math.min(short.maxChars, maxBytes - size);
    return Buffer.from(isLong ? printLine(short.line()) : text);
  }

  function write(bytes: Buffer): void {
    if (descriptor === undefined) return;
    const written = writeSync(descriptor, bytes);
    if (written === bytes.length) size += written;
    else {
      // Half a line would break the journal for what follows it.
      ftruncateSync(descriptor, size);
      throw new Error("the disk is full");
    }
  }

  function open(): void {
    beforeOpen?.();
    descriptor = openSync(file, "a", 0o600);
    ftruncateSync(descriptor, size);
    write(print(head, undefined));
  }

  /** A journal with a gap could have calls done twice: after the first fault nothing more is written. */
  function attempt(work: () => void): void {
    if (problem !== undefined || isClosed) return;
    try {
      if (descriptor === undefined) open();
      work();
    } catch (error) {
      problem = messageOf(error);
    }
  }

  return {
    begin: () => attempt(() => undefined),
    append: (line, short) => attempt(() => write(print(line, short))),
    isOpen: () => descriptor !== undefined,
    problem: () => problem,
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      isClosed = true;
    },
  };
}
