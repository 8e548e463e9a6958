// Waits on this machine for the browser to come back from a login. It knows no token and no server of ours.
import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** An open ear on 127.0.0.1, on a port the system chose. */
export interface Loopback {
  /** Where the authorization server is to send the browser. */
  readonly redirectUrl: string;
  /** What the browser brought back. */
  readonly answer: Promise<URLSearchParams>;
  readonly close: () => void;
}

const PATH = "/callback";

/** Opens it. An answer with another `state` belongs to somebody else's login: it is refused, and the wait goes on. */
export async function openLoopback(state: string): Promise<Loopback> {
  const server = createServer();
  const answer = new Promise<URLSearchParams>((resolve) => {
    server.on("request", (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
      if (request.method !== "GET" || pathname !== PATH)
        return reply(response, 404, "There is nothing here.");
      if (searchParams.get("state") !== state)
        return reply(response, 400, "This is not the login that Toolgrove waits for.");
      reply(response, 200, "Toolgrove has heard from your login. You can close this window.");
      resolve(searchParams);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { redirectUrl: `http://127.0.0.1:${port}${PATH}`, answer, close: () => void server.close() };
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(text);
}
