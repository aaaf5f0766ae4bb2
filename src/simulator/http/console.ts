import type { Behaviour } from "../faults/faults.ts";
import { describe } from "../record/describe.ts";
import type { Server } from "../server/server.ts";
import { type Device, snapshotOf } from "../tenant/device.ts";
import { act } from "./actions.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { page } from "./page.ts";
import type { PageFeed } from "./page-feed.ts";

/** What a tester sees. */
interface Overview {
  readonly version: string;
  readonly devices: readonly Device[];
  readonly sessions: readonly { readonly connection: number; readonly deviceName: string }[];
  readonly unplayed: readonly Behaviour[];
  readonly exchanges: ReturnType<typeof exchanges>;
}

/** What a tester needs: JSON for tools, in which credentials are shown, and the page for people, which masks them. */
export async function testerConsole(
  request: HttpRequest,
  server: Server,
  feed: PageFeed,
): Promise<HttpAnswer | undefined> {
  const { method, path, contentType = "" } = request;
  if (method === "GET") return show(path, request.query, server);
  if (!path.startsWith("/simulator/")) return undefined;
  // A page of another origin cannot send this type without asking first, and is never allowed to.
  if (method !== "DELETE" && !contentType.startsWith("application/json")) {
    return json({ message: "Send it with content-type: application/json." }, 415);
  }
  const answer = await act(request, server, feed);
  if (answer !== undefined) feed.stateChanged();
  return answer;
}

function show(path: string, query: URLSearchParams, server: Server): HttpAnswer | undefined {
  switch (path) {
    case "/":
      return page();
    case "/favicon.ico":
      return { status: 204, body: "" };
    case "/simulator":
      return json(overview(server));
    case "/simulator/devices":
      return json(overview(server).devices);
    case "/simulator/sessions":
      return json(overview(server).sessions);
    case "/simulator/exchanges":
      return lastExchanges(query.get("last") ?? "100", server);
    case "/simulator/scenario":
      return json({ unplayed: server.scenario.unplayed });
    default:
      return undefined;
  }
}

function overview(server: Server): Overview {
  return {
    version: server.version,
    devices: [...server.database.devices].map(snapshotOf),
    sessions: server.sessions.all.map(({ connection, device }) => ({
      connection: connection.number,
      deviceName: device.name,
    })),
    unplayed: server.scenario.unplayed,
    exchanges: exchanges(server, 50),
  };
}

function exchanges(server: Server, last: number) {
  return server.history.exchanges.slice(-last).map((exchange) => ({
    at: exchange.at.toISOString(),
    connection: exchange.connection,
    from: exchange.from,
    text: describe(exchange, "shown"),
  }));
}

function lastExchanges(last: string, server: Server): HttpAnswer {
  if (/^[1-9][0-9]{0,8}$/.test(last)) return json(exchanges(server, Number(last)));
  return json({ message: `last: found ${JSON.stringify(last)}, expected a whole number from 1` }, 400);
}
