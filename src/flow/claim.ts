import { sameCredentials } from "../model/credentials.ts";
import { fits } from "../model/device-name.ts";
import { hasNoKey } from "../model/provisioning-credentials.ts";
import type { Known, Proof } from "./known.ts";

/**
 * How the claim stands that follows the proof of credentials known in advance. That they work does not tell whose they
 * are, and a login claims nothing: until the device is claimed, a second camera with the same key, secret and name can
 * have it. So the server is asked for the name as always. Whatever it says, the proved credentials are kept; only a
 * SUCCESS with others says that name and credentials are of two devices
 * (docs/architecture.md#credentials-known-in-advance).
 */
export function claimOf(known: Known, { candidate }: Proof): "due" | "contradicted" | "none" {
  if (candidate.origin !== "known in advance") return "none";
  if (isContradicted(known, candidate)) return "contradicted";
  return isDue(known, candidate) ? "due" : "none";
}

/** What the server said of the present name after it had let in credentials known in advance: the name has others. */
function isContradicted({ journal, naming }: Known, { credentials }: Proof["candidate"]): boolean {
  return journal.received.some(
    (received) =>
      received.contradicts !== null &&
      fits(received.deviceName, naming) &&
      !sameCredentials(received.credentials, credentials),
  );
}

/**
 * Whether there is something to ask. Not without a key, and not beside credentials that the camera made: a request with
 * those could make a second device.
 */
function isDue(known: Known, { credentials }: Proof["candidate"]): boolean {
  const { run, journal, naming } = known;
  if (run.claim !== "unasked" || hasNoKey(known)) return false;
  if (journal.received.some(({ deviceName }) => fits(deviceName, naming))) return false;
  const last = journal.intents.at(-1);
  return last === undefined || sameCredentials(last.credentials, credentials);
}
