import { seconds } from "../base/duration.ts";
import { type Known, presentIntent } from "../flow/known.ts";
import { fits } from "../model/device-name.ts";
import type { Fact } from "../model/error-kind.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import { shownBesides } from "./endpoint.ts";

/** A real server may take 20 s for an answer. */
const longEnough = seconds(25);

/** What no server was seen to forbid in a name. */
const plainName = /^[A-Za-z0-9 ._:-]+$/;

/** What a run knows by its end that rules causes out. */
export function factsOf(known: Known, credentials: ProvisioningCredentials): readonly Fact[] {
  const { timeout, provisionDeviceKey } = credentials;
  const { journal, naming, run, configured } = known;
  const intent = presentIntent(known);
  const hasAnswered = journal.received.length > 0 || journal.intents.length > 1 || run.failures > 0;
  // This camera's present device was made with the same key, under a name that nobody had registered.
  const hasMadeOne =
    known.configuredHere &&
    configured?.attemptId != null &&
    configured.provisionedWith !== null &&
    provisionDeviceKey.hasFingerprint(configured.provisionedWith) &&
    naming.kind === "generated" &&
    fits(configured.deviceName, naming);
  return [
    ...(hasAnswered ? ["the server answers requests" as const] : []),
    ...(timeout >= longEnough ? ["it had 25 seconds" as const] : []),
    ...(shownBesides(credentials) === undefined ? ["no certificate is shown besides" as const] : []),
    ...(naming.kind === "fixed" && plainName.test(naming.name) ? ["the name is plain" as const] : []),
    ...(intent?.credentials.type === "ACCESS_TOKEN" ? ["it logs in with a token" as const] : []),
    ...(hasMadeOne ? ["the profile makes new devices" as const] : []),
  ];
}
