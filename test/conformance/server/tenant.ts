import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Simulator } from "../../../src/simulator/index.ts";
import { Administrator } from "./administrator.ts";

const user = "tenant@thingsboard.org";
const password = "tenant";

/** A server with something of a tenant's own on it, and what is there when the kit has gone. */
export interface Tenant extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  login(url?: string): { readonly url: string; readonly by: { readonly user: string; readonly password: string } };
  /** Names of devices, profiles and rule chains. */
  inventory(): Promise<readonly string[]>;
}

/** What a tenant has, and the kit leaves alone. */
export const ofTheTenant = [
  "device camera of the tenant",
  "profile default",
  "profile of the tenant",
  "chain Root Rule Chain",
];

export async function tenant(options: Parameters<typeof Simulator.start>[0] = {}): Promise<Tenant> {
  const simulator = await Simulator.start({
    httpPort: 0,
    profiles: [
      { name: "default", provisionType: "DISABLED" },
      { name: "of the tenant", provisionType: "DISABLED" },
    ],
    devices: [{ name: "camera of the tenant", profile: "of the tenant" }],
    ...options,
  });
  const url = simulator.httpUrl ?? "";
  const login = (address = url) => ({ url: address, by: { user, password } });
  const names = async (administrator: Administrator, kind: string, path: string) => {
    const { body } = await administrator.call("GET", `${path}?pageSize=1000&page=0`);
    const data: unknown = Reflect.get(Object(body), "data");
    return (Array.isArray(data) ? data : []).map((one) => `${kind} ${Reflect.get(Object(one), "name")}`);
  };
  return {
    simulator,
    url,
    environment: {
      TB_URL: url,
      TB_USER: user,
      TB_PASSWORD: password,
      TB_HOST: simulator.host,
      TB_PORT: String(simulator.port),
    },
    login,
    inventory: async () => {
      const administrator = await Administrator.logIn(login());
      return [
        ...simulator.devices.map(({ name }) => `device ${name}`),
        ...(await names(administrator, "profile", "/deviceProfileInfos")),
        ...(await names(administrator, "chain", "/ruleChains")),
      ];
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** As a rule chain that somebody has wired into the tenant's: a device that subscribes to attributes is told its id. */
export function tellIds(simulator: Simulator): void {
  simulator.on((event) => {
    if (event.type !== "exchange" || event.exchange.packet !== "SUBSCRIBE") return;
    const { connection } = event.exchange;
    setImmediate(() => {
      const name = simulator.sessions.find((session) => session.connection === connection)?.deviceName;
      const device = name === undefined ? undefined : simulator.device(name);
      if (device === undefined || device.attributes.shared["deviceId"] === device.id) return;
      simulator.setAttributes(device, { deviceId: device.id });
    });
  });
}

/**
 * Carries out every request at the server behind it, and keeps the answer of the one that is chosen to itself. What
 * `refuses` has a status for is not carried out.
 */
export async function losingProxy(
  url: string,
  isLost: (method: string, path: string) => boolean,
  refuses: (path: string) => number | undefined = () => undefined,
) {
  const server = createServer((request, response) => {
    const status = refuses(request.url ?? "");
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    forward(url, request).then(
      async (answer) => {
        if (isLost(request.method ?? "", request.url ?? "")) {
          response.destroy();
          return;
        }
        const type = answer.headers.get("content-type");
        response.writeHead(answer.status, type === null ? {} : { "content-type": type });
        response.end(await answer.text());
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function forward(url: string, request: IncomingMessage): Promise<Response> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const headers = {
    "content-type": "application/json",
    "x-authorization": String(request.headers["x-authorization"] ?? ""),
  };
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  return fetch(`${url}${request.url}`, { method: request.method ?? "GET", headers, ...body });
}
