import { randomBytes } from "node:crypto";
import { newestVersion, Simulator } from "../../../src/simulator/index.ts";
import { type Environment, type Place, type Target, versionIn } from "../target.ts";
import { Administrator, type TenantLogin } from "./administrator.ts";
import { Belongings } from "./belongings.ts";
import { setUp } from "./set-up.ts";
import { type TakenAway, takeAway } from "./take-away.ts";

/** What a server that the kit sets up by itself is told about. */
export interface Supervision {
  /** Aborted: nothing more is set up. */
  readonly signal: AbortSignal;
  /** Where what was made is written down, by the prefix of this run; undefined: nowhere. */
  readonly fileFor: (prefix: string) => string | undefined;
  /** Called once, at the end, whatever happened before. */
  readonly tookAway: (result: TakenAway & { readonly file: string | undefined }) => void;
}

/** Sets a server up; disposing takes everything away. When the set-up fails, it is taken away at once. */
export async function ownTarget(
  login: TenantLogin,
  place: Place,
  environment: Environment,
  { signal, fileFor, tookAway }: Supervision,
): Promise<Target> {
  const administrator = await Administrator.logIn(login);
  const version = versionIn(environment) ?? (await administrator.version()) ?? newestVersion;
  const prefix = `kit-${randomBytes(4).toString("hex")}`;
  const belongings = new Belongings(login.url, fileFor(prefix));
  const leave = async () => {
    const result = await takeAway(administrator, belongings);
    tookAway({ ...result, file: result.left.length > 0 ? belongings.file : undefined });
  };
  try {
    const { creating, claimed, tellingIds, restProfileId } = await setUp(administrator, belongings, prefix, signal);
    const { key, secret } = creating;
    return {
      ...place,
      name: `${place.host}:${place.port}`,
      version,
      isSimulator: false,
      key,
      secret,
      claims: claimed,
      own: { administrator, profiles: [creating, claimed, tellingIds], tellingIds, restProfileId },
      [Symbol.asyncDispose]: leave,
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** The simulator, set up over REST as a server is. Its own profile stands for the default one of a tenant. */
export async function simulatorTarget(environment: Environment, supervision: Supervision): Promise<Target> {
  const version = versionIn(environment) ?? newestVersion;
  const simulator = await Simulator.start({
    version,
    httpPort: 0,
    profiles: [{ name: "default", provisionType: "DISABLED" }],
  });
  try {
    const login = { url: simulator.httpUrl ?? "", by: { user: "tenant@thingsboard.org", password: "tenant" } };
    const { host, port } = simulator;
    const target = await ownTarget(login, { host, port }, environment, supervision);
    const close = async () => {
      await target[Symbol.asyncDispose]();
      await simulator.close();
    };
    return { ...target, name: `the simulator of ${version}`, isSimulator: true, [Symbol.asyncDispose]: close };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
