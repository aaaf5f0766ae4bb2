import { newestVersion } from "../../src/simulator/index.ts";
import { isVersion } from "../../src/simulator/server/versions.ts";
import { Mistake } from "../transcripts/mistake.ts";
import type { Administrator } from "./server/administrator.ts";
import type { KeyedProfile } from "./server/set-up.ts";

/** Where a server speaks MQTT. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** Absent: without TLS. */
  readonly tls?: { readonly ca?: string | undefined } | undefined;
}

export interface Claims {
  readonly key: string;
  readonly secret: string;
  readonly deviceName: string;
}

/** A server to be compared with the recordings. */
export interface Target extends Place, AsyncDisposable {
  readonly name: string;
  /** Of its ThingsBoard. */
  readonly version: string;
  readonly isSimulator: boolean;
  /** Of a profile that creates devices. */
  readonly key: string;
  readonly secret: string;
  /** Of a profile that checks for pre-provisioned devices, with a device in it. */
  readonly claims: Claims | undefined;
  /** What the kit has set up by itself; absent where somebody else has. */
  readonly own?: OwnSetUp | undefined;
}

export interface OwnSetUp {
  readonly administrator: Administrator;
  readonly profiles: readonly KeyedProfile[];
  /** Its devices are told their ids by a rule chain. */
  readonly tellingIds: KeyedProfile;
  /** Of the profile on which devices are made over REST. */
  readonly restProfileId: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const required = ["TB_HOST", "TB_KEY", "TB_SECRET"] as const;
const claim = ["TB_CLAIM_KEY", "TB_CLAIM_SECRET", "TB_CLAIM_DEVICE"] as const;

/** Whether profiles that somebody else has set up are named. */
export function namesProfiles(environment: Environment): boolean {
  return [...required, ...claim].some((name) => environment[name]);
}

/** A server on which somebody else has set up what is needed. Throws Mistake when only a part of it is named. */
export function preparedTarget(environment: Environment, ca?: string): Target {
  const given = (names: readonly string[]) => names.filter((name) => environment[name]);
  const missing = [
    ...required.filter((name) => !environment[name]),
    ...(given(claim).length === 0 ? [] : claim.filter((name) => !environment[name])),
  ];
  if (missing.length > 0) {
    const all = given([...required, "TB_PORT", ...claim]).join(", ");
    throw new Mistake(`${all} without ${missing.join(", ")}: docs/how-to/compare-a-server.md has what each is`);
  }
  const { TB_HOST: host = "", TB_KEY: key = "", TB_SECRET: secret = "" } = environment;
  const { TB_CLAIM_KEY: claimKey = "", TB_CLAIM_SECRET: claimSecret = "", TB_CLAIM_DEVICE: deviceName } = environment;
  const claims = deviceName ? { key: claimKey, secret: claimSecret, deviceName } : undefined;
  const place = placeOf(environment, host, ca);
  const name = `${place.host}:${place.port}`;
  const version = versionIn(environment) ?? newestVersion;
  return { ...place, name, version, isSimulator: false, key, secret, claims, [Symbol.asyncDispose]: async () => {} };
}

/** Throws Mistake when the port is none. */
export function placeOf({ TB_PORT, TB_TLS }: Environment, host: string, ca: string | undefined): Place {
  const tls = TB_TLS ? { ca } : undefined;
  const port = TB_PORT || (tls === undefined ? "1883" : "8883");
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Mistake(`TB_PORT: found "${port}", expected a port`);
  }
  return { host, port: Number(port), tls };
}

/** Throws Mistake when it is no version. */
export function versionIn({ TB_VERSION }: Environment): string | undefined {
  if (!TB_VERSION || isVersion(TB_VERSION)) return TB_VERSION || undefined;
  throw new Mistake(`TB_VERSION: found "${TB_VERSION}", expected a version such as ${newestVersion}`);
}
