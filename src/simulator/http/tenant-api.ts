import { randomText, randomUuid } from "../../base/randomness.ts";
import type { Server } from "../server/server.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { apiError } from "./api-error.ts";
import { objectIn } from "./json-object.ts";
import { RuleChains } from "./rule-chains.ts";
import { tenantDevices } from "./tenant-devices.ts";
import { tenantProfiles } from "./tenant-profiles.ts";

/** The administrator that ThingsBoard's demo data has, too. */
const administrator = { username: "tenant@thingsboard.org", password: "tenant" };
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

interface ApiKey {
  readonly id: string;
  readonly value: string;
}

/**
 * The REST calls with which a tenant's administrator makes profiles and devices (docs/thingsboard-protocol.md#rest-for-a-factory-station). One tenant, that
 * of the first profile, has one administrator.
 */
export class TenantApi {
  readonly #server: Server;
  readonly #userId: string;
  readonly #tokens = new Set<string>();
  readonly #keys = new Map<string, ApiKey>();
  readonly #chains: RuleChains;

  constructor(server: Server) {
    this.#server = server;
    this.#userId = randomUuid(server.randomness);
    this.#chains = new RuleChains(server);
  }

  /** Undefined: the call is none of a tenant's. */
  async answer(request: HttpRequest): Promise<HttpAnswer | undefined> {
    const { method, path } = request;
    if (!path.startsWith("/api/") || path.startsWith("/api/v1/")) return undefined;
    if (method === "POST" && path === "/api/auth/login") return this.#logIn(request.body);
    if (!this.#isKnown(request.authorization)) return this.#unknown(request.authorization);
    if (path.startsWith("/api/apiKey")) return this.#apiKeys(request);
    if (method === "GET" && path === "/api/auth/user") {
      return json({ id: { entityType: "USER", id: this.#userId }, email: administrator.username });
    }
    return (
      tenantProfiles(request, this.#server, this.#chains) ??
      this.#chains.answer(request) ??
      tenantDevices(request, this.#server)
    );
  }

  #logIn(body: string): HttpAnswer {
    const { username, password } = objectIn(body);
    if (username !== administrator.username || password !== administrator.password) {
      return apiError(this.#server, 401, 10, "Invalid username or password");
    }
    const token = randomText(this.#server.randomness, alphabet, 40);
    this.#tokens.add(token);
    return json({ token, refreshToken: randomText(this.#server.randomness, alphabet, 40) });
  }

  #isKnown(authorization: string | undefined): boolean {
    const [, scheme, value = ""] = /^(Bearer|ApiKey) (.+)$/.exec(authorization ?? "") ?? [];
    if (scheme === "Bearer") return this.#tokens.has(value);
    return scheme === "ApiKey" && [...this.#keys.values()].some((key) => key.value === value);
  }

  #unknown(authorization: string | undefined): HttpAnswer {
    const isKey = authorization?.startsWith("ApiKey ") === true;
    return apiError(this.#server, 401, 10, isKey ? "Invalid username or password" : "Authentication failed");
  }

  #apiKeys({ method, path, body }: HttpRequest): HttpAnswer {
    const { randomness } = this.#server;
    if (method === "POST" && path === "/api/apiKey") {
      const { description = "", enabled = true } = objectIn(body);
      const key = { id: randomUuid(randomness), value: randomText(randomness, alphabet, 48) };
      if (enabled === true) this.#keys.set(key.id, key);
      const user = { entityType: "USER", id: this.#userId };
      return json({ id: { id: key.id }, userId: user, enabled, description, value: key.value });
    }
    const id = path.slice("/api/apiKey/".length);
    if (method === "DELETE" && this.#keys.delete(id)) return { status: 200, body: "" };
    return apiError(this.#server, 404, 32, "Requested item wasn't found!");
  }
}
