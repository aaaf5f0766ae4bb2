import type { AccessList } from "../files/disk/rights.ts";
import type { JournalView } from "../files/journal/journal.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import type { Endpoint } from "../transport/link.ts";
import type { JournalPort } from "./journal-port.ts";
import type { Report } from "./report.ts";
import type { Surroundings } from "./surroundings.ts";

/** What it takes to ask a server whether it knows credentials. */
export interface Asking {
  readonly surroundings: Surroundings;
  readonly report: Report;
  readonly credentials: Pick<ProvisioningCredentials, "timeout">;
  readonly endpoint: Endpoint;
}

/** A provisioning that is under way: with what, to where, and for whom it is told. */
export interface Task extends Asking {
  readonly credentials: ProvisioningCredentials;
  readonly journal: JournalPort;
  /** The attempt id: that of the journal, or a new one. */
  readonly attemptId: string;
  /** Which board this is, where it is known and to be recorded. */
  readonly body?: string | undefined;
  /** The journals of other names, one of which may be this server's. */
  readonly elsewhere?: readonly JournalView[];
  /** Whether an answer that does not come is soon asked for by a login; a station has its own count of logins. */
  readonly probesEarly?: boolean;
  /** That of the configuration, where it has one. */
  readonly accessList?: AccessList | undefined;
}
