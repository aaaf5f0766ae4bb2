import { ProvisioningError } from "../model/errors.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import type { Survey } from "./survey.ts";

/**
 * Refuses to go on with what another camera began, or has: on a copied card two cameras would share one device. What is
 * compared is known on both sides only; `newIdentity` is the way out of a copied configuration.
 *
 * @throws ProvisioningError OTHER_BODY
 */
export function refuseOtherBody(
  { trigger, meant, inputs }: Pick<Survey, "trigger" | "meant" | "inputs">,
  { body, newIdentity }: { readonly body: string | undefined; readonly newIdentity: boolean },
): void {
  const isOther = (other: string | null | undefined) =>
    body !== undefined && typeof other === "string" && other !== body;
  if (meant?.intents.some((intent) => isOther(intent.body)) === true) {
    throw new ProvisioningError("OTHER_BODY", "another camera began the unfinished provisioning on this card");
  }
  if (trigger && !newIdentity && isOther(inputs?.config.configured?.body)) {
    throw new ProvisioningError("OTHER_BODY", "the credentials in thermal_config.json are another camera's");
  }
}

/**
 * Refuses to put back what was recorded on another board, as on a card that was copied.
 *
 * @throws ProvisioningError OTHER_BODY
 */
export function refuseBodyOfAnother(kept: Pick<ConfiguredCredentials, "body">, body: string | undefined): void {
  if (body === undefined || kept.body === null || kept.body === body) return;
  throw new ProvisioningError("OTHER_BODY", "the last success on this card is another camera's");
}
