// What a program is split by. Plain data; it knows no syntax.

/** What a split must know of the home. */
export interface SplitContext {
  /** The skill's function. */
  readonly main: string;
  /** The skill's file relative to the home: `skills/memory/backup-all-entities/backupAllEntities.ts`. */
  readonly file: string;
  /** By specifier as the program writes it, the file of the home that is meant. */
  readonly modules: Readonly<Record<string, string>>;
  /** Servers that may be used without an import. */
  readonly servers: readonly string[];
}
