// Offers the workspace's files and the skills' as MCP resources, in both protocol eras. It holds no logic of files.
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
import { pageOf } from "./paging.ts";
import { readSkillFile, SKILL_SCHEME, skillPages } from "./skills.ts";
import { createWatching, type Watching } from "./watching.ts";

const PAGE_SIZE = 500;

/** Registers what concerns resources. Files are watched while somebody has subscribed. */
export function offerResources({ server }: McpServer, gateway: () => Promise<Gateway>): Watching {
  const files = async (): Promise<Gateway["resources"]> => (await gateway()).resources;
  const watching = createWatching(server, files);
  server.registerCapabilities({ resources: { subscribe: true, listChanged: true } });
  server.setRequestHandler("resources/list", async ({ params }) => {
    watching.listed();
    const all = [...(await skillPages(gateway)), ...(await (await files()).list()).map(toResource)];
    const { items, next } = pageOf(all, params?.cursor, PAGE_SIZE);
    return { resources: items, ...next };
  });
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: [
      {
        name: "workspace file",
        uriTemplate: "workspace:///{+path}",
        description: "A file of the workspace, where programs keep what lasts.",
      },
      {
        name: "skill file",
        uriTemplate: `${SKILL_SCHEME}{+path}`,
        description: "A file of a skill; skill://GROUP/NAME/SKILL.md says what it does and how it is run.",
      },
    ],
  }));
  server.setRequestHandler("resources/read", async ({ params: { uri } }) => {
    const contents = uri.startsWith(SKILL_SCHEME)
      ? await readSkillFile(gateway, uri)
      : await (await files()).read(uri).catch(asProtocolError);
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
