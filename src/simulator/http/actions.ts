import { problemInWords } from "../../model/problem.ts";
import { parseScenario } from "../faults/scenario-schema.ts";
import type { Server } from "../server/server.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { objectIn } from "./json-object.ts";
import type { PageFeed } from "./page-feed.ts";

/** What a tester does, by the page or otherwise. Undefined: there is no such thing to do. */
export async function act(request: HttpRequest, server: Server, feed: PageFeed): Promise<HttpAnswer | undefined> {
  const { method, path, body } = request;
  switch (`${method} ${path}`) {
    case "POST /simulator/scenario":
      return addScenario(body, server, "beside the others");
    case "PUT /simulator/scenario":
      return addScenario(body, server, "instead of the others");
    case "DELETE /simulator/scenario":
      server.scenario.clear();
      return unplayed(server);
    case "POST /simulator/reset":
      await server.startAgain();
      feed.clear();
      return json({ devices: [...server.database.devices].length, unplayed: server.scenario.unplayed });
    case "POST /simulator/restart":
      return restart(body, server);
    default:
      return actOnOne(method, path, server);
  }
}

function actOnOne(method: string, path: string, server: Server): HttpAnswer | undefined {
  const [, what, id = "", block] = /^\/simulator\/(scenario|devices)\/([\w-]+)(\/block)?$/.exec(path) ?? [];
  if (what === "scenario" && block === undefined && method === "DELETE") {
    return server.scenario.remove(Number(id)) ? unplayed(server) : nothingOf(id);
  }
  const device = server.database.byId(id);
  if (what !== "devices" || !["PUT", "DELETE"].includes(method) || (block === undefined && method === "PUT")) {
    return undefined;
  }
  if (device === undefined) return nothingOf(id);
  if (block === undefined) {
    server.removeDevice(device);
    return json({ removed: id });
  }
  device.blocked = method === "PUT";
  if (device.blocked) server.sessions.closeAll(device);
  return json({ blocked: device.blocked });
}

function nothingOf(id: string): HttpAnswer {
  return json({ message: `There is nothing of the id ${id}: it may be gone already.` }, 404);
}

function unplayed({ scenario }: Server): HttpAnswer {
  return json({ unplayed: scenario.unplayed });
}

async function restart(body: string, server: Server): Promise<HttpAnswer> {
  const { memory = "kept" } = objectIn(body);
  if (memory !== "kept" && memory !== "lost") {
    return json({ message: `memory: found ${JSON.stringify(memory)}, expected "kept" or "lost"` }, 400);
  }
  await server.gate?.restart(memory, 0);
  return json({ devices: [...server.database.devices].length });
}

function addScenario(body: string, server: Server, how: "beside the others" | "instead of the others"): HttpAnswer {
  let input: unknown;
  try {
    input = JSON.parse(body);
  } catch {
    return json({ problems: ["This is not JSON."] }, 400);
  }
  const checked = parseScenario(input);
  if (!checked.ok) return json({ problems: checked.problems.map(problemInWords) }, 400);
  if (how === "instead of the others") server.scenario.clear();
  server.scenario.add(checked.value.behaviours);
  return unplayed(server);
}
