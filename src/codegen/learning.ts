// Watches calls to learn what results look like, for tools whose server does not say. It changes no call and no result.
import type { CallTool, ToolRef } from "../tool.ts";
import type { LockFile } from "./lock-file.ts";
import type { ShapeMemory } from "./shape-memory.ts";
import { fits } from "./shape.ts";

/** What learning needs. */
export interface LearningOptions {
  readonly lock: Pick<LockFile, "tools">;
  readonly memory: ShapeMemory;
  /** A result did not fit what the lock has learned of its tool. */
  readonly onNews: (server: string) => void;
}

/** Learning from calls. */
export interface Learning {
  /** The same calls; what they resolve to is looked at afterwards. */
  readonly watch: (callTool: CallTool) => CallTool;
  /** Resolves when everything seen so far is on disk. */
  readonly close: () => Promise<void>;
}

/** Begins to learn. Tools that are not in the lock are left alone: nothing is written for them. */
export function createLearning({ lock, memory, onNews }: LearningOptions): Learning {
  let looking: Promise<void> = Promise.resolve();
  /** Tools that state their results: there is nothing to learn, and each look at the lock asks the file system. */
  const stated = new Set<string>();

  async function look(ref: ToolRef, value: unknown): Promise<void> {
    const tool = (await lock.tools(ref.server))?.get(ref.tool);
    if (!tool) return;
    if (Object.hasOwn(tool.parts, "output")) {
      stated.add(keyOf(ref));
      return;
    }
    memory.note(ref, value);
    if (!tool.learned || !fits(tool.learned.shape, value)) onNews(ref.server);
  }

  return {
    watch: (callTool) => async (ref, args, context) => {
      const value = await callTool(ref, args, context);
      if (stated.has(keyOf(ref))) return value;
      // A lock that cannot be read is told where it matters; learning can wait.
      looking = looking.then(() => look(ref, value)).catch(() => undefined);
      return value;
    },
    async close() {
      await looking;
      await memory.close();
    },
  };
}

function keyOf({ server, tool }: ToolRef): string {
  return JSON.stringify([server, tool]);
}
