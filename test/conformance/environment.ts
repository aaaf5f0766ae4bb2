import { readFileSync } from "node:fs";
import { Mistake } from "../transcripts/mistake.ts";
import type { TenantLogin } from "./server/administrator.ts";
import { ownTarget, type Supervision, simulatorTarget } from "./server/own-target.ts";
import { type Environment, namesProfiles, placeOf, preparedTarget, type Target } from "./target.ts";

/**
 * The server that the environment names: by a tenant's login, with which the kit sets it up, or by what somebody else
 * has set up; else a simulator. Throws Mistake when only a part of it is named.
 */
export async function targetOf(environment: Environment, supervision: Supervision): Promise<Target> {
  const ca = authorityIn(environment);
  const login = loginIn(environment, ca);
  if (login === undefined) {
    return namesProfiles(environment) ? preparedTarget(environment, ca) : simulatorTarget(environment, supervision);
  }
  const { hostname } = new URL(login.url);
  const host = environment["TB_HOST"] || hostname.replace(/^\[(.*)\]$/, "$1");
  return ownTarget(login, placeOf(environment, host, ca), environment, supervision);
}

/** Undefined: no tenant's login is named. */
export function loginIn(environment: Environment, ca = authorityIn(environment)): TenantLogin | undefined {
  const { TB_URL: url, TB_USER: user, TB_PASSWORD: password, TB_API_KEY: apiKey } = environment;
  const given = ["TB_URL", "TB_USER", "TB_PASSWORD", "TB_API_KEY"].filter((name) => environment[name]);
  if (given.length === 0) return undefined;
  if (!url) throw new Mistake(`${given.join(", ")} without TB_URL, such as https://thingsboard.example.com`);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Mistake(`TB_URL: found "${url}", expected an address such as https://thingsboard.example.com`);
  }
  if (apiKey && !user && !password) return { url, by: { apiKey }, ca };
  if (user && password && !apiKey) return { url, by: { user, password }, ca };
  throw new Mistake(`${given.join(", ")}: what is needed is TB_URL with TB_USER and TB_PASSWORD, or with TB_API_KEY`);
}

/** Throws Mistake when the file cannot be read. */
function authorityIn({ TB_CA }: Environment): string | undefined {
  if (!TB_CA) return undefined;
  try {
    return readFileSync(TB_CA, "utf8");
  } catch (error) {
    throw new Mistake(`TB_CA: ${error instanceof Error ? error.message : error}`);
  }
}
