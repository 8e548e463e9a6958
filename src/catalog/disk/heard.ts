// What may have changed since somebody last looked. It knows no files, only what they are called.

/** Takes what is heard, and gives it to the next look. */
export interface Heard {
  /** A path that may have changed; `undefined` when it may be any. */
  note(changed: string | undefined): void;
  /** Anything may have changed, though nothing was heard of that a reader should wait for. */
  doubt(): void;
  /** Whether anything was noted that no look has taken. */
  isNews(): boolean;
  /** What was noted, `undefined` when it may be anything. Nothing is noted afterwards. */
  take(): ReadonlySet<string> | undefined;
}

/** Of more paths no list is kept. */
const MAX_PATHS = 1_000;

/** Before the first look, anything may have changed: that is no news. */
export function createHeard(): Heard {
  let paths: Set<string> | undefined;
  let isNews = false;
  return {
    note(changed) {
      isNews = true;
      if (changed === undefined || (paths?.size ?? 0) >= MAX_PATHS) paths = undefined;
      else paths?.add(changed);
    },
    doubt() {
      paths = undefined;
    },
    isNews: () => isNews,
    take() {
      const taken = paths;
      paths = new Set();
      isNews = false;
      return taken;
    },
  };
}
