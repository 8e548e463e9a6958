// Documents whose long texts stay bytes until somebody asks for them: a search shows ten of thousands. It knows no files.
import type { ToolDocument } from "../document.ts";

/** What is at hand without unpacking: all that paths and folders need. */
export type DocumentHead = Pick<ToolDocument, "path" | "file" | "kind" | "server" | "name" | "tool">;
type DocumentBody = Omit<ToolDocument, keyof DocumentHead>;

/** A document and the bytes behind it. */
export interface PackedDocument {
  /** The same object for as long as the file stays the same. Its body is read from the bytes when it is asked for. */
  readonly document: ToolDocument;
  readonly head: DocumentHead;
  /** The body as JSON. */
  readonly bytes: Uint8Array;
}

/** Packs documents and remembers the bodies that were read last. */
export interface Packer {
  pack(document: ToolDocument): PackedDocument;
  unpack(head: DocumentHead, bytes: Uint8Array): PackedDocument;
}

/** Bodies take about 6 kB each once they are read. */
const BODIES_AT_HAND = 2_000;

/** Makes a packer; its documents share one bounded memory of bodies. */
export function createPacker(bodiesAtHand: number = BODIES_AT_HAND): Packer {
  const memory = createMemory<DocumentBody>(bodiesAtHand);
  const decoder = new TextDecoder();

  function unpack(head: DocumentHead, bytes: Uint8Array): PackedDocument {
    const body = (): DocumentBody =>
      // Only bytes that `pack` made come here, from this process or behind the cache's seal.
      memory(head, () => JSON.parse(decoder.decode(bytes)) as DocumentBody);
    return { document: viewOf(head, body), head, bytes };
  }

  return {
    unpack,
    pack({ path, file, kind, server, name, tool, ...body }) {
      const head: DocumentHead = { path, file, kind, server, name, tool };
      // A copy: strings cut out of a source text would keep all of it.
      return unpack(JSON.parse(JSON.stringify(head)) as DocumentHead, Buffer.from(JSON.stringify(body)));
    },
  };
}

/** Plain to look at: every field is an own one. A field more in the type of documents is an error here. */
function viewOf(
  { path, file, kind, server, name, tool }: DocumentHead,
  body: () => DocumentBody,
): ToolDocument {
  const view: Required<ToolDocument> = {
    path,
    file,
    kind,
    server,
    name,
    tool,
    get description() {
      return body().description;
    },
    get parameters() {
      return body().parameters;
    },
    get passing() {
      return body().passing;
    },
    get tags() {
      return body().tags;
    },
    get signature() {
      return body().signature;
    },
  };
  return view;
}

/** Remembers between `size` and twice as many values, those used last among them. */
function createMemory<V>(size: number): (key: object, make: () => V) => V {
  let young = new Map<object, V>();
  let old = new Map<object, V>();
  return (key, make) => {
    const known = young.get(key);
    if (known !== undefined) return known;
    const value = old.get(key) ?? make();
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    return value;
  };
}
