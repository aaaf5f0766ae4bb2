import { milliseconds } from "../base/duration.ts";
import { bodyFile as deviceTreeBody } from "../files/body.ts";
import type { Connect, Diagnose } from "../transport/link.ts";
import type { ProvisionOptions } from "./provision-options.ts";
import { RefusedLogins } from "./refused-logins.ts";
import { type Setting, setting } from "./setting.ts";

/** What has no default. */
type Choices = "caFile" | "serverName" | "pinnedPublicKeys" | "credentialsDirectory" | "proxy" | "requestCertificate";

export type Surroundings = Required<Omit<ProvisionOptions, Choices | keyof Setting>> &
  Pick<ProvisionOptions, Choices> &
  Setting & { readonly refusedLogins: RefusedLogins };

/** @throws ProvisioningError USAGE for options that there are not, and for values of another kind */
export function surroundings(options: ProvisionOptions): Surroundings {
  const where = setting(options);
  const { caFile, credentialsDirectory, serverName, pinnedPublicKeys, proxy, requestCertificate } = options;
  const { wait = false, newIdentity = false, requireTls = false, strictFiles = false } = options;
  const { deviceIdWithin = milliseconds(500), connect = connectOverNetwork, bodyFile = deviceTreeBody } = options;
  const { allowSharedFolder = false, noBody = false, bodyReplaced = false } = options;
  const { diagnose = options.connect === undefined ? diagnoseOverNetwork : asItIs } = options;
  return {
    ...where,
    refusedLogins: new RefusedLogins(where.clock),
    ...{ wait, newIdentity, requireTls, strictFiles, deviceIdWithin, connect },
    ...{ allowSharedFolder, noBody, bodyReplaced, bodyFile, diagnose },
    ...(caFile === undefined ? {} : { caFile }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(requestCertificate === undefined ? {} : { requestCertificate }),
    ...(credentialsDirectory === undefined ? {} : { credentialsDirectory }),
    ...(pinnedPublicKeys === undefined ? {} : { pinnedPublicKeys }),
  };
}

/** Loaded on the first use: a run with nothing to do needs no network, and start-up is what a small camera feels. */
export const connectOverNetwork: Connect = async (endpoint, signal, reached) => {
  const { connect } = await import("../transport/connect.ts");
  return connect(endpoint, signal, reached);
};

const diagnoseOverNetwork: Diagnose = async (endpoint, error, tools) => {
  const { diagnose } = await import("../transport/diagnose.ts");
  return diagnose(endpoint, error, tools);
};

const asItIs: Diagnose = async (_endpoint, error) => error;
