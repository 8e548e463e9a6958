// Offers the workspace's files as MCP resources, in both protocol eras. It holds no logic of files.
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type McpServer,
  type Resource,
} from "@modelcontextprotocol/server";
import type { Gateway } from "../gateway.ts";
import { ToolgroveError } from "../errors.ts";
import type { FileResource } from "../workspace/resources.ts";
import { createWatching, type Watching } from "./watching.ts";

const PAGE = 500;

/** Registers what concerns resources. Files are watched while somebody has subscribed. */
export function offerResources({ server }: McpServer, gateway: () => Promise<Gateway>): Watching {
  const files = async (): Promise<Gateway["resources"]> => (await gateway()).resources;
  const watching = createWatching(server, files);
  server.registerCapabilities({ resources: { subscribe: true, listChanged: true } });
  server.setRequestHandler("resources/list", async ({ params }) => {
    watching.listed();
    const all = await (await files()).list();
    const start = Math.max(Number(params?.cursor ?? 0) || 0, 0);
    const resources = all.slice(start, start + PAGE).map(toResource);
    return { resources, ...(start + PAGE < all.length && { nextCursor: String(start + PAGE) }) };
  });
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: [
      {
        name: "workspace file",
        uriTemplate: "workspace:///{+path}",
        description: "A file of the workspace, where programs keep what lasts.",
      },
    ],
  }));
  server.setRequestHandler("resources/read", async ({ params: { uri } }) => {
    const contents = await (await files()).read(uri).catch(asProtocolError);
    if (contents === undefined) throw new ResourceNotFoundError(uri);
    return { contents: [contents] };
  });
  server.setRequestHandler("resources/subscribe", async ({ params: { uri } }) => {
    await watching.subscribe(uri);
    return {};
  });
  server.setRequestHandler("resources/unsubscribe", ({ params: { uri } }) => {
    watching.unsubscribe(uri);
    return {};
  });
  return watching;
}

function toResource({ uri, name, mimeType, size, modified }: FileResource): Resource {
  return { uri, name, mimeType, size, annotations: { lastModified: modified } };
}

/** A path that may not be read is the client's mistake. */
function asProtocolError(error: unknown): never {
  if (!(error instanceof ToolgroveError)) throw error;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
}
