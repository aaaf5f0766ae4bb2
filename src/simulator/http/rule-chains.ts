import { randomUuid } from "../../base/randomness.ts";
import type { Server } from "../server/server.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { apiError } from "./api-error.ts";
import { objectIn, objectOf } from "./json-object.ts";

interface RuleChain {
  readonly id: string;
  readonly name: string;
  readonly root: boolean;
  metadata: Readonly<Record<string, unknown>>;
}

/**
 * The rule chains of the tenant: kept, and not run. Of one thing that a chain can do the simulator knows the effect:
 * telling a device its id (docs/thingsboard-protocol.md#a-rule-chain-for-the-id).
 */
export class RuleChains {
  readonly #server: Server;
  readonly #chains = new Map<string, RuleChain>();
  /** The chains of profiles, by the profile's id. */
  readonly #used = new Map<string, string>();

  constructor(server: Server) {
    this.#server = server;
    this.#add("Root Rule Chain", true);
  }

  answer({ method, path, query, body }: HttpRequest): HttpAnswer | undefined {
    if (method === "GET" && path === "/api/ruleChains") return this.#page(query);
    if (method === "POST" && path === "/api/ruleChain") return this.#create(objectIn(body));
    if (method === "POST" && path === "/api/ruleChain/metadata") return this.#describe(objectIn(body));
    const [, id = "", part] = /^\/api\/ruleChain\/([^/]+)(\/metadata)?$/.exec(path) ?? [];
    const chain = this.#chains.get(id);
    if (id === "" || !["GET", "DELETE"].includes(method)) return undefined;
    if (chain === undefined) return this.#refuse(404, 32, "Requested item wasn't found!");
    if (method === "DELETE") return part === undefined ? this.#remove(chain) : undefined;
    return json(part === undefined ? bodyOf(chain) : { ...chain.metadata, ruleChainId: referenceTo(chain) });
  }

  /** Whether it writes the originator's id into the attribute `deviceId`. */
  tellsDeviceId(id: unknown): boolean {
    const nodes = this.#chains.get(String(id))?.metadata["nodes"];
    const all = Array.isArray(nodes) ? nodes.map(objectOf) : [];
    const has = (type: string, wanted: (configuration: Readonly<Record<string, unknown>>) => boolean) =>
      all.some((node) => String(node["type"]).endsWith(`.${type}`) && wanted(objectOf(node["configuration"])));
    return (
      has("TbGetOriginatorFieldsNode", ({ dataMapping }) => objectOf(dataMapping)["id"] === "deviceId") &&
      has("TbMsgAttributesNode", ({ scope }) => scope === "SHARED_SCOPE")
    );
  }

  use(chain: string, profile: string): void {
    this.#used.set(profile, chain);
  }

  release(profile: string): void {
    this.#used.delete(profile);
  }

  #add(name: string, root: boolean): RuleChain {
    const id = randomUuid(this.#server.randomness);
    const metadata = { firstNodeIndex: null, nodes: [], connections: [], ruleChainConnections: null };
    const chain = { id, name, root, metadata };
    this.#chains.set(id, chain);
    return chain;
  }

  #page(query: URLSearchParams): HttpAnswer {
    const wanted = query.get("textSearch")?.toLowerCase() ?? "";
    const data = [...this.#chains.values()].filter(({ name }) => name.toLowerCase().includes(wanted)).map(bodyOf);
    return json({ data, totalPages: 1, totalElements: data.length, hasNext: false });
  }

  #create({ name }: Readonly<Record<string, unknown>>): HttpAnswer {
    if (typeof name === "string" && name !== "") return json(bodyOf(this.#add(name, false)));
    return this.#refuse(400, 31, "Rule chain name should be specified!");
  }

  #describe(metadata: Readonly<Record<string, unknown>>): HttpAnswer {
    const chain = this.#chains.get(String(objectOf(metadata["ruleChainId"])["id"]));
    if (chain === undefined) return this.#refuse(404, 32, "Requested item wasn't found!");
    chain.metadata = metadata;
    return json(metadata);
  }

  #remove(chain: RuleChain): HttpAnswer {
    if (chain.root) return this.#refuse(400, 31, "Deletion of Root Tenant Rule Chain is prohibited!");
    if ([...this.#used.values()].includes(chain.id)) {
      return this.#refuse(400, 31, "The rule chain referenced by the device profiles cannot be deleted!");
    }
    this.#chains.delete(chain.id);
    return { status: 200, body: "" };
  }

  #refuse(status: number, errorCode: number, message: string): HttpAnswer {
    return apiError(this.#server, status, errorCode, message);
  }
}

function referenceTo({ id }: RuleChain) {
  return { entityType: "RULE_CHAIN", id };
}

function bodyOf(chain: RuleChain) {
  const { name, root } = chain;
  return { id: referenceTo(chain), name, type: "CORE", firstRuleNodeId: null, root, debugMode: false };
}
