import type { Secret } from "../../base/secret.ts";
import { otherCredentials } from "../../files/other-credentials.ts";
import { configBytes } from "../../files/thermal-config-file.ts";
import { type Credentials, secretsIn } from "../../model/credentials.ts";
import { clockWarnings } from "../../model/outdated.ts";
import { printable } from "../../model/problem.ts";
import { type Warning, warning } from "../../model/warnings.ts";
import type { Surroundings } from "../surroundings.ts";

/** What a person should know of a camera that is provisioned; nothing depends on it any more. */
export function closingWarnings(
  { files, directory }: Pick<Surroundings, "files" | "directory">,
  proved: { readonly credentials: Credentials; readonly provisionedAt: Date },
): readonly Warning[] {
  return [...clockWarnings(proved.provisionedAt), ...otherSection(files, directory, proved.credentials)];
}

function otherSection(files: Surroundings["files"], directory: string, proved: Credentials): readonly Warning[] {
  try {
    const isProved = (token: Secret) => secretsIn(proved).some((secret) => token.equals(secret));
    const other = otherCredentials(configBytes(files, directory)).find(({ token }) => !isProved(token));
    if (other === undefined) return [];
    const { place } = other;
    const where = place === "" ? "They stand beside the sections." : `It is the section ${printable(place)}.`;
    return [warning("OTHER_CREDENTIALS", where)];
  } catch {
    // The configuration was written and read back before: what cannot be read now is told when it is needed.
    return [];
  }
}
