// What a login left behind: one file a server, only its owner may read it, shared by all our processes. It asks no server.
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { replaceFile } from "../../replace-file.ts";

const credentialsSchema = z.object({
  /** The MCP server the tokens are for: they are sent nowhere else. */
  url: z.string(),
  /** The authorization server that gave them: they are renewed nowhere else. */
  issuer: z.string(),
  authorizationServerUrl: z.string(),
  /** What that server published about itself, as the SDK wants it back. */
  metadata: z.looseObject({}).optional(),
  client: z.looseObject({ client_id: z.string() }),
  resource: z.string().optional(),
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  /** When the access token ends, in milliseconds since 1970; unset when the server did not say. */
  expiresAt: z.number().optional(),
});

/** One login at one server. */
export type Credentials = z.infer<typeof credentialsSchema>;

/** The file of one server's login. */
export interface CredentialFile {
  /** The login, read anew each time because another process may have renewed it; undefined when there is none. */
  readonly read: () => Promise<Credentials | undefined>;
  /** Replaces the file as a whole, mode 0600. */
  readonly save: (credentials: Credentials) => Promise<void>;
  /** Forgets the login. */
  readonly remove: () => Promise<void>;
  /** Runs the task while no other process of ours runs one for this server. */
  readonly locked: <T>(task: () => Promise<T>) => Promise<T>;
}

/** The file for a server's URL in `folder`, which is made when first needed. Its name is a hash: it tells no URL. */
export function credentialFile(folder: string, url: string): CredentialFile {
  const file = path.join(folder, `${createHash("sha256").update(url).digest("hex").slice(0, 32)}.json`);
  const makeFolder = (): Promise<unknown> => mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    read: async () => {
      const text = await readFile(file, "utf8").catch(() => "null");
      const credentials = parseCredentials(text);
      return credentials?.url === url ? credentials : undefined;
    },
    save: (credentials) => replaceFile(file, JSON.stringify(credentials), "private"),
    remove: () => rm(file, { force: true }),
    locked: async (task) => {
      await makeFolder();
      const lock = `${file}.lock`;
      await takeLock(lock);
      try {
        return await task();
      } finally {
        await rm(lock, { force: true });
      }
    },
  };
}

function parseCredentials(text: string): Credentials | undefined {
  try {
    return credentialsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const LOCK_POLL_MS = 50;
/** Nobody holds a lock for longer and is alive: what runs inside has a limit below this. */
const LOCK_LIFE_MS = 30_000;

async function takeLock(lock: string): Promise<void> {
  for (;;) {
    try {
      return await (await open(lock, "wx", 0o600)).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const since = await stat(lock).catch(() => undefined);
    if (since && Date.now() - since.mtimeMs > LOCK_LIFE_MS) await rm(lock, { force: true });
    else await pause(LOCK_POLL_MS);
  }
}
