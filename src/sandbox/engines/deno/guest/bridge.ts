// The guest's end of the bridge: numbered requests out, settled promises back. It knows nothing of what is asked.

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface FailurePayload {
  readonly name: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Sends requests and matches replies to them. */
export interface Bridge {
  /** Resolves with the host's JSON value; rejects with an error named as the host says. */
  request(body: object): Promise<unknown>;
  /** Settles request `id` with JSON text: its value, or `{ name, message, details }` of a failure. */
  settle(ok: boolean, id: number, payload: string): void;
  /** Resolves when no request is open and none follows from the last answer. */
  idle(): Promise<void>;
}

/** @param send posts one request's JSON text to the host. */
export function createBridge(send: (id: number, payload: string) => void): Bridge {
  const pending = new Map<number, Pending>();
  const { parse, stringify } = JSON;
  let lastId = 0;
  let onSettled: (() => void) | undefined;

  function failure(payload: string, at: Error): Error {
    const { name, message, details } = parse(payload) as FailurePayload;
    // The stack of the call, not of this file, tells the agent which line failed.
    const error = Object.assign(new Error(message), { name }, details);
    error.stack = `${name}: ${message}\n${(at.stack ?? "").split("\n").slice(1).join("\n")}`;
    return error;
  }

  return {
    request(body) {
      const at = new Error("called here");
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        // Stringified first: arguments that are no JSON (a bigint, a cycle) reject here and never count as sent.
        const payload = stringify(body);
        pending.set(id, { resolve, reject: (error) => reject(failure(error.message, at)) });
        send(id, payload);
      });
    },
    settle(ok, id, payload) {
      const waiting = pending.get(id);
      pending.delete(id);
      if (ok) waiting?.resolve(payload === "" ? undefined : parse(payload));
      else waiting?.reject(new Error(payload));
      onSettled?.();
    },
    async idle() {
      while (pending.size > 0) {
        await new Promise<void>((resolve) => (onSettled = resolve));
        // One turn of the event loop, in which the code that waited may ask for more.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    },
  };
}
