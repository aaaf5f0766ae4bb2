import { problemInWords } from "../../model/problem.ts";
import { parseScenario } from "../faults/scenario-schema.ts";
import { describe } from "../record/describe.ts";
import type { Server } from "../server/server.ts";
import { snapshotOf } from "../tenant/device.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { type Overview, page } from "./page.ts";

/** What a tester needs: JSON for tools, and one page for people. Credentials are shown: it is a rehearsal. */
export async function testerConsole(request: HttpRequest, server: Server): Promise<HttpAnswer | undefined> {
  const { method, path } = request;
  if (method === "GET") return show(path, request.query, server);
  if (method !== "POST" || !["/simulator/scenario", "/simulator/reset"].includes(path)) return undefined;
  // A page of another origin cannot send this type without asking first, and is never allowed to.
  if (!request.contentType?.startsWith("application/json")) {
    return json({ message: "Send it with content-type: application/json." }, 415);
  }
  return path === "/simulator/reset" ? reset(server) : addScenario(request.body, server);
}

function show(path: string, query: URLSearchParams, server: Server): HttpAnswer | undefined {
  switch (path) {
    case "/":
      return { status: 200, contentType: "text/html;charset=utf-8", body: page(overview(server)) };
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

async function reset(server: Server): Promise<HttpAnswer> {
  await server.startAgain();
  return json({ devices: [...server.database.devices].length, unplayed: server.scenario.unplayed });
}

function addScenario(body: string, server: Server): HttpAnswer {
  let input: unknown;
  try {
    input = JSON.parse(body);
  } catch {
    return json({ problems: ["This is not JSON."] }, 400);
  }
  const checked = parseScenario(input);
  if (!checked.ok) return json({ problems: checked.problems.map(problemInWords) }, 400);
  server.scenario.add(checked.value.behaviours);
  return json({ unplayed: server.scenario.unplayed });
}
