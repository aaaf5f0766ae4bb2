import { otherCredentials } from "../../files/other-credentials.ts";
import { configBytes } from "../../files/thermal-config-file.ts";
import { type Credentials, secretsIn } from "../../model/credentials.ts";
import { printable } from "../../model/problem.ts";
import { type Warning, warning } from "../../model/warnings.ts";
import type { Surroundings } from "../surroundings.ts";

/** Before this program was first released no camera was provisioned by it: the clock was not set. */
export const firstReleased = new Date("2026-01-01T00:00:00Z");

/** What a person should know of a camera that is provisioned; nothing depends on it any more. */
export function closingWarnings(
  { files, directory }: Pick<Surroundings, "files" | "directory">,
  proved: { readonly credentials: Credentials; readonly provisionedAt: Date },
): readonly Warning[] {
  const isEarly = proved.provisionedAt < firstReleased;
  return [
    ...(isEarly ? [warning("CLOCK_NOT_SET", `provisioned_at is ${proved.provisionedAt.toISOString()}.`)] : []),
    ...otherSection(files, directory, proved.credentials),
  ];
}

function otherSection(files: Surroundings["files"], directory: string, proved: Credentials): readonly Warning[] {
  try {
    const other = otherCredentials(configBytes(files, directory));
    if (other === undefined || secretsIn(proved).some((secret) => other.token.equals(secret))) return [];
    return [warning("OTHER_CREDENTIALS", `It is the section ${printable(other.section)}.`)];
  } catch {
    // The configuration was written and read back before: what cannot be read now is told when it is needed.
    return [];
  }
}
